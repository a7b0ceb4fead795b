// The log: one element an entry, added and replaced without touching the others, so that only news are read out.

import { copyButton, renderBlocks } from "./blocks.js";
import { h, tool } from "./dom.js";
import { feedback } from "./feedback.js";
import words from "./words.yml";

/** @typedef {import("./conversation.js").Entry} Entry */

/** Whose the entry is, for those who cannot see on which side it stands. */
const heading = (whose) => h("h3.hidden-label", null, whose);

const spoken = (kind, whose, text, under) =>
  h(`article.entry.${kind}`, null, whose, h("p.bubble", { part: `message ${kind.split(".")[0]}` }, text), under);

export class Log {
  node = h("div.log", { role: "log", "aria-live": "polite", "aria-label": words.log });
  #conversation;
  #composer;
  /** @type {Map<string, {node: HTMLElement, print: string}>} what is shown, by key, and what it shows */
  #shown = new Map();

  /**
   * @param {import("./conversation.js").Conversation} conversation
   * @param {import("./composer.js").Composer} composer
   */
  constructor(conversation, composer) {
    this.#conversation = conversation;
    this.#composer = composer;
  }

  /** Brings what is shown up to date; returns the newest element if something came. */
  update() {
    const { entries, memory, era } = this.#conversation;
    const wanted = [
      ...entries.map((entry) => [`${era} ${entry.id ?? entry.entry}`, entry]),
      ...memory.outbox.map((item) => [`${era} ${item.id}`, item]),
    ];
    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, { node }] of this.#shown) {
      if (keys.has(key)) continue;
      node.remove();
      this.#shown.delete(key);
    }
    let newest = null;
    for (const [index, [key, value]] of wanted.entries()) {
      const print = JSON.stringify(value);
      const old = this.#shown.get(key);
      let node = old?.node;
      if (old?.print !== print) {
        // An answer does not change but for what is thought of it, and its own part shows that.
        if (!old || !value.blocks || value.provisional) {
          node = this.#element(value);
          if (old) old.node.replaceWith(node);
          else newest = node;
        }
        this.#shown.set(key, { node, print });
      }
      const place = this.node.children[index] ?? null;
      if (place !== node) this.node.insertBefore(node, place);
    }
    return newest;
  }

  #element(value) {
    if (value.state) return this.#unsent(value);
    if (value.from === "user") return spoken("user", heading(words.you), value.text);
    if (value.from === "note") return h("article.entry.note", null, h("p", null, value.text));
    return value.blocks ? this.#answer(value) : spoken("staff", h("h3.who", null, words.staff), value.text);
  }

  #answer(entry) {
    const conversation = this.#conversation;
    const { memory, api } = conversation;
    const blocks = renderBlocks(entry.blocks, {
      base: api.base,
      ticks: memory.ticks,
      keep: () => memory.save(),
      key: String(entry.entry),
      version: entry.rules_version,
    });
    const node = h(
      "article.entry.assistant",
      null,
      heading(words.assistant),
      h("div.bubble", { part: "message assistant", lang: "zh-CN" }, ...blocks),
    );
    if (!entry.provisional) {
      const tools = h("div.under", null, h("p.tools", null, copyButton(entry.text ?? "")));
      feedback(tools, entry, (score, more) => conversation.judge(entry, score, more));
      node.append(tools);
    }
    return node;
  }

  #unsent(item) {
    const conversation = this.#conversation;
    const told = item.expired
      ? words.sentAgain
      : item.message || { sending: words.sending, held: words.held, failed: words.failed }[item.state];
    const stuck = item.state !== "sending";
    const under = h(
      "p.told",
      null,
      h("span", null, told),
      stuck && !item.final && tool(words.retry, () => conversation.retry(item)),
      stuck && tool(words.discard, () => this.#composer.insert(conversation.discard(item))),
    );
    return spoken(`user.unsent.${item.state}`, heading(words.you), item.text, under);
  }
}
