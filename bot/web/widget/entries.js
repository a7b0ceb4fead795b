// The log: one element an entry, added and replaced without touching the others, so that only news are read out.

import { copyButton, renderBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { feedback } from "./feedback.js";

/** @typedef {import("./conversation.js").Entry} Entry */

export class Log {
  /**
   * @param {import("./conversation.js").Conversation} conversation
   * @param {import("./words.js").Words} words
   * @param {(text: string) => void} edit puts a text back into the question
   */
  constructor(conversation, words, edit) {
    this.conversation = conversation;
    this.words = words;
    this.edit = edit;
    this.node = h("div.log", { role: "log", "aria-live": "polite", "aria-label": words.log });
    /** @type {Map<string, {node: HTMLElement, print: string}>} what is shown, by key, and what it shows */
    this.shown = new Map();
  }

  /** Brings what is shown up to date; returns the newest element if something came. */
  update() {
    const { entries, memory, era } = this.conversation;
    const wanted = [
      ...entries.map((entry) => [`${era} ${entry.id ?? entry.entry}`, entry]),
      ...memory.outbox.map((item) => [`${era} ${item.id}`, item]),
    ];
    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, { node }] of this.shown) {
      if (keys.has(key)) continue;
      node.remove();
      this.shown.delete(key);
    }
    let newest = null;
    let before = null;
    for (const [key, value] of wanted) {
      const print = JSON.stringify(value);
      const old = this.shown.get(key);
      let node = old?.node;
      if (old?.print !== print) {
        // An answer does not change but for what is thought of it, and its own part shows that.
        if (old && value.blocks && !value.provisional) old.node.dispatchEvent(new CustomEvent("judged", { detail: value }));
        else {
          node = this.#element(value);
          if (old) old.node.replaceWith(node);
          else newest = node;
        }
        this.shown.set(key, { node, print });
      }
      if (before ? before.nextSibling !== node : this.node.firstChild !== node) {
        if (before) before.after(node);
        else this.node.prepend(node);
      }
      before = node;
    }
    return newest;
  }

  #element(value) {
    if (value.state) return this.#unsent(value);
    const { you, assistant, staff } = this.words;
    const heading = (text, shown = false) => h(shown ? "h3.who" : "h3.hidden-label", null, text);
    if (value.from === "user") {
      return h("article.entry.user", null, heading(you), h("p.bubble", { part: "message user" }, value.text));
    }
    if (value.from === "note") return h("article.entry.note", null, h("p", null, value.text));
    if (!value.blocks) {
      return h("article.entry.staff", null, heading(staff, true), h("p.bubble", { part: "message staff" }, value.text));
    }
    return this.#answer(value, heading(assistant));
  }

  #answer(entry, heading) {
    const { conversation, words } = this;
    const { memory, api } = conversation;
    const blocks = renderBlocks(entry.blocks, {
      words,
      base: api.base,
      ticks: memory.ticks,
      keep: () => memory.save(),
      key: String(entry.entry),
      version: entry.rules_version,
    });
    const node = h(
      "article.entry.assistant",
      null,
      heading,
      h("div.bubble", { part: "message assistant", lang: "zh-CN" }, ...blocks),
    );
    if (!entry.provisional) {
      const tools = h("div.under", null, h("p.tools", null, copyButton(entry.text ?? "", words)));
      feedback(tools, entry, words, (score, more) => conversation.judge(entry, score, more));
      node.append(tools);
    }
    return node;
  }

  #unsent(item) {
    const { words, conversation } = this;
    const told = item.expired
      ? words.sentAgain
      : item.message || { sending: words.sending, held: words.held, failed: words.failed }[item.state];
    const again = item.state !== "sending" && !item.final;
    const buttons = item.state !== "sending" && [
      again && h("button.tool.retry", { onclick: () => conversation.retry(item) }, words.retry),
      h("button.tool", { onclick: () => this.edit(conversation.discard(item)) }, words.discard),
    ];
    return h(
      `article.entry.user.unsent.${item.state}`,
      null,
      h("h3.hidden-label", null, words.you),
      h("p.bubble", { part: "message user" }, item.text),
      h("p.told", null, h("span", null, told), ...(buttons || [])),
    );
  }
}
