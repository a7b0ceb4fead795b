// Thumbs up or down under an answer, and what was wrong with it.

import { form, h, icon, set, tool } from "./dom.js";
import words from "./words.yml";

const REASONS = { wrong: words.wrong, outdated: words.outdated, unclear: words.unclear, other: words.other };
const THUMB = "M7 21V10l4-8a2 2 0 0 1 3 2l-1 5h6a2 2 0 0 1 2 2l-2 8a3 3 0 0 1-3 2zM3 10h4v11H3z";

/**
 * @param {HTMLElement} under where buttons and form go
 * @param {import("./conversation.js").Entry} entry
 * @param {(score: "up" | "down", more?: {reason: string, comment?: string}) => Promise<void>} judge
 */
export function feedback(under, entry, judge) {
  const said = h("span.said", { role: "status" });
  let open = null;

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
    open?.remove();
    open = null;
    set(down, "aria-expanded", false);
    down.focus();
  };
  const ask = () => {
    if (open) return close();
    open = reasons(close, async (more) => {
      close();
      await send("down", more);
    });
    under.append(open);
    set(down, "aria-expanded", true);
    open.querySelector("input").focus();
  };
  const up = tool(words.helpful, () => send("up"));
  const down = tool(words.unhelpful, ask, ".down");
  set(down, "aria-expanded", false);

  const show = (score) => {
    set(up, "aria-pressed", score === "up");
    set(down, "aria-pressed", score === "down");
  };
  show(entry.feedback);
  for (const thumb of [up, down]) thumb.prepend(icon(THUMB));
  under.firstChild.prepend(up, down);
  under.firstChild.append(said);
}

function reasons(cancel, submit) {
  const name = `reason-${Math.random()}`;
  const options = Object.entries(REASONS).map(([value, label], index) =>
    h("label", null, h("input", { type: "radio", name, value, checked: index === 0 }), h("span", null, label)),
  );
  const comment = h("textarea", { rows: 2, maxlength: 500, "aria-label": words.comment, placeholder: words.comment });
  const submitted = () => {
    const more = { reason: node.querySelector(":checked").value };
    if (comment.value.trim()) more.comment = comment.value.trim();
    submit(more);
  };
  const escape = (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    event.preventDefault();
    cancel();
  };
  const node = form(
    "form.reasons",
    { onkeydown: escape },
    submitted,
    h("fieldset", null, h("legend", null, words.why), ...options),
    comment,
    h("p.tools", null, h("button.small", { type: "submit" }, words.submit), tool(words.cancel, cancel)),
  );
  return node;
}
