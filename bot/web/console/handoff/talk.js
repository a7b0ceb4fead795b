// One conversation that was taken over: what was said, the reply, and giving it back.

import { get, post, withQuery } from "../api.js";
import { openDialog } from "../dialogs.js";
import { button, el, field, fill, icon } from "../elements.js";
import { CHANNELS } from "../format.js";
import { onEntry, onOpen, refreshQueue, seen } from "../live.js";
import { onLeave } from "../memory.js";
import { isEnter } from "../shortcuts.js";
import { failure, loading, sentence, toast } from "../states.js";
import { entry } from "../transcript.js";
import { PHRASES } from "./phrases.js";
import { rulesPanel } from "./rules.js";

const LIMIT = 2000;
const NEAR_END = 80;
const WARN_SECONDS = 120;

// What was begun and not sent lives as long as the person is signed in.
let drafts = new Map();
onLeave(() => (drafts = new Map()));

/** What was typed for a hand-over and not sent. */
export const draftOf = (id) => drafts.get(id) ?? "";

export class Talk {
  /**
   * @param {import("../live.js").Handoff} handoff
   * @param {() => void} back
   */
  constructor(handoff, back) {
    this.id = handoff.id;
    this.conversation = handoff.conversation;
    this.until = handoff.until;
    this.over = false;
    this.sending = false;
    this.closed = new AbortController();
    /** @type {Map<number, HTMLElement>} what is shown, by entry: nothing is shown twice, whichever way it comes */
    this.entries = new Map();
    this.lastQuestion = "";
    this.list = el("ol.transcript", { "aria-label": "对话记录" });
    this.log = el("div.log", { role: "log", "aria-live": "off", "aria-label": "和客户的对话", tabindex: "0" }, loading("正在载入之前的对话 ……"));
    this.input = el("textarea", { id: "reply", rows: "2", autocomplete: "off", value: draftOf(this.id), placeholder: "回复客户。Enter 发送，Shift + Enter 换行。" });
    this.counter = el("span.hint", { role: "status" });
    this.send = el("button.button.primary", { type: "submit" }, icon("send"), "发送");
    this.problem = el("p.problem", { role: "alert", hidden: true });
    this.notice = el("p.notice", { role: "status", hidden: true });
    this.returner = button("交还给助手", () => this.#giveBack());
    this.asker = button("查客户最后一句", () => this.rules.ask(this.lastQuestion), { kind: "chip", disabled: true });
    this.phrases = el(
      "div.chips",
      { role: "group", "aria-label": "常用语" },
      this.asker,
      PHRASES.map(([name, text]) => button(name, () => this.#use(text), { kind: "chip", title: text })),
    );
    this.rules = rulesPanel((text) => this.#use(text), this.closed.signal);
    this.form = el("form.reply", {}, this.phrases, field("回复", this.input), this.problem, el("div.actions", {}, this.counter, this.send));
    this.element = el(
      "section.card.talk",
      { "aria-label": `和客户的对话：${handoff.subject ?? "还没有说到具体业务"}` },
      el(
        "header",
        {},
        button("", back, { kind: "quiet", icon: "back", "aria-label": "回到队列" }),
        el("h2", {}, handoff.subject ?? "还没有说到具体业务"),
        el("span.tag", {}, CHANNELS[handoff.channel] ?? handoff.channel),
        el("span.tag", {}, handoff.signed_in ? "已登录客户" : "未登录"),
        this.returner,
      ),
      this.notice,
      el("div.both", {}, el("div.said-and-reply", {}, this.log, this.form), this.rules.element),
    );
    this.#listen();
  }

  /** Loads what was said, and puts the person where they write. */
  begin() {
    this.#load();
    if (matchMedia("(min-width: 52rem)").matches) this.input.focus();
    else this.element.querySelector("header button").focus();
  }

  close() {
    this.closed.abort();
  }

  /** How the hand-over stands now; null where it is open no longer. */
  stands(handoff) {
    if (this.over) return;
    if (handoff?.mine) {
      this.until = handoff.until;
      return;
    }
    this.over = true;
    for (const control of [this.send, this.returner, this.input]) control.disabled = true;
    this.#say(
      handoff
        ? "这个对话已经不在您手上，正由同事处理或重新排队。"
        : "这个对话已经结束人工服务：客户取消了，或者太久没有回复，助手已经接着答。没发出去的话还在下面，可以复制。",
    );
  }

  /** Called every second: says so before the conversation is given back because nothing is said. */
  tick() {
    if (this.over) return;
    const left = (this.until - Date.now()) / 1000;
    const warn = left < WARN_SECONDS ? `再过 ${left > 60 ? "2 分钟" : "1 分钟"}没有回复，这个对话会交还给助手。` : "";
    if (warn === this.notice.textContent) return;
    this.notice.textContent = warn;
    this.notice.hidden = !warn;
  }

  #listen() {
    const { signal } = this.closed;
    onEntry(({ conversation, entry: one }) => conversation === this.conversation && this.entries.size && this.#add([one]), signal);
    onOpen(() => this.#load(), signal);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => {
      if (isEnter(event)) {
        event.preventDefault();
        this.#submit();
      } else if (event.key === "Escape" && !event.isComposing) this.input.blur();
    });
    this.#typed();
  }

  #typed() {
    if (this.input.value) drafts.set(this.id, this.input.value);
    else drafts.delete(this.id);
    const length = [...this.input.value.trim()].length;
    this.counter.textContent = length > LIMIT ? `${length} / ${LIMIT} 字，请分几次发` : "";
    this.counter.classList.toggle("over", length > LIMIT);
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  /** What is not shown yet, page by page; what came by the stream in the meantime is shown once. */
  async #load() {
    const { signal } = this.closed;
    try {
      let after = Math.max(0, ...this.entries.keys());
      for (let more = true; more; ) {
        const answer = await get(withQuery(`conversations/${encodeURIComponent(this.conversation)}`, { after: after || "" }), { signal });
        if (signal.aborted) return;
        this.#add(answer.entries);
        more = answer.more && answer.entries.length > 0;
        after = answer.entries.at(-1)?.entry ?? after;
      }
      // What was said before is there to be read; what is said from now on is read out.
      this.log.setAttribute("aria-live", "polite");
    } catch (error) {
      if (signal.aborted || this.over) return;
      if (!this.entries.size) fill(this.log, failure(error, () => this.#load()));
    }
  }

  #add(news) {
    const fresh = news.filter((one) => !this.entries.has(one.entry));
    if (!this.list.isConnected) fill(this.log, this.list);
    const follows = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END || fresh.length > 1;
    for (const one of fresh) {
      const node = entry(one);
      this.entries.set(one.entry, node);
      const later = [...this.entries.keys()].filter((id) => id > one.entry);
      this.list.insertBefore(node, later.length ? this.entries.get(Math.min(...later)) : null);
      if (one.from === "user") this.lastQuestion = one.text;
    }
    if (this.entries.size) seen(this.conversation, Math.max(...this.entries.keys()));
    this.asker.disabled = !this.lastQuestion;
    if (follows) this.log.scrollTop = this.log.scrollHeight;
  }

  /** Puts a text where the person writes: after what stands there, never instead of it. */
  #use(text) {
    const before = this.input.value.trimEnd();
    this.input.value = before ? `${before}\n${text}` : text;
    this.#typed();
    this.input.focus();
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    this.input.scrollTop = this.input.scrollHeight;
  }

  async #submit() {
    const text = this.input.value.trim();
    if (!text || this.sending || this.over || [...text].length > LIMIT) return;
    this.sending = true;
    this.send.disabled = true;
    this.problem.hidden = true;
    try {
      await post(`handoffs/${this.id}/messages`, { text });
      refreshQueue().catch(() => {});
      // What was typed meanwhile stays.
      this.input.value = this.input.value.trim().startsWith(text) ? this.input.value.trim().slice(text.length).trimStart() : this.input.value;
      this.#typed();
      await this.#load();
      this.log.scrollTop = this.log.scrollHeight;
    } catch (error) {
      fill(this.problem, `没有发出去：${sentence(error)}`).hidden = false;
      if (error.code === "not_yours") await refreshQueue().catch(() => {});
    } finally {
      this.sending = false;
      this.send.disabled = this.over;
    }
  }

  async #giveBack(sure = false) {
    if (this.input.value.trim() && !sure) {
      this.#askFirst();
      return;
    }
    this.returner.disabled = true;
    try {
      await post(`handoffs/${this.id}/return`);
      this.over = true;
      drafts.delete(this.id);
      toast("已交还，助手接着答。");
      this.element.querySelector("header button").click();
      await refreshQueue();
    } catch (error) {
      if (error.code === "not_yours" || error.code === "unknown_handoff") await refreshQueue().catch(() => {});
      else toast(sentence(error), "bad");
      this.returner.disabled = this.over;
    }
  }

  #askFirst() {
    const dialog = openDialog("还有话没有发出去", [
      el(
        "div.stack",
        {},
        el("p", {}, "回复框里还有没发的话，交还以后就发不了了。"),
        el(
          "div.actions",
          {},
          button("回去接着写", () => dialog.close(), { autofocus: "" }),
          button("不发了，交还", () => {
            dialog.close();
            this.#giveBack(true);
          }, { kind: "danger" }),
        ),
      ),
    ]);
  }

  #say(text) {
    fill(this.notice, text).hidden = false;
  }
}
