// What the gateway tells by itself: the queue of people who wait for a person, and what is said in claimed conversations.

import { get, listen, withQuery } from "./api.js";

// A stream ends now and then and is opened anew at once; only what lasts longer than that is a broken line.
const PATIENCE_MS = 5000;
const AGAIN_MS = 3000;

/** @typedef {{id: number, conversation: string, state: "queued" | "claimed", mine: boolean, subject: string | null,
 *   channel: string, signed_in: boolean, claimed_by: string | null, since: number, until: number}} Handoff `since`: when the wait
 *   began, or the conversation was taken over; `until`: when it is given back if nothing is said; by this browser's clock */

/** @type {EventSource | null} */
let source = null;
/** @type {Handoff[]} */
let queue = [];
/** The last entry told of: where a new stream goes on. */
let last = "";
let connected = true;
let patience = 0;
let again = 0;
/** What customers said in conversations that are not on the screen, by hand-over. */
let unread = new Map();
/** The last thing counted, by conversation: what is told twice counts once. */
let counted = new Map();
let reading = 0;
const watchers = { queue: new Set(), entry: new Set(), line: new Set(), open: new Set(), unread: new Set() };

function watch(kind, callback, signal) {
  watchers[kind].add(callback);
  signal?.addEventListener("abort", () => watchers[kind].delete(callback));
}

const tellAll = (kind, news) => watchers[kind].forEach((callback) => callback(news));

/** Calls back now and whenever the queue changes. */
export function onQueue(callback, signal) {
  watch("queue", callback, signal);
  callback(queue);
}

/** Calls back with `{handoff, conversation, entry}` for what is said in a claimed conversation; a thing may be told twice. */
export const onEntry = (callback, signal) => watch("entry", callback, signal);

/** Calls back whenever a stream begins: what was said between two of them has to be asked for. */
export const onOpen = (callback, signal) => watch("open", callback, signal);

/** Calls back now and whenever the connection breaks or stands again. */
export function onLine(callback, signal) {
  watch("line", callback, signal);
  callback(connected);
}

/** Calls back now and whenever something was said in a conversation that is not on the screen, or was read there. */
export function onUnread(callback, signal) {
  watch("unread", callback, signal);
  callback(unread);
}

/** The hand-over that is on the screen; 0 for none. */
export function read(handoff) {
  reading = handoff;
  if (unread.delete(handoff)) tellAll("unread", unread);
}

/** What stood on the screen is not counted when it is told later. */
export const seen = (conversation, entry) => counted.set(conversation, Math.max(counted.get(conversation) ?? 0, entry));

function count({ handoff, conversation, entry }) {
  if (entry.from !== "user" || entry.entry <= (counted.get(conversation) ?? 0)) return;
  counted.set(conversation, entry.entry);
  if (handoff === reading && !document.hidden) return;
  unread.set(handoff, (unread.get(handoff) ?? 0) + 1);
  tellAll("unread", unread);
}

document.addEventListener("visibilitychange", () => document.hidden || read(reading));

export async function refreshQueue() {
  tell((await get("handoffs")).handoffs);
}

function tell(news) {
  // The clock of the gateway may be another one: it is asked how long, not since when.
  queue = news.map((one) => ({ ...one, until: Date.now() + (one.left_seconds ?? 0) * 1000, since: Date.now() - (one.state === "claimed" ? one.claimed_seconds : one.waiting_seconds) * 1000 }));
  const mine = new Set(queue.filter((one) => one.mine).map(({ id }) => id));
  const gone = [...unread.keys()].filter((id) => !mine.has(id));
  gone.forEach((id) => unread.delete(id));
  if (gone.length) tellAll("unread", unread);
  tellAll("queue", queue);
}

function setLine(state) {
  clearTimeout(patience);
  patience = 0;
  if (connected === state) return;
  connected = state;
  tellAll("line", connected);
}

/** Begins; who watched before goes on watching. */
export function startLive() {
  close();
  connect();
}

function connect() {
  source = listen(withQuery("events", { after: last }));
  source.addEventListener("open", () => {
    setLine(true);
    tellAll("open");
  });
  source.addEventListener("error", broken);
  source.addEventListener("queue", (event) => tell(JSON.parse(event.data).handoffs));
  source.addEventListener("entry", (event) => {
    last = event.lastEventId;
    const news = JSON.parse(event.data);
    count(news);
    tellAll("entry", news);
  });
}

/** The browser connects again by itself, except where the gateway answered something else than a stream. */
function broken() {
  patience ||= setTimeout(() => setLine(false), PATIENCE_MS);
  if (source?.readyState !== EventSource.CLOSED) return;
  clearTimeout(again);
  again = setTimeout(async () => {
    const here = source;
    // Somebody who is signed in no longer learns so from this, like from any other request.
    await get("me").catch(() => {});
    if (here && here === source) connect();
  }, AGAIN_MS);
}

function close() {
  source?.close();
  source = null;
  clearTimeout(patience);
  patience = 0;
  clearTimeout(again);
}

export function stopLive() {
  close();
  queue = [];
  last = "";
  unread = new Map();
  counted = new Map();
  reading = 0;
  connected = true;
  for (const kind of Object.values(watchers)) kind.clear();
}
