// The desk: one line to ask in, the answer with everything behind it, and what was asked before.

import { post } from "../api.js";
import { renderBlocks } from "../answer.js";
import { catalogue, subject } from "../catalogue.js";
import { copy } from "../clipboard.js";
import { button, el, fill, icon, key } from "../elements.js";
import { readableMoment, veiled } from "../format.js";
import { onLeave } from "../memory.js";
import { isEnter, onKeys } from "../shortcuts.js";
import { loading, sentence } from "../states.js";
import { confidence, passages, tracePanel } from "../trace.js";

const LIMIT = 2000;
const SLOW_MS = 4000;
const MOST_CHOICES = 9;

// Once a turn is answered, its text is the masked one.
/** @typedef {{text: string, at: string, answer?: {reply: object, trace: object}, problem?: string, open?: boolean}} Turn */

// What was asked lives as long as the person is signed in, and no longer: it stays in memory.
/** @type {{conversation: string | null, turns: Turn[], draft: string}} */
let desk = fresh();
function fresh() {
  return { conversation: null, turns: [], draft: "" };
}
onLeave(() => (desk = fresh()));

export function show({ root, params, signal }) {
  const input = el("textarea", {
    id: "question", rows: "1", autocomplete: "off", enterkeyhint: "send", "aria-describedby": "ask-keys",
    placeholder: "客户问什么，照着打进来，例如：单位的号要销户，带什么？", value: desk.draft,
  });
  const send = el("button.button.primary", { type: "submit" }, icon("send"), "问");
  const form = el("form.asking", {}, el("label.spoken", { for: "question" }, "客户的问题"), input, send);
  const counter = el("span", { role: "status" });
  const under = el(
    "p.hint.ask-keys",
    { id: "ask-keys" },
    el("span", {}, key("/"), " 输入　", key("Esc"), " 离开输入框　", key("1"), "–", key("9"), " 选项　", key("C"), " 复制　", key("N"), " 新对话"),
    counter,
  );
  const stream = el("div.stream", { "aria-live": "polite", "aria-relevant": "additions" });
  fill(
    root,
    el("div.view-head", {}, el("div", {}, el("h1", {}, "答问")), el("div.actions", {}, button("新对话", begin, { icon: "plus" }))),
    el("div.composer", {}, form, under),
    stream,
  );

  function draw() {
    const [latest, ...earlier] = [...desk.turns].reverse();
    fill(
      stream,
      latest ? whole(latest, true) : welcome(),
      earlier.length ? el("section.earlier", { "aria-labelledby": "earlier" }, el("h2", { id: "earlier" }, "这次对话之前问的"), earlier.map(folded)) : null,
    );
  }

  const welcome = () =>
    el(
      "div.welcome",
      {},
      el("h2", {}, "问一句，就有带出处的答复"),
      el("p", {}, "规则原文和判断过程会一起列出；不确定的，会给出几种可能，按数字键选。"),
      el("div.chips", {}, starters().map((text) => button(text, () => ask(text), { kind: "chip" }))),
    );

  function folded(turn) {
    const details = el("details.card.turn", { open: Boolean(turn.open) }, el("summary", {}, el("strong", {}, veiled(turn.text)), el("small", {}, turn.answer ? subject(turn.answer.trace?.understood ?? {}) : "")));
    const unfold = () => {
      turn.open = details.open;
      if (details.open && details.childElementCount === 1) details.append(inside(turn, false));
    };
    details.addEventListener("toggle", unfold);
    if (turn.open) unfold();
    return details;
  }

  const whole = (turn, latest) =>
    el(
      "article.card.turn.latest",
      { "aria-label": `问：${veiled(turn.text)}` },
      el("header", {}, el("h2", {}, veiled(turn.text)), turn.answer ? confidence(turn.answer.trace?.understood?.confidence) : null, el("time.hint", { datetime: turn.at }, readableMoment(turn.at))),
      inside(turn, latest),
    );

  function inside(turn, latest) {
    if (turn.problem) {
      return el("div.body", {}, el("p.problem", { role: "alert" }, turn.problem), el("div.actions", {}, button("再问一次", () => ask(turn.text, turn), { kind: "primary" })));
    }
    if (!turn.answer) return el("div.body", {}, loading("正在查规则 ……"));
    const { reply, copy: forCustomer, trace = {} } = turn.answer;
    const choices = (reply.choices ?? []).slice(0, MOST_CHOICES);
    return el(
      "div.body.beside",
      {},
      el(
        "div.answer",
        {},
        el("div.blocks", {}, renderBlocks(reply.blocks)),
        choices.length
          ? el(
              "div.choices",
              { role: "group", "aria-label": "接着问" },
              choices.map((choice, place) => el("button.button", { type: "button", onclick: () => ask(choice) }, latest ? key(place + 1) : null, choice)),
            )
          : null,
        forCustomer ? copyBox(forCustomer, latest) : null,
      ),
      el("aside.why", { "aria-label": "依据和判断过程" }, passages(trace.citations), tracePanel(trace, ask)),
    );
  }

  function copyBox(text, latest) {
    const shown = el("pre.copy-text", { tabindex: "0", "aria-label": "给客户的回复" }, text);
    const act = () => {
      if (!details.open) details.open = true;
      return copy(text, shown);
    };
    const details = el("details.copy", {}, el("summary", {}, "给客户的回复（不含内部规定和账户细节）"), shown);
    return el("div.copying", {}, button("复制回复", act, { icon: "copy", kind: latest ? "primary" : undefined, ...(latest ? { id: "copy" } : {}) }), latest ? key("C") : null, details);
  }

  function begin() {
    desk = fresh();
    input.value = "";
    fit();
    draw();
    input.focus();
  }

  function fit() {
    desk.draft = input.value;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
    const length = [...input.value.trim()].length;
    counter.textContent = length > LIMIT ? `${length} / ${LIMIT} 字，请缩短或分几次问` : "";
    counter.classList.toggle("over", length > LIMIT);
  }

  async function ask(text, again) {
    const wanted = text.trim();
    if (!wanted || [...wanted].length > LIMIT || desk.turns.some((turn) => !turn.answer && !turn.problem)) return;
    const here = desk;
    if (again) here.turns = here.turns.filter((turn) => turn !== again);
    /** @type {Turn} */
    const turn = { text: wanted, at: new Date().toISOString() };
    here.turns.push(turn);
    input.value = "";
    fit();
    draw();
    window.scrollTo({ top: 0 });
    const slow = setTimeout(() => {
      const state = stream.querySelector(".latest .state");
      if (state) state.lastChild.textContent = "还在查，请再稍等 ……";
    }, SLOW_MS);
    try {
      const { conversation, asked, ...answer } = await post("ask", here.conversation ? { conversation: here.conversation, text: wanted } : { text: wanted });
      here.conversation = conversation;
      turn.answer = answer;
      turn.text = asked;
    } catch (error) {
      turn.problem = sentence(error);
      if (error.status === 401) {
        // The session ended: what was asked is a draft again.
        here.turns = here.turns.filter((one) => one !== turn);
        here.draft = wanted;
      }
      // A conversation that is over is begun anew by the next question.
      if (error.status === 404) here.conversation = null;
    } finally {
      clearTimeout(slow);
      if (here === desk && !signal.aborted) draw();
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(input.value);
  });
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (event) => {
    if (isEnter(event)) {
      event.preventDefault();
      ask(input.value);
    } else if (event.key === "Escape" && !event.isComposing) input.blur();
  });
  onKeys(
    {
      "/": () => {
        input.focus();
        input.select();
      },
      n: begin,
      c: () => document.getElementById("copy")?.click(),
      ...Object.fromEntries([...Array(MOST_CHOICES).keys()].map((place) => [String(place + 1), () => stream.querySelectorAll(".latest .choices button")[place]?.click()])),
    },
    signal,
  );

  draw();
  fit();
  const asked = params.get("q");
  if (asked) {
    // The address asks once: going back to it later does not ask again.
    history.replaceState(null, "", "#/ask");
    ask(asked);
  }
  input.focus();
}

/** Questions to begin with, made of the first operations that people ask about. */
function starters() {
  const wanted = [["cancel_service", "documents"], ["transfer_ownership", "fee"], ["replace_sim", "documents"], ["suspend_service", "conditions"]];
  return wanted.map(([operation, aspect]) => catalogue().operations.find(({ id }) => id === operation)?.questions[aspect]).filter(Boolean);
}
