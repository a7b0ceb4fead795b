// The console: signs in, then shows the view that the address names (`#/view/rest?query`).

import { onSignedOut, whoAmI } from "./api.js";
import { loadCatalogue } from "./catalogue.js";
import { el, fill } from "./elements.js";
import { startLive, stopLive } from "./live.js";
import { forgetAll, keepFor, welcomeBack } from "./memory.js";
import { openPalette } from "./palette.js";
import { Shell } from "./shell.js";
import { onKeys } from "./shortcuts.js";
import { empty, failure, loading } from "./states.js";
import { restoreTheme } from "./theme.js";
import { VIEWS, viewsOf } from "./views.js";
import { showSignIn } from "./views/sign_in.js";

const app = document.getElementById("app");
/** @type {{name: string, role: string} | null} */
let me = null;
/** Whose place the address is, while nobody is signed in. */
let before = "";
/** @type {Shell | null} */
let shell = null;
let shown = new AbortController();

/** @returns {{id: string, rest: string, params: URLSearchParams}} */
function address() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [id, ...rest] = path.split("/");
  return { id, rest: safelyDecoded(rest.join("/")), params: new URLSearchParams(query) };
}

function safelyDecoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function route() {
  if (!me || !shell) return;
  const { id, rest, params } = address();
  const view = VIEWS.find((one) => one.id === id);
  if (!id) return location.replace(`#/${viewsOf(me.role)[0].id}`);
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  const root = shell.begin(view?.id ?? "");
  if (!view || !view.roles.includes(me.role)) {
    shell.setTitle(view ? "没有权限" : "没有这一页");
    fill(root, el("h1", {}, view ? view.name : "没有这一页"), empty(view ? "您的岗位没有这项权限。" : "地址可能写错了。", "请从菜单里选。"));
    return;
  }
  shell.setTitle(view.name);
  fill(root, loading());
  try {
    const { show } = await view.load();
    if (signal.aborted) return;
    root.replaceChildren();
    await show({ root, params, rest, me, signal, setTitle: (text) => shell?.setTitle(text) });
  } catch (error) {
    if (!signal.aborted) fill(root, failure(error, route));
  }
}

async function enter(person) {
  // Somebody else finds neither the work nor the place of the person before.
  welcomeBack(person.name);
  if (before && before !== person.name) forgetPlace();
  before = "";
  me = person;
  await loadCatalogue();
  shell = new Shell(app, me, leave);
  if (me.role !== "rule_owner") startLive();
  await route();
}

/** The person left: what they did and where they were goes with them. */
async function leave() {
  forgetAll();
  if (me) forgetPlace();
  await toDoor();
}

/** The session is over, maybe in the middle of a sentence: the person comes back to where they were and what they had begun. */
async function ended() {
  before = me.name;
  keepFor(before);
  await toDoor("登录已过期，请重新登录。半小时内用同一个账号登录，刚才填的内容还在。", before);
}

const forgetPlace = () => history.replaceState(null, "", location.pathname);

async function toDoor(note = "", name = "") {
  me = null;
  shell = null;
  shown.abort();
  stopLive();
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  await showSignIn(app, enter, { note, name });
}

async function start() {
  restoreTheme();
  onSignedOut(() => {
    if (me) ended();
  });
  window.addEventListener("hashchange", route);
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("main")?.focus();
  });
  onKeys({
    "Ctrl+k": () => me && openPalette(me.role),
    "?": () => shell?.help(),
  });
  try {
    const person = await whoAmI();
    if (person) await enter(person);
    else await leave();
  } catch (error) {
    fill(app, failure(error, start));
  }
}

start();
