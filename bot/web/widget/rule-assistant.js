// <rule-assistant>: the service-rule assistant in any page, as a bubble in its corner or as a page of its own.

// What draws comes first, then what talks: like beside like packs best.
import css from "./style.css";
import { Log } from "./entries.js";
import { fill, h, icon, set, tool } from "./dom.js";
import { Composer } from "./composer.js";
import { SignIn } from "./identity.js";
import { Memory } from "./memory.js";
import { Conversation } from "./conversation.js";
import { Api } from "./api.js";
import words from "./words.yml";

const MARK = "M5 6.5A2.5 2.5 0 0 1 7.5 4h9A2.5 2.5 0 0 1 19 6.5v7a2.5 2.5 0 0 1-2.5 2.5H12l-4 4v-4h-.5A2.5 2.5 0 0 1 5 13.5zM8.7 10l2.4 2.4 4.4-4.6";
const CROSS = "M6 6l12 12M18 6L6 18";
const PHONE = "(max-width: 520px), (max-height: 420px)";

/**
 * Attributes: `endpoint` (address of the gateway; by default where this module comes from), `heading`,
 * `mode` (`bubble` or `page`), `theme` (`light`, `dark`; by default as the system has it),
 * `assertion-url` (the host page's own address that answers `POST` with `{assertion}`, or 204 where nobody is signed in).
 * Events: `rule-assistant-identity` with the identity that is shown, after every change of it.
 * It speaks the language of its module: a page in traditional characters loads `rule-assistant.zh-TW.js`.
 */
class RuleAssistant extends HTMLElement {
  /** @type {(() => Promise<import("./identity.js").Proof | null>) | null} in place of `assertion-url` */
  proof = null;

  #page = false;
  #unread = 0;
  #told = "";
  #phone = matchMedia(PHONE);
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #title = h("h2", { id: "title" });
  #status = h("p.status", { role: "status" });
  #typing = h("p.typing", { role: "status" });
  #choices = h("ul.choices", { "aria-label": words.choices });
  #suggestions = h("ul.choices");
  #tryThese = h("p", { hidden: true }, words.tryThese);
  #large = tool(words.large, () => this.#setLarge(!this.#memory.large));
  #person = tool(words.person, () => this.#askForPerson());
  #memory;
  #conversation;
  #composer;
  #log;
  #signInBar;
  #welcome;
  #scroller;
  #panel;
  #launcher;
  #root;
  #leaving;

  connectedCallback() {
    if (this.#root) return this.#attend();
    const base = new URL(this.getAttribute("endpoint") ?? import.meta.url, location.href).origin;
    this.#page = this.getAttribute("mode") === "page";
    this.#memory = new Memory(base);
    this.#conversation = new Conversation(new Api(base, this.#memory), this.#memory, (expired) => this.#changed(expired));
    this.#composer = new Composer(this.#memory, (text) => this.#conversation.say(text));
    this.#log = new Log(this.#conversation, this.#composer);
    this.#signInBar = new SignIn(this.#conversation, this.#composer, () => this.#proof());
    this.#build();
    this.#start();
  }

  disconnectedCallback() {
    this.#conversation.attended = false;
    this.#conversation.stream.stop();
    this.#leaving?.abort();
  }

  // --- what the host page may do ---

  /** Opens the panel. */
  open() {
    if (!this.#page && !this.#panel.open) {
      if (this.#phone.matches) this.#panel.showModal();
      else this.#panel.show();
    }
    this.#unread = 0;
    this.#memory.save({ open: true });
    this.#attend();
    this.#changed();
    this.#composer.fit();
    this.#composer.focus();
    this.#toEnd();
  }

  /** Closes the panel; the focus goes back to where it came from. */
  close() {
    if (this.#page) return;
    this.#panel.close();
    this.#memory.save({ open: false });
    this.#attend();
    this.#changed();
    this.#launcher.focus();
  }

  /** Opens the panel and asks. @param {string} text */
  ask(text) {
    this.open();
    this.#conversation.say(text);
  }

  /** Takes over who is signed in to the host page; resolves to whether somebody is. */
  async signIn() {
    const host = this.#proof();
    return host ? this.#signInBar.withProof(host) : false;
  }

  /** Ends the session, as the host page's own sign-out should. */
  signOut() {
    return this.#conversation.identity ? this.#signInBar.leave() : undefined;
  }

  get identity() {
    return this.#conversation.identity;
  }

  // --- building ---

  #build() {
    const title = this.getAttribute("heading") ?? words.title;
    this.#title.append(title);
    this.#welcome = h("section.welcome", null, h("h3", null, words.welcome), h("p", null, words.promise), this.#tryThese, this.#suggestions);
    this.#scroller = h(
      "div.scroller",
      { tabindex: 0, role: "group", "aria-label": words.conversation, part: "conversation" },
      this.#welcome,
      this.#log.node,
      this.#choices,
      this.#typing,
    );
    const restart = tool(words.restart, () => this.#restart());
    const cross = !this.#page && h("button.close", { onclick: () => this.close(), "aria-label": words.close }, icon(CROSS));
    this.#panel = h(
      this.#page ? "section.panel.page" : "dialog.panel",
      // Escape in a full-screen dialog comes as `cancel`.
      { "aria-labelledby": "title", part: "panel", onkeydown: (event) => this.#key(event), oncancel: (event) => this.#leave(event) },
      h("div.bar", { part: "header" }, icon(MARK), h("div", null, this.#title, h("p", null, words.tagline)), cross),
      h("div.tools.top", null, this.#signInBar.node, h("span.actions", null, this.#large, this.#person, restart)),
      this.#signInBar.panel,
      this.#status,
      this.#scroller,
      this.#composer.node,
    );
    this.#launcher =
      !this.#page &&
      h("button.launcher", { part: "launcher", "aria-haspopup": "dialog", onclick: () => this.open() }, icon(MARK), h("span", null, title));
    this.#root = h("div.root", { lang: words.language }, this.#launcher, this.#panel);
    const shadow = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.#root);
    this.#setLarge(this.#memory.large);
  }

  #start() {
    this.#attend();
    this.#colours();
    if (this.#memory.open && !this.#page) this.open();
    this.#introduce();
    set(this.#log.node, "aria-busy", true);
    this.#conversation.resume().then(() => {
      set(this.#log.node, "aria-busy", null);
      this.#toEnd();
      if (!this.#memory.session && (this.proof || this.hasAttribute("assertion-url"))) this.signIn();
    });
  }

  /** Listens to what happens around the widget for as long as it is in the page. */
  #attend() {
    this.#leaving?.abort();
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    const conversation = this.#conversation;
    const look = () => {
      conversation.attended = document.visibilityState === "visible" && (this.#page || this.#panel.open);
      conversation.follow();
    };
    look();
    document.addEventListener("visibilitychange", look, { signal });
    window.addEventListener("online", () => conversation.setOnline(true), { signal });
    window.addEventListener("offline", () => conversation.setOnline(false), { signal });
    this.#dark.addEventListener("change", () => this.#colours(), { signal });
    this.#phone.addEventListener("change", () => this.#reopen(), { signal });
  }

  #reopen() {
    if (this.#page || !this.#panel.open) return;
    this.#panel.close();
    this.open();
  }

  #colours() {
    const theme = this.getAttribute("theme");
    this.#root.classList.toggle("dark", theme ? theme === "dark" : this.#dark.matches);
  }

  #setLarge(on) {
    this.#memory.large = on;
    this.#root.classList.toggle("large", on);
    set(this.#large, "aria-pressed", on);
    this.#composer.fit();
  }

  /** The assistant goes by the name of its rule pack, and says what can be asked. */
  async #introduce() {
    const about = await this.#conversation.api.call("GET", "about", { session: null }).catch(() => null);
    if (!about) return;
    if (!this.hasAttribute("heading")) {
      this.#title.textContent = about.title;
      if (this.#launcher) this.#launcher.lastChild.textContent = about.title;
    }
    this.#announce("ready", { title: about.title });
    this.#offer(this.#suggestions, about.suggestions ?? []);
    this.#tryThese.hidden = !about.suggestions?.length;
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
    if (text === words.person && this.#memory.session) this.#askForPerson();
    else this.#conversation.say(text);
    this.#composer.focus();
  }

  // --- showing ---

  #changed(expired = false) {
    if (!this.#root) return;
    const conversation = this.#conversation;
    if (expired) return conversation.note(words.expired);
    const newest = this.#log.update();
    this.#welcome.hidden = conversation.entries.some(({ from }) => from !== "note") || this.#memory.outbox.length > 0;
    const last = conversation.entries.at(-1);
    const open = this.#memory.outbox.length ? [] : [...(last?.choices ?? [])];
    if (last?.offers?.includes("handoff") && conversation.handoff.state === "none") open.push(words.person);
    this.#offer(this.#choices, open);
    this.#signInBar.update();
    this.#tell();
    this.#count(newest);
    if (newest) this.#bringIntoView(newest);
    const identity = JSON.stringify(conversation.identity);
    if (identity === this.#told) return;
    this.#told = identity;
    this.#announce("identity", conversation.identity);
  }

  #tell() {
    const conversation = this.#conversation;
    const { state, handoff, online, connected } = conversation;
    const busy = { typing: words.typing, slow: words.slow, waiting: words.waiting }[state] ?? "";
    if (this.#typing.dataset.state !== state) {
      this.#typing.dataset.state = state;
      this.#typing.replaceChildren(busy && h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")), busy);
      if (busy) this.#toEnd();
    }
    const broken = !online ? words.offline : connected ? "" : words.reconnecting;
    const person = {
      queued: handoff.position > 1 ? fill(words.queued, { n: handoff.position - 1 }) : words.next,
      claimed: fill(words.claimed, { who: handoff.who ?? words.staff }),
    }[handoff.state];
    const told = broken || person || "";
    this.#person.hidden = handoff.state !== "none";
    if (this.#status.dataset.told === told) return;
    this.#status.dataset.told = told;
    this.#status.className = broken ? "status broken" : "status";
    this.#status.replaceChildren(told);
    if (!broken && handoff.state === "queued") {
      this.#status.append(tool(words.leave, () => this.#attempt(conversation.leaveQueue())));
    }
  }

  #count(newest) {
    if (!this.#launcher) return;
    if (newest && !this.#panel.open && /assistant|staff/.test(newest.className)) this.#unread += 1;
    this.#launcher.hidden = this.#panel.open;
    set(this.#launcher, "data-unread", this.#unread || null);
    const label = `${words.open} ${this.#launcher.lastChild.textContent}`;
    set(this.#launcher, "aria-label", this.#unread ? `${label}，${fill(words.unread, { n: this.#unread })}` : label);
  }

  /** Shows the newest entry whole; one that is too long is read from its beginning, below its question if that fits. */
  #bringIntoView(article) {
    const asked = article.previousElementSibling;
    const room = this.#scroller.clientHeight;
    const first = asked && asked.offsetHeight < room / 3 ? asked : article;
    if (article.offsetHeight < room) this.#toEnd();
    else this.#scroller.scrollTop = first.offsetTop - 12;
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #announce(event, detail) {
    this.dispatchEvent(new CustomEvent(`rule-assistant-${event}`, { detail }));
  }

  // --- doing ---

  #key(event) {
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) this.#leave(event);
  }

  #leave(event) {
    if (!this.#page) event.preventDefault();
    this.close();
  }

  #askForPerson() {
    if (this.#memory.session) return this.#attempt(this.#conversation.askForPerson());
    // Nobody can be handed over before there is a conversation: said in words, it opens one.
    this.#choose(words.person);
  }

  async #attempt(promise) {
    await promise.catch((error) => this.#conversation.note(error.message || words.reconnecting));
  }

  /** A new conversation; who is signed in to the host page stays signed in. */
  async #restart() {
    const { identity } = this.#conversation;
    const host = identity ? this.#proof() : null;
    if (host && (await this.#signInBar.withProof(host, true))) return;
    await this.#signInBar.leave(identity ? words.identityLost : "");
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
