// Dialogs: the browser's own `<dialog>`, which keeps the focus inside and gives it back.

import { button, el, field, fill } from "./elements.js";
import { onSubmit } from "./forms.js";
import { sentence } from "./states.js";

let titles = 0;

/**
 * Opens a dialog.
 *
 * @param {string} title
 * @param {any[]} content
 * @param {{className?: string, whenClosed?: () => void}} [options]
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, { className = "", whenClosed } = {}) {
  const heading = el("h2", { id: `dialog-${++titles}` }, title);
  const close = button("", () => dialog.close(), { kind: "quiet", icon: "close", "aria-label": "关闭" });
  const dialog = el(`dialog.dialog${className ? `.${className}` : ""}`, { "aria-labelledby": heading.id }, el("header", {}, heading, close), content);
  dialog.addEventListener("close", () => {
    dialog.remove();
    whenClosed?.();
  });
  // A click beside it closes it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
  return dialog;
}

const KEPT = "console-purposes";
const USUAL = ["客户来电咨询", "客户到厅办理", "核对投诉", "单位客户经理委托"];
const MOST_KEPT = 4;

/** Purposes to choose from: those used last, then the usual ones. They say nothing of who was looked up. */
export function purposes() {
  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]").filter((one) => typeof one === "string");
  } catch {
    // Nothing usable is remembered.
  }
  return [...new Set([...kept, ...USUAL])].slice(0, MOST_KEPT + USUAL.length);
}

export function rememberPurpose(purpose) {
  // A purpose that holds digits may name a number; it is not kept in the browser.
  if (/\d{4}/.test(purpose)) return;
  try {
    const kept = [purpose, ...purposes().filter((one) => one !== purpose && !USUAL.includes(one))];
    localStorage.setItem(KEPT, JSON.stringify(kept.slice(0, MOST_KEPT)));
  } catch {
    // Storage is full or forbidden: the choices are the usual ones.
  }
}

/** A field for a purpose with the choices under it; `field.value()` is what was stated, trimmed. */
export function purposeField({ required = true, compact = false } = {}) {
  const input = el("input", {
    type: "text",
    maxlength: "200",
    minlength: "2",
    required,
    autocomplete: "off",
    placeholder: "例如：客户来电咨询能否销户",
    "data-missing": "请写明查询用途：为什么查，会和您的姓名一起登记。",
  });
  const chips = el("div.chips", { role: "group", "aria-label": "常用的用途" });
  for (const one of purposes()) {
    chips.append(
      button(one, () => {
        input.value = one;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.focus();
      }, { kind: "chip" }),
    );
  }
  const box = field("查询用途（会登记）", input, { hint: compact ? undefined : "2 到 200 个字，写进查询记录，备查。" });
  box.append(chips);
  return Object.assign(box, { input, value: () => input.value.trim() });
}

/**
 * Asks what something is wanted for before it is done.
 *
 * @param {string} title
 * @param {string} detail
 * @param {string} label of the button
 * @param {(purpose: string, choice: string) => Promise<void>} act what is to be done; its failure is shown in the dialog
 * @param {[string, string][]} [choices] one of which is to be chosen, such as the kind of a file
 */
export function askPurpose(title, detail, label, act, choices = []) {
  const purpose = purposeField();
  purpose.input.setAttribute("autofocus", "");
  const problem = el("p.problem", { role: "alert", hidden: true });
  const submit = el("button.button.primary", { type: "submit" }, label);
  const radios = choices.map(([value, text], place) =>
    el("label.radio", {}, el("input", { type: "radio", name: "choice", value, checked: place === 0 }), text),
  );
  const form = el(
    "form.stack",
    {},
    el("p.hint", {}, detail),
    radios.length ? el("fieldset.radios", {}, el("legend", {}, "格式"), radios) : null,
    purpose,
    problem,
    el("div.actions", {}, button("取消", () => dialog.close()), submit),
  );
  onSubmit(form, async () => {
    submit.disabled = true;
    problem.hidden = true;
    try {
      const chosen = form.querySelector("input[name=choice]:checked")?.value ?? "";
      await act(purpose.value(), chosen);
      rememberPurpose(purpose.value());
      dialog.close();
    } catch (error) {
      fill(problem, sentence(error)).hidden = false;
    } finally {
      submit.disabled = false;
    }
  });
  const dialog = openDialog(title, [form]);
  return dialog;
}
