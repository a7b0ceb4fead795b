// Beside a conversation with a customer: asks the assistant for the rule, and puts its answer into the reply.

import { renderBlocks } from "../answer.js";
import { post } from "../api.js";
import { button, el, field, fill } from "../elements.js";
import { loading, sentence } from "../states.js";
import { passages } from "../trace.js";

/**
 * @param {(text: string) => void} use puts a text into the reply
 * @param {AbortSignal} signal
 */
export function rulesPanel(use, signal) {
  let conversation = null;
  let turn = 0;
  const input = el("input", { type: "text", maxlength: "2000", autocomplete: "off", placeholder: "例如：单位的号销户要带什么" });
  const result = el("div.found", { "aria-live": "polite" });
  const form = el("form.row", {}, field("查规则", input, { className: "grow" }), el("button.button", { type: "submit" }, "查"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) ask(input.value.trim());
  });

  async function ask(text) {
    const mine = ++turn;
    fill(result, loading("正在查规则 ……"));
    try {
      const { reply, copy, trace, conversation: here } = await post("ask", conversation ? { conversation, text } : { text }, { signal });
      conversation = here;
      if (mine === turn) fill(result, answer(reply, copy, trace));
    } catch (error) {
      if (signal.aborted || mine !== turn) return;
      if (error.status === 404) conversation = null;
      fill(result, el("p.problem", { role: "alert" }, sentence(error)));
    }
  }

  const answer = (reply, copy, trace) => [
    el("div.blocks", {}, renderBlocks(reply.blocks)),
    reply.choices?.length ? el("div.chips", { role: "group", "aria-label": "接着问" }, reply.choices.map((choice) => button(choice, () => ask(choice), { kind: "chip" }))) : null,
    copy ? el("div.actions", {}, button("放进回复", () => use(copy), { icon: "copy" })) : null,
    trace?.citations?.length ? el("details", {}, el("summary", {}, "看依据原文"), passages(trace.citations)) : null,
  ];

  return {
    element: el("section.rules", { "aria-label": "查规则" }, form, result),
    /** Asks what the customer asked. */
    ask(text) {
      input.value = text;
      ask(text);
    },
  };
}
