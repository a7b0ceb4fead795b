// What is said between this tab and the server: nothing is lost, nothing is sent or shown twice. Knows no page.

import { ApiError } from "./api.js";
import { Stream } from "./stream.js";

const RESEND_MS = 2_000;
const LONGEST_RESEND_MS = 30_000;
const SLOW_MS = 4_000;

/**
 * @typedef {{entry: number, from: "user" | "assistant" | "staff" | "note", text: string, id?: string,
 *   reply_to?: number, blocks?: any[], choices?: string[], offers?: string[],
 *   rules_version?: string | null,
 *   feedback?: "up" | "down"}} Entry
 * @typedef {{role: string, name?: string | null, numbers: string[], handler?: boolean}} Identity numbers are masked
 */

/** An id that no other message has. */
const newId = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");

export class Conversation {
  /** Counts conversations, so that what still arrives for a former one is dropped. */
  era = 0;
  online = navigator.onLine;
  attended = false;
  /** The change of sessions that is under way. */
  #swap = null;
  /** The conversation that messages are being sent in; a new one does not wait for what hangs in the former. */
  #sendingIn = -1;
  #resends = 0;
  #resend;
  #slowly;
  #settled;
  #changed;

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./memory.js").Memory} memory
   * @param {(expired?: boolean) => void} changed called after every change; `expired` where the session has ended by itself
   */
  constructor(api, memory, changed) {
    this.api = api;
    this.memory = memory;
    this.#changed = changed;
    this.#forget();
    this.stream = new Stream({
      connect: (signal) => this.api.events(this.#last, signal),
      heard: (name, data) => this.#heard(name, data),
      poll: () => this.#catchUp().then(() => this.#changed()),
      pending: () => this.#busy,
      up: (isUp) => this.#connected(isUp),
      lost: () => this.#expire(),
    });
  }

  #forget() {
    /** @type {Entry[]} in order */
    this.entries = [];
    this.#settled = 0;
    /** @type {"idle" | "typing" | "slow" | "waiting"} */
    this.state = "idle";
    this.handoff = { state: "none" };
    /** @type {Identity | null} */
    this.identity = null;
    this.connected = true;
  }

  get #last() {
    return Math.floor(this.entries.at(-1)?.entry ?? 0);
  }

  /** Whether something is awaited from the server. */
  get #busy() {
    return this.state !== "idle" || this.handoff.state !== "none";
  }

  // --- the life of a conversation ---

  /** Takes up what this tab remembers. */
  async resume() {
    if (this.memory.session) {
      try {
        await this.#catchUp();
      } catch {
        this.connected = false;
      }
    }
    this.follow();
    this.#sendHeld();
    this.#changed();
  }

  /** Begins a conversation of which nothing has been said. */
  begin(session = null, identity = null) {
    this.era += 1;
    this.stream.stop();
    this.#forget();
    this.identity = identity;
    this.memory.save({ session, outbox: [], ticks: [] });
    this.follow();
    this.#changed();
  }

  /** The session is gone: nothing more is shown of it, but what was not sent stays. */
  #expire() {
    const unsent = this.memory.outbox.map((item) => ({ ...item, state: /** @type {"failed"} */ ("failed"), expired: true }));
    this.begin();
    this.memory.save({ outbox: unsent });
    this.#changed(true);
  }

  /**
   * Does what ends the present session at the server; meanwhile nothing listens under it, and nothing is said.
   * @param {() => Promise<any>} work
   */
  swap(work) {
    const swap = work().finally(() => {
      this.#swap = null;
      this.follow();
    });
    this.#swap = swap;
    this.follow();
    return swap;
  }

  /** Listens while somebody looks on or something is awaited. */
  follow() {
    if (!this.#swap && this.memory.session && (this.attended || this.#busy)) this.stream.start();
    else this.stream.stop();
  }

  /** Asks for what has been said since. */
  async #catchUp() {
    const era = this.era;
    try {
      const { entries, state, handoff, identity } = await this.api.call("GET", `history?after=${this.#last}`);
      if (era !== this.era) return;
      // Where streams do not pass, this is the connection.
      this.connected = true;
      entries.forEach((entry) => this.#put(entry));
      this.identity = identity ?? null;
      this.#handOver(handoff ?? { state: "none" });
      this.#enter(state ?? "idle");
    } catch (error) {
      if (era === this.era && error.status === 401) return this.#expire();
      throw error;
    }
  }

  // --- what arrives ---

  #heard(name, data) {
    if (name === "entry") {
      this.#put(data);
      if (data.reply_to && !this.#unanswered()) this.#enter("idle");
    } else if (name === "status") this.#enter(data.state);
    else if (name === "handoff") this.#handOver(data);
    else if (name === "closed") return this.#expire();
    this.#changed();
  }

  #unanswered() {
    const answered = new Set(this.entries.map(({ reply_to: to }) => to));
    return this.entries.some(({ entry, awaited }) => awaited && entry > this.#settled && !answered.has(entry));
  }

  /** Puts an entry into its place; one that is there already is replaced. */
  #put(entry) {
    const kept = this.entries.filter(
      (other) => other.entry !== entry.entry && !(other.provisional && other.reply_to === entry.reply_to),
    );
    const former = this.entries.find((other) => other.entry === entry.entry);
    this.entries = [...kept, { awaited: former?.awaited, ...entry }].sort((a, b) => a.entry - b.entry);
    if (entry.id) this.#sent(entry.id);
  }

  /** Says something in the conversation that the server does not know of. */
  note(text) {
    this.entries.push({ entry: (this.entries.at(-1)?.entry ?? 0) + 0.001, from: "note", text });
    this.#changed();
  }

  #enter(state) {
    // The server may say again that it is at work: the clock for「slow」goes on.
    if (state === "typing" && (this.state === "typing" || this.state === "slow")) return;
    clearTimeout(this.#slowly);
    this.state = this.handoff.state === "claimed" ? "idle" : state;
    if (this.state === "typing") {
      this.#slowly = setTimeout(() => {
        this.state = "slow";
        this.#changed();
      }, SLOW_MS);
    }
    this.follow();
  }

  #handOver(handoff) {
    // What was said to a person, the assistant does not answer.
    if (handoff.state === "claimed" || this.handoff.state === "claimed") this.#settled = this.#last;
    this.handoff = handoff;
    if (handoff.state === "claimed") this.#enter("idle");
    this.follow();
  }

  #connected(isUp) {
    if (this.connected === isUp) return;
    this.connected = isUp;
    if (isUp) this.#sendHeld();
    this.#changed();
  }

  /** The browser says that the network has gone or come back. */
  setOnline(isOnline) {
    this.online = isOnline;
    if (isOnline) {
      this.stream.wake();
      this.#sendHeld();
    }
    this.#changed();
  }

  // --- what is said ---

  /** @param {string} text */
  async say(text) {
    // What is said during a change of sessions belongs to the next one.
    await this.#swap?.catch(() => {});
    this.memory.outbox.push({ id: newId(), text, state: "sending" });
    this.memory.save();
    this.#changed();
    this.#deliver();
  }

  /** Sends a message again, under the id it has: the server answers it once. */
  retry(item) {
    item.state = "sending";
    delete item.expired;
    this.#changed();
    this.#deliver();
  }

  /** Takes back a message that was not sent; returns its text. */
  discard(item) {
    this.#sent(item.id);
    this.#changed();
    return item.text;
  }

  #sent(id) {
    this.memory.save({ outbox: this.memory.outbox.filter((item) => item.id !== id) });
  }

  #sendHeld() {
    for (const item of this.memory.outbox) if (item.state === "held") item.state = "sending";
    this.#deliver();
  }

  /** Sends what waits to be sent, in order and one at a time. */
  async #deliver() {
    const { era } = this;
    if (this.#sendingIn === era) return;
    this.#sendingIn = era;
    clearTimeout(this.#resend);
    let item;
    while (era === this.era && (item = this.memory.outbox.find(({ state }) => state === "sending"))) {
      try {
        await this.#post(item, era);
        this.#resends = 0;
      } catch (error) {
        if (era === this.era) this.#failed(item, error);
      }
      this.memory.save();
      this.#changed();
    }
    if (this.#sendingIn === era) this.#sendingIn = -1;
  }

  async #post(item, era) {
    const wait = this.stream.broken;
    if (wait) this.#enter("typing");
    const answer = await this.api.send(item.text, item.id, wait);
    if (era !== this.era) return;
    this.connected = true;
    this.memory.session = answer.session;
    const { entry, messages } = answer;
    const known = this.entries.some((other) => other.entry === entry);
    if (!known) this.#put({ entry, from: "user", text: item.text, id: item.id, awaited: true });
    else this.#sent(item.id);
    if (messages) this.#answered(entry, messages);
    else if (this.#unanswered() && this.state === "idle") this.#enter("typing");
    this.follow();
  }

  /** An answer that came with the response is shown until its entry arrives. */
  #answered(entry, messages) {
    if (!this.entries.some(({ reply_to: to }) => to === entry)) {
      messages.forEach((message, index) =>
        this.#put({ ...message, entry: entry + (index + 1) / 1000, from: "assistant", reply_to: entry }),
      );
      for (const shown of this.entries) shown.provisional = shown.reply_to === entry;
    }
    this.#enter("idle");
    this.#catchUp().then(() => this.#changed(), () => {});
  }

  #failed(item, error) {
    const known = error instanceof ApiError;
    if (error.session) this.memory.session = error.session;
    this.connected &&= error.status !== 0;
    if (this.state === "typing" || this.state === "slow") this.#enter("idle");
    if (error.status === 401) return this.#expire();
    item.message = known ? error.message : "";
    if (!known || !error.passes) {
      Object.assign(item, { state: "failed", final: known });
      return;
    }
    for (const other of this.memory.outbox) if (other.state === "sending") other.state = "held";
    this.#resends += 1;
    const pause = Math.min(RESEND_MS * 2 ** (this.#resends - 1), LONGEST_RESEND_MS) * (0.5 + Math.random() / 2);
    this.#resend = setTimeout(() => this.#sendHeld(), error.seconds ? error.seconds * 1000 : pause);
  }

  // --- hand-over and feedback ---

  async askForPerson() {
    this.#handOver((await this.api.call("POST", "handoff", { body: {} })) ?? { state: "queued" });
    this.#changed();
  }

  async leaveQueue() {
    await this.api.call("DELETE", "handoff");
    this.#handOver({ state: "none" });
    this.#changed();
  }

  async judge(entry, score, more = {}) {
    await this.api.call("POST", "feedback", { body: { entry: entry.entry, score, ...more } });
    entry.feedback = score;
    this.#changed();
  }
}
