// Thumbs up or down under an answer, and what was wrong with it.

import { h, icon, set } from "./dom.js";

const REASONS = ["wrong", "outdated", "unclear", "other"];
const THUMB = "M7 21V10l4-8a2 2 0 0 1 3 2l-1 5h6a2 2 0 0 1 2 2l-2 8a3 3 0 0 1-3 2zM3 10h4v11H3z";

/**
 * @param {HTMLElement} under where buttons and form go
 * @param {import("./conversation.js").Entry} entry
 * @param {import("./words.js").Words} words
 * @param {(score: "up" | "down", more?: {reason: string, comment?: string}) => Promise<void>} judge
 */
export function feedback(under, entry, words, judge) {
  const said = h("span.said", { role: "status" });
  let form = null;

  const send = async (score, more) => {
    try {
      await judge(score, more);
      show(score);
      said.textContent = words.thanks;
    } catch (error) {
      said.textContent = error.message || words.failed;
    }
  };
  const close = () => {
    form?.remove();
    form = null;
    set(down, "aria-expanded", "false");
    down.focus();
  };
  const open = () => {
    if (form) return close();
    form = reasons(words, close, async (more) => {
      close();
      await send("down", more);
    });
    under.append(form);
    set(down, "aria-expanded", "true");
    form.querySelector("input").focus();
  };
  const thumb = (kind, label, onclick) => h(`button.tool.${kind}`, { onclick }, icon(THUMB), label);
  const up = thumb("up", words.helpful, () => send("up"));
  const down = thumb("down", words.unhelpful, open);
  set(down, "aria-expanded", "false");

  const show = (score) => {
    set(up, "aria-pressed", String(score === "up"));
    set(down, "aria-pressed", String(score === "down"));
  };
  show(entry.feedback);
  under.firstChild.prepend(up, down);
  under.firstChild.append(said);
}

function reasons(words, cancel, submit) {
  const name = `reason-${Math.random()}`;
  const options = REASONS.map((value, index) =>
    h("label", null, h("input", { type: "radio", name, value, checked: index === 0 }), h("span", null, words[value])),
  );
  const comment = h("textarea", { rows: 2, maxlength: 500, "aria-label": words.comment, placeholder: words.comment });
  const form = h(
    "form.reasons",
    null,
    h("fieldset", null, h("legend", null, words.why), ...options),
    comment,
    h("p.tools", null, h("button.small", { type: "submit" }, words.submit), h("button.tool", { onclick: cancel }, words.cancel)),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const more = { reason: form.querySelector(":checked").value };
    if (comment.value.trim()) more.comment = comment.value.trim();
    submit(more);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    event.preventDefault();
    cancel();
  });
  return form;
}
