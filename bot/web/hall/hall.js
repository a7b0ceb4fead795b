// The demo web hall: its own login, and the assistant that takes over who is logged in.

const KEY = "hall-account";
const STAFF = "staff";
const $ = (id) => document.getElementById(id);
const assistant = document.querySelector("rule-assistant");

/** @typedef {{number: string, title: string, ask?: string}} Account */
/** @type {Account[]} */
let accounts = [];
let current = sessionStorage.getItem(KEY) ?? "";

const mask = (number) => (number.length === 11 ? `${number.slice(0, 3)}****${number.slice(7)}` : number);

/** @param {string} path @param {object} [body] */
async function call(path, body) {
  const response = await fetch(path, {
    method: body ? "POST" : "GET",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const error = new Error(answer?.error?.message ?? "登录没有成功，请稍后再试。");
  throw Object.assign(error, { status: response.status });
}

/** What a hall's server hands to the assistant: an assertion that says who is logged in here. */
async function proof() {
  if (!current) return null;
  if (current === STAFF) return call("/api/v1/demo/sign-in", { role: "staff" });
  try {
    return await call("/demo/hall/assertion", { number: current });
  } catch (error) {
    if (error.status !== 404 && error.status !== 405) throw error;
    // A gateway without assertions: the demo sign-in gives the session itself.
    return call("/api/v1/demo/sign-in", { number: current });
  }
}

function show() {
  const account = accounts.find(({ number }) => number === current);
  $("who").textContent = account ? `${account.title} ${mask(account.number)}` : "未登录";
  $("sign-out").hidden = !account;
  for (const button of $("accounts").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === current));
  }
  $("try").hidden = !account?.ask;
  $("ask").textContent = account?.ask ?? "";
}

function remember(number) {
  current = number;
  sessionStorage.setItem(KEY, number);
  $("error").hidden = true;
  show();
}

async function signIn(number) {
  remember(number);
  if (await assistant.signIn()) return;
  remember("");
  $("error").textContent = "登录没有成功，请稍后再试。";
  $("error").hidden = false;
}

function button(account) {
  const item = document.createElement("li");
  const choice = document.createElement("button");
  const detail = document.createElement("small");
  choice.type = "button";
  choice.value = account.number;
  detail.textContent = account.number === STAFF ? "看到只给员工的说明" : mask(account.number);
  choice.append(account.title, detail);
  choice.addEventListener("click", () => signIn(account.number));
  item.append(choice);
  return item;
}

async function start() {
  for (const one of document.querySelectorAll("[data-ask]")) {
    one.addEventListener("click", () => assistant.ask(one.dataset.ask));
  }
  $("ask").addEventListener("click", () => assistant.ask($("ask").textContent));
  $("sign-out").addEventListener("click", () => {
    remember("");
    assistant.signOut();
  });
  // Whoever signs out in the assistant, or whose session ends, is not logged in here either.
  let known = false;
  assistant.addEventListener("rule-assistant-identity", ({ detail }) => {
    if (!detail && known) remember("");
    known = Boolean(detail);
  });
  accounts = (await call("/api/v1/demo/accounts").catch(() => ({ accounts: [] }))).accounts;
  accounts.push({ number: STAFF, title: "员工演示" });
  $("accounts").replaceChildren(...accounts.map(button));
  show();
}

assistant.proof = proof;
start();
