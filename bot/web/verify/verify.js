// The verification page: sends what was typed to the gateway, and hands the result to the chat that opened the page.

const byId = (id) => document.getElementById(id);
const form = byId("form");
const words = JSON.parse(form.dataset.words);
const here = location.pathname;
const RECEIVED = "rule-assistant-grant-received";

const chosenMethod = () => form.elements.method?.value ?? "password";

function say(error, status = "") {
  byId("error").textContent = error;
  byId("status").textContent = status;
}

async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    return response.ok ? { answer } : { error: answer.error.message, after: Number(response.headers.get("Retry-After")) };
  } catch {
    return { error: words.failed, after: 0 };
  }
}

function countDown(seconds) {
  const button = byId("send");
  const label = (button.dataset.label ??= button.textContent);
  const end = Date.now() + seconds * 1000;
  button.disabled = true;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${left} ${words.seconds}` : label;
    if (left > 0) setTimeout(tick, 500);
  };
  tick();
}

async function sendCode() {
  if (!byId("number").value.trim()) {
    say(words.missing);
    byId("number").focus();
    return;
  }
  byId("send").disabled = true;
  const { answer, error, after } = await post(`${here}/code`, { number: byId("number").value });
  say(error ?? "", error ? "" : words.sent);
  if (answer) byId("code").focus();
  countDown(answer ? answer.wait : Math.min(after, 600));
}

function showDone({ grant, code }) {
  const grouped = `${code.slice(0, 4)} ${code.slice(4)}`;
  byId("ask").hidden = true;
  byId("done").hidden = false;
  byId("confirmation").textContent = grouped;
  byId("confirmation").hidden = false;
  byId("code-warning").hidden = false;
  byId("done-hint").textContent = words.code_lead;
  if (window.opener && form.dataset.origin) {
    byId("done-hint").textContent = words.fallback;
    window.addEventListener("message", (event) => {
      if (event.origin !== form.dataset.origin || event.data?.type !== RECEIVED) return;
      byId("done-hint").textContent = words.done_hint;
      byId("confirmation").hidden = true;
      byId("code-warning").hidden = true;
    });
    window.opener.postMessage({ type: "rule-assistant-grant", grant }, form.dataset.origin);
  }
  byId("done-title").focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const method = chosenMethod();
  const secret = byId(method);
  const empty = [byId("number"), secret].find((field) => !field.value.trim());
  if (empty) {
    say(words.missing);
    empty.focus();
    return;
  }
  byId("submit").disabled = true;
  const { answer, error } = await post(here, { number: byId("number").value, [method]: secret.value });
  byId("submit").disabled = false;
  secret.value = "";
  if (answer) showDone(answer);
  else {
    say(error);
    secret.focus();
  }
});

for (const radio of form.querySelectorAll('input[name="method"]'))
  radio.addEventListener("change", () => {
    byId("by-password").hidden = chosenMethod() !== "password";
    byId("by-code").hidden = chosenMethod() !== "code";
    say("");
  });
byId("send")?.addEventListener("click", sendCode);
byId("show").addEventListener("change", () => {
  byId("password").type = byId("show").checked ? "text" : "password";
});
byId("larger").addEventListener("click", () => {
  const large = document.documentElement.classList.toggle("large");
  byId("larger").setAttribute("aria-pressed", String(large));
});
