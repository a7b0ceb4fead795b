// The question: grows with its text, counts it when it gets long, and is sent with Enter unless one is composing.

import { fill, form, h, set } from "./dom.js";
import words from "./words.yml";

const LIMIT = 2000;
const COUNT_FROM = 1800;

export class Composer {
  #memory;
  #say;
  #counter;
  #field;

  /** @param {import("./memory.js").Memory} memory keeps the draft @param {(text: string) => void} send */
  constructor(memory, send) {
    this.#memory = memory;
    this.#say = send;
    this.#counter = h("span.counter", { id: "counter", role: "status" });
    this.#field = h("textarea", {
      id: "question",
      rows: 1,
      placeholder: words.placeholder,
      autocomplete: "off",
      enterkeyhint: "send",
      "aria-describedby": "keys counter",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event),
    });
    this.node = form(
      "form.composer",
      { part: "composer" },
      () => this.#send(),
      h(
        "div.field",
        null,
        h("label.hidden-label", { for: "question" }, words.question),
        this.#field,
        h("button.send", { type: "submit", part: "send" }, words.send),
      ),
      h("p.hints", null, h("span.keys", { id: "keys" }, words.keys), this.#counter),
    );
    this.#field.value = memory.draft;
  }

  focus() {
    this.#field.focus();
  }

  /** Puts a text in, after what is there already. */
  insert(text) {
    this.#field.value += text;
    this.#typed();
    this.focus();
  }

  #length() {
    // Counted as the server does: a character is a character, also where JavaScript takes two units for it.
    return [...this.#field.value.trim()].length;
  }

  /** Fits the field to its text. */
  fit() {
    const field = this.#field;
    field.style.height = "auto";
    if (field.scrollHeight) field.style.height = `${field.scrollHeight}px`;
    const n = this.#length();
    const tooLong = n > LIMIT;
    this.#counter.textContent = n < COUNT_FROM ? "" : fill(words.count, { n, most: LIMIT }) + (tooLong ? words.tooLong : "");
    this.#counter.classList.toggle("over", tooLong);
    set(field, "aria-invalid", tooLong);
  }

  #typed() {
    this.fit();
    this.#memory.save({ draft: this.#field.value });
  }

  #key(event) {
    // While an input method is composing, Enter chooses a candidate; 229 is how older browsers say so.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.#field.value.trim();
    if (!text || this.#length() > LIMIT) return;
    this.#field.value = "";
    this.#typed();
    this.#say(text);
  }
}
