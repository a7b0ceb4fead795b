// Forms say what is wrong in sentences of this page, beside the field, whatever language the browser speaks.

import { el } from "./elements.js";

/**
 * Acts when a form is submitted and nothing is wrong with it; otherwise says what is, and puts the person there.
 *
 * Fields state what they want by `required`, `minlength`, `min` and `pattern`; `data-missing` is what is said of an empty
 * one, `title` of one that does not fit its pattern.
 */
export function onSubmit(form, act) {
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = [...form.elements].filter((control) => tell(control, complaint(control)));
    if (wrong.length) wrong[0].focus();
    else act();
  });
  form.addEventListener("input", ({ target }) => tell(target, ""));
  return form;
}

/** Whether nothing is wrong with a form. */
export const isRight = (form) => ![...form.elements].some(complaint);

function complaint(control) {
  if (!control.matches("input, select, textarea") || control.disabled) return "";
  const text = control.value.normalize("NFKC").trim();
  const label = control.closest(".field")?.querySelector("label")?.textContent ?? "";
  if (control.validity.badInput) return `${label}没有填完整。`;
  if (!text) return control.required ? control.dataset.missing ?? `请填写${label}。` : "";
  if (control.minLength > 0 && [...text].length < control.minLength) return `至少要写 ${control.minLength} 个字。`;
  if (control.pattern && !new RegExp(`^(?:${control.pattern})$`, "u").test(text)) return control.title;
  if (control.type === "date" && control.min && text < control.min) return "不能早于今天。";
  return "";
}

/** Says a sentence under a field, or takes it away. Returns the sentence. */
function tell(control, sentence) {
  const place = control.closest(".field");
  if (!place) return sentence;
  const id = `${control.id}-wrong`;
  const said = document.getElementById(id);
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  if (sentence) {
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", [id, ...others].join(" "));
    if (said) said.textContent = sentence;
    else control.after(el("small.wrong", { id }, sentence));
  } else if (said) {
    said.remove();
    control.removeAttribute("aria-invalid");
    if (others.length) control.setAttribute("aria-describedby", others.join(" "));
    else control.removeAttribute("aria-describedby");
  }
  return sentence;
}
