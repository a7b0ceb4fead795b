// The chat page: what is said, what is shown, and what is remembered.

import * as api from "./api.js";
import { element, renderBlocks, renderChoices } from "./blocks.js";
import { Identities } from "./identities.js";
import { Store } from "./store.js";

const LIMIT = 2000;
const SHOW_COUNTER_FROM = 1800;
const STILL_WORKING_MS = 4000;
const READY_POLL_MS = 1500;

const $ = (id) => document.getElementById(id);
const log = $("log");
const scroller = $("scroller");
const question = $("question");
const send = $("send");

const store = new Store();
/** @type {Identities | null} */
let identities = null;
/** @type {string[]} questions anybody can ask, from the rule pack of the server */
let suggestions = [];
let waiting = false;
// Counts conversations, so that an answer that comes after the user has begun another one is dropped.
let conversation = 0;

// --- showing ---

function show(entry, isLast) {
  const article = element("article", `entry ${entry.from}`);
  if (entry.from === "user") {
    article.append(element("h3", "hidden-label", "您说"), element("p", "bubble", entry.text));
  } else if (entry.from === "assistant") {
    const answer = element("div", "bubble", ...renderBlocks(entry.blocks, entry.version));
    article.append(element("h3", "hidden-label", "助手答"), answer);
    if (isLast && entry.choices?.length) {
      article.append(element("ul", "choices", ...renderChoices(entry.choices, say)));
    }
  } else if (entry.from === "error") {
    article.append(element("p", "bubble", entry.message));
    if (entry.retry) article.firstChild.append(retryButton(entry));
  } else {
    article.append(element("p", "", entry.text));
  }
  log.append(article);
  return article;
}

function retryButton(failed) {
  const button = element("button", "retry", "重试");
  button.type = "button";
  button.addEventListener("click", () => again(failed));
  return button;
}

function showAll() {
  log.replaceChildren();
  store.entries.forEach((entry, index) => show(entry, index === store.entries.length - 1));
  showSuggestions();
  $("welcome").hidden = store.entries.some(({ from }) => from !== "note");
  scroller.scrollTop = scroller.scrollHeight;
}

/** First what the demo account was made to show, then questions anybody can ask. */
function showSuggestions() {
  const questions = new Set([identities?.suggestion(store.identity), ...suggestions].filter(Boolean));
  $("suggestions").replaceChildren(...renderChoices([...questions], say));
  $("try").hidden = questions.size === 0;
}

function add(entry) {
  store.entries.push(entry);
  store.save();
  $("welcome").hidden ||= entry.from !== "note";
  for (const old of log.querySelectorAll(".choices")) old.remove();
  bringIntoView(show(entry, true));
}

/** Shows the newest entry whole; one that is too long is read from its beginning, below its question if that fits. */
function bringIntoView(article) {
  const asked = article.previousElementSibling;
  const room = scroller.clientHeight;
  if (article.offsetHeight < room) scroller.scrollTop = scroller.scrollHeight;
  else (asked && asked.offsetHeight < room / 3 ? asked : article).scrollIntoView({ block: "start" });
}

function remove(entry) {
  store.entries = store.entries.filter((other) => other !== entry);
  store.save();
  showAll();
}

function setWaiting(on) {
  waiting = on;
  send.setAttribute("aria-disabled", String(on));
  $("typing").hidden = !on;
  $("typing-text").textContent = on ? "正在查规则 ……" : "";
  if (on) scroller.scrollTop = scroller.scrollHeight;
}

// --- talking ---

async function say(text) {
  if (waiting) return;
  add({ from: "user", text });
  await deliver(text);
}

async function again(failed) {
  if (waiting) return;
  remove(failed);
  await deliver(failed.text);
}

async function deliver(text) {
  const started = conversation;
  setWaiting(true);
  const slow = setTimeout(() => ($("typing-text").textContent = "还在查，请再稍等 ……"), STILL_WORKING_MS);
  try {
    const { session, messages } = await api.ask(store.session, text);
    if (started !== conversation) return;
    store.session = session;
    for (const { blocks, choices, rules_version: version } of messages) {
      add({ from: "assistant", blocks, choices, version });
    }
  } catch (error) {
    if (started !== conversation) return;
    if (error.session) store.session = error.session;
    if (error.code === "unknown_session") forgetSession();
    add({ from: "error", text, message: error.message, retry: error.mayPass });
  } finally {
    clearTimeout(slow);
    if (started === conversation) setWaiting(false);
  }
}

function forgetSession() {
  store.session = null;
  store.identity = "";
  store.save();
  identities?.show("");
}

/** A new conversation under an identity; whoever was signed in before is signed out. */
async function changeIdentity(identity) {
  const former = store.session;
  let session = null;
  if (identity) {
    const choice = identity === "staff" ? { role: "staff" } : { number: identity };
    ({ session } = await api.signIn(former, choice));
  } else if (former) {
    await api.signOut(former);
  }
  conversation += 1;
  setWaiting(false);
  store.begin(session, identity);
  identities?.show(identity);
  showAll();
  if (identity) add({ from: "note", text: `已切换身份：${$("account-label").textContent}（演示）` });
  question.focus();
}

// --- the composer ---

function fit() {
  const atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 4;
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight}px`;
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  const length = textLength();
  const tooLong = length > LIMIT;
  const advice = tooLong ? "，请缩短或分几次发送" : "";
  $("counter").textContent = length >= SHOW_COUNTER_FROM ? `${length} / ${LIMIT} 字${advice}` : "";
  $("counter").classList.toggle("over", tooLong);
}

const textLength = () => [...question.value.trim()].length;

function submit() {
  const text = question.value.trim();
  if (!text || waiting || textLength() > LIMIT) return;
  question.value = "";
  fit();
  say(text);
}

question.addEventListener("input", fit);
question.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter chooses a candidate; 229 is how older browsers say so.
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && !event.shiftKey && !composing) {
    event.preventDefault();
    submit();
  }
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
$("restart").addEventListener("click", () => changeIdentity(store.identity).catch(() => changeIdentityOffline()));

/** 「新对话」 works without a server as well: the next question opens a session of its own. */
function changeIdentityOffline() {
  conversation += 1;
  setWaiting(false);
  identities?.show("");
  store.begin(null, "");
  showAll();
}

// --- the start ---

async function waitUntilReady() {
  while (!(await api.isReady())) {
    $("starting").hidden = false;
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  $("starting").hidden = true;
}

/** The page goes by the name of the assistant it talks to. */
async function introduce() {
  const about = await api.about().catch(() => null);
  if (!about) return;
  document.title = about.title;
  $("title").textContent = about.title;
  suggestions = about.suggestions;
  showSuggestions();
}

async function start() {
  showAll();
  waitUntilReady();
  introduce();
  const accounts = await api.demoAccounts().catch(() => null);
  if (accounts) identities = new Identities(accounts, changeIdentity);
  if (store.session && !(await api.isOpen(store.session))) {
    forgetSession();
    add({ from: "note", text: "之前的会话已过期，下面开始新的对话。" });
  }
  identities?.show(store.identity);
  showSuggestions();
}

start();
