// <rule-assistant>: the service-rule assistant in any page, as a bubble in its corner or as a page of its own.

import { Api } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { h, icon, set } from "./dom.js";
import { Log } from "./entries.js";
import { SignIn } from "./identity.js";
import { Memory } from "./memory.js";
import css from "./style.css";
import { fill, wordsOf } from "./words.js";

const MARK = "M5 6.5A2.5 2.5 0 0 1 7.5 4h9A2.5 2.5 0 0 1 19 6.5v7a2.5 2.5 0 0 1-2.5 2.5H12l-4 4v-4h-.5A2.5 2.5 0 0 1 5 13.5zM8.7 10l2.4 2.4 4.4-4.6";
const CROSS = "M6 6l12 12M18 6L6 18";
const PHONE = "(max-width: 520px), (max-height: 420px)";

/**
 * Attributes: `endpoint` (address of the gateway; by default where this module comes from), `heading`,
 * `mode` (`bubble` or `page`), `lang` (`zh-CN` or `zh-TW`), `theme` (`light`, `dark`; by default as the system has it),
 * `assertion-url` (the host page's own address that answers `POST` with `{assertion}`, or 204 where nobody is signed in).
 * Events: `rule-assistant-identity` with the identity that is shown, after every change of it.
 */
class RuleAssistant extends HTMLElement {
  /** @type {(() => Promise<import("./identity.js").Proof | null>) | null} in place of `assertion-url` */
  proof = null;

  connectedCallback() {
    if (this.shadowRoot) return this.#attend();
    const base = new URL(this.getAttribute("endpoint") ?? import.meta.url, location.href).origin;
    const { words, tag } = wordsOf(this.getAttribute("lang") ?? document.documentElement.lang);
    this.words = words;
    this.page = this.getAttribute("mode") === "page";
    this.memory = new Memory(base);
    this.conversation = new Conversation(new Api(base), this.memory, (expired) => this.#changed(expired));
    this.composer = new Composer(words, this.memory.draft, {
      send: (text) => this.conversation.say(text),
      typed: (text) => this.#remember({ draft: text }),
    });
    this.log = new Log(this.conversation, words, (text) => this.composer.insert(text));
    this.signInBar = new SignIn(this.conversation, words, {
      proof: () => this.#proof(),
      insert: (text) => this.composer.insert(text),
      tell: (text) => this.conversation.note(text),
      begun: () => this.composer.focus(),
    });
    this.unread = 0;
    this.#build(tag);
    this.#start();
  }

  disconnectedCallback() {
    this.conversation.attended = false;
    this.conversation.stream.stop();
    this.leaving?.abort();
  }

  // --- what the host page may do ---

  /** Opens the panel. */
  open() {
    if (!this.page && !this.panel.open) {
      if (this.phone.matches) this.panel.showModal();
      else this.panel.show();
    }
    this.unread = 0;
    this.#remember({ open: true });
    this.#attend();
    this.#changed();
    this.composer.fit();
    this.composer.focus();
    this.#toEnd();
  }

  /** Closes the panel; the focus goes back to where it came from. */
  close() {
    if (this.page) return;
    this.panel.close();
    this.#remember({ open: false });
    this.#attend();
    this.#changed();
    this.launcher.focus();
  }

  /** Opens the panel and asks. @param {string} text */
  ask(text) {
    this.open();
    this.conversation.say(text);
  }

  /** Takes over who is signed in to the host page; resolves to whether somebody is. */
  async signIn() {
    const host = this.#proof();
    return host ? this.signInBar.withProof(host) : false;
  }

  /** Ends the session, as the host page's own sign-out should. */
  signOut() {
    return this.conversation.identity ? this.signInBar.leave() : undefined;
  }

  get identity() {
    return this.conversation.identity;
  }

  // --- building ---

  #build(tag) {
    const { words } = this;
    const title = this.getAttribute("heading") ?? words.title;
    this.title_ = h("h2", { id: "title" }, title);
    this.status = h("p.status", { role: "status" });
    this.typing = h("p.typing", { role: "status" });
    this.choices = h("ul.choices", { "aria-label": words.choices });
    this.suggestions = h("ul.choices", null);
    this.tryThese = h("p", { hidden: true }, words.tryThese);
    this.welcome = h("section.welcome", null, h("h3", null, words.welcome), h("p", null, words.promise), this.tryThese, this.suggestions);
    this.scroller = h(
      "div.scroller",
      { tabindex: 0, role: "group", "aria-label": words.conversation, part: "conversation" },
      this.welcome,
      this.log.node,
      this.choices,
      this.typing,
    );
    this.large = h("button.tool", { onclick: () => this.#setLarge(!this.memory.large) }, words.large);
    this.person = h("button.tool", { onclick: () => this.#askForPerson() }, words.person);
    const restart = h("button.tool", { onclick: () => this.#restart() }, words.restart);
    const cross = !this.page && h("button.close", { onclick: () => this.close(), "aria-label": words.close }, icon(CROSS));
    this.panel = h(
      this.page ? "section.panel.page" : "dialog.panel",
      { "aria-labelledby": "title", part: "panel" },
      h("div.bar", { part: "header" }, icon(MARK), h("div", null, this.title_, h("p", null, words.tagline)), cross),
      h("div.tools.top", null, this.signInBar.node, h("span.actions", null, this.large, this.person, restart)),
      this.signInBar.panel,
      this.status,
      this.scroller,
      this.composer.node,
    );
    this.launcher =
      !this.page &&
      h("button.launcher", { part: "launcher", "aria-haspopup": "dialog", onclick: () => this.open() }, icon(MARK), h("span", null, title));
    this.root = h("div.root", { lang: tag }, this.launcher, this.panel);
    const shadow = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.root);
    this.#setLarge(this.memory.large);
    this.panel.addEventListener("keydown", (event) => this.#escape(event));
    // Escape in a full-screen dialog comes as this event.
    this.panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
  }

  #start() {
    this.phone = matchMedia(PHONE);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.#attend();
    this.#colours();
    if (this.page || this.memory.open) {
      if (!this.page) this.open();
      else this.conversation.attended = true;
    }
    this.#introduce();
    this.log.node.setAttribute("aria-busy", "true");
    this.conversation.resume().then(() => {
      this.log.node.removeAttribute("aria-busy");
      this.#toEnd();
      if (!this.memory.session && (this.proof || this.hasAttribute("assertion-url"))) this.signIn();
    });
  }

  /** Listens to what happens around the widget for as long as it is in the page. */
  #attend() {
    this.leaving?.abort();
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    const { conversation } = this;
    const look = () => {
      conversation.attended = document.visibilityState === "visible" && (this.page || this.panel.open);
      conversation.follow();
    };
    look();
    document.addEventListener("visibilitychange", look, { signal });
    window.addEventListener("online", () => conversation.setOnline(true), { signal });
    window.addEventListener("offline", () => conversation.setOnline(false), { signal });
    this.dark?.addEventListener("change", () => this.#colours(), { signal });
    this.phone?.addEventListener("change", () => this.#reopen(), { signal });
  }

  #reopen() {
    if (this.page || !this.panel.open) return;
    this.panel.close();
    this.open();
  }

  #colours() {
    const theme = this.getAttribute("theme");
    this.root.classList.toggle("dark", theme ? theme === "dark" : this.dark.matches);
  }

  #setLarge(on) {
    this.memory.large = on;
    this.root.classList.toggle("large", on);
    set(this.large, "aria-pressed", String(on));
    this.composer.fit();
  }

  #remember(values) {
    Object.assign(this.memory, values);
    this.memory.save();
  }

  /** The assistant goes by the name of its rule pack, and says what can be asked. */
  async #introduce() {
    const about = await this.conversation.api.about().catch(() => null);
    if (!about) return;
    if (!this.hasAttribute("heading")) {
      this.title_.textContent = about.title;
      if (this.launcher) this.launcher.lastChild.textContent = about.title;
    }
    this.dispatchEvent(new CustomEvent("rule-assistant-ready", { detail: { title: about.title } }));
    this.#offer(this.suggestions, about.suggestions ?? []);
    this.tryThese.hidden = !about.suggestions?.length;
  }

  #offer(place, texts) {
    const print = JSON.stringify(texts);
    if (place.print === print) return;
    place.print = print;
    place.replaceChildren(
      ...texts.map((text) => h("li", null, h("button.choice", { part: "choice", onclick: () => this.#choose(text) }, text))),
    );
    place.hidden = !texts.length;
  }

  #choose(text) {
    if (text === this.words.person && this.memory.session) this.#askForPerson();
    else this.conversation.say(text);
    this.composer.focus();
  }

  // --- showing ---

  #changed(expired = false) {
    if (!this.root) return;
    const { conversation, words } = this;
    if (expired) return conversation.note(words.expired);
    const newest = this.log.update();
    this.welcome.hidden = conversation.entries.some(({ from }) => from !== "note") || this.memory.outbox.length > 0;
    const last = conversation.entries.at(-1);
    const open = this.memory.outbox.length ? [] : [...(last?.choices ?? [])];
    if (last?.offers?.includes("handoff") && conversation.handoff.state === "none") open.push(words.person);
    this.#offer(this.choices, open);
    this.signInBar.update();
    this.#tell();
    this.#count(newest);
    if (newest) this.#bringIntoView(newest);
    const identity = JSON.stringify(conversation.identity);
    if (identity === this.told) return;
    this.told = identity;
    this.dispatchEvent(new CustomEvent("rule-assistant-identity", { detail: conversation.identity }));
  }

  #tell() {
    const { conversation, words } = this;
    const { state, handoff, online, connected } = conversation;
    const busy = { typing: words.typing, slow: words.slow, waiting: words.waiting }[state] ?? "";
    if (this.typing.dataset.state !== state) {
      this.typing.dataset.state = state;
      this.typing.replaceChildren(busy && h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")), busy);
      if (busy) this.#toEnd();
    }
    const broken = !online ? words.offline : connected ? "" : words.reconnecting;
    const person = {
      queued: handoff.position > 1 ? fill(words.queued, { n: handoff.position - 1 }) : words.next,
      claimed: fill(words.claimed, { who: handoff.who ?? words.staff }),
    }[handoff.state];
    const told = broken || person || "";
    this.person.hidden = handoff.state !== "none";
    if (this.status.dataset.told === told) return;
    this.status.dataset.told = told;
    this.status.className = broken ? "status broken" : "status";
    this.status.replaceChildren(told);
    if (!broken && handoff.state === "queued") {
      this.status.append(h("button.tool", { onclick: () => this.#attempt(conversation.leaveQueue()) }, words.leave));
    }
  }

  #count(newest) {
    if (!this.launcher) return;
    if (newest && !this.panel.open && /assistant|staff/.test(newest.className)) this.unread += 1;
    this.launcher.hidden = this.panel.open;
    set(this.launcher, "data-unread", this.unread || null);
    const label = `${this.words.open} ${this.launcher.lastChild.textContent}`;
    set(this.launcher, "aria-label", this.unread ? `${label}，${fill(this.words.unread, { n: this.unread })}` : label);
  }

  /** Shows the newest entry whole; one that is too long is read from its beginning, below its question if that fits. */
  #bringIntoView(article) {
    const asked = article.previousElementSibling;
    const room = this.scroller.clientHeight;
    const first = asked && asked.offsetHeight < room / 3 ? asked : article;
    if (article.offsetHeight < room) this.#toEnd();
    else this.scroller.scrollTop = first.offsetTop - 12;
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  // --- doing ---

  #escape(event) {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || this.page) return;
    event.preventDefault();
    this.close();
  }

  #askForPerson() {
    if (this.memory.session) return this.#attempt(this.conversation.askForPerson());
    // Nobody can be handed over before there is a conversation: said in words, it opens one.
    this.#choose(this.words.person);
  }

  async #attempt(promise) {
    await promise.catch((error) => this.conversation.note(error.message || this.words.reconnecting));
  }

  /** A new conversation; who is signed in to the host page stays signed in. */
  async #restart() {
    const { identity } = this.conversation;
    const host = identity ? this.#proof() : null;
    if (host && (await this.signInBar.withProof(host))) return;
    await this.signInBar.leave(identity ? this.words.identityLost : "");
  }

  /** What the host page says of its own login; null where it has none. */
  #proof() {
    if (this.proof) return this.proof();
    const address = this.getAttribute("assertion-url");
    if (!address) return null;
    const url = new URL(address, location.href);
    return fetch(url, { method: "POST", credentials: "same-origin" }).then((response) =>
      response.status === 200 ? response.json() : null,
    );
  }
}

customElements.get("rule-assistant") ?? customElements.define("rule-assistant", RuleAssistant);
