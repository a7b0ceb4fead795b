// Who is asking: the badge with the verified numbers, and the ways to sign in. A number is never typed in here.

import { gatewayLink, h } from "./dom.js";
import { fill } from "./words.js";

const POPUP = "popup,width=440,height=680";

/**
 * @typedef {{assertion: string} | {session: string}} Proof what the host page hands over for its own login: a signed
 *   assertion, or a session that it has exchanged one for already
 */

export class SignIn {
  /**
   * @param {import("./conversation.js").Conversation} conversation
   * @param {import("./words.js").Words} words
   * @param {{proof: () => Promise<Proof | null> | null, insert: (text: string) => void, tell: (text: string) => void,
   *   begun: () => void}} parts `proof` is null where the host page has no login of its own
   */
  constructor(conversation, words, parts) {
    this.conversation = conversation;
    this.words = words;
    this.parts = parts;
    this.node = h("div.identity", { part: "identity" });
    this.panel = h("div.verify", { hidden: true });
    this.popup = null;
    this.onMessage = (event) => this.#message(event);
    this.shown = "";
  }

  update() {
    const { identity } = this.conversation;
    const print = JSON.stringify(identity);
    if (print === this.shown) return;
    this.shown = print;
    const { words } = this;
    if (!identity) {
      this.node.replaceChildren(
        h("span", null, words.guest),
        h("button.tool", { onclick: () => this.start() }, words.signIn),
      );
      return;
    }
    this.#endVerifying();
    const leave = h("button.tool", { onclick: () => this.leave() }, words.signOut);
    this.node.replaceChildren(this.#badge(identity), leave);
  }

  #badge({ numbers = [], name, handler }) {
    const { words } = this;
    const who = numbers[0] ?? name ?? "";
    const label = h("span.badge", null, handler ? words.handler : words.verified, h("b", null, who));
    if (numbers.length < 2) return label;
    label.append(fill(words.more, { n: numbers.length }));
    const buttons = numbers.map((number) =>
      h("button.choice", { onclick: () => this.parts.insert(`${number} `) }, number),
    );
    return h(
      "details.numbers",
      null,
      h("summary", null, label),
      h("div.drawer", null, h("p", null, words.numbers), ...buttons),
    );
  }

  /** Signs in with the host page's login, or else by the verification page. */
  async start() {
    // A window can be opened only while the press of the button is being handled.
    const host = this.parts.proof();
    if (!host) {
      await this.#verify();
      return;
    }
    if (!(await this.withProof(host))) await this.#verify();
  }

  /** Swaps the host page's proof for a session; resolves to whether somebody is signed in. */
  withProof(host) {
    return this.#swap(async () => {
      const proof = await host;
      if (!proof) return false;
      const { api, memory } = this.conversation;
      const body = { assertion: proof.assertion, session: memory.session ?? undefined };
      const answer = proof.assertion ? await api.call("POST", "identity/assertion", { body }) : proof;
      const { session } = answer;
      this.#begin(session, answer.identity ?? (await api.call("GET", "session", { session })).identity);
      return true;
    });
  }

  /** Whether it worked; a failure is told. */
  async #swap(work) {
    try {
      return await this.conversation.swap(work);
    } catch (error) {
      this.parts.tell(error.message || this.words.reconnecting);
      return false;
    }
  }

  #begin(session, identity) {
    this.conversation.begin(session, identity);
    if (identity) this.conversation.note(fill(this.words.identityFound, { who: identity.numbers?.[0] ?? identity.name ?? "" }));
    this.parts.begun();
  }

  async leave(told = this.words.identityLost) {
    const { api, memory } = this.conversation;
    const { session } = memory;
    this.conversation.begin();
    if (told) this.conversation.note(told);
    this.parts.begun();
    // Without a network the session ends by itself; this tab has forgotten it already.
    if (session) await api.call("DELETE", "session", { session }).catch(() => {});
  }

  // --- the verification page ---

  async #verify() {
    const { conversation, words } = this;
    const popup = window.open("about:blank", "_blank", POPUP);
    let link;
    try {
      const { memory, api } = conversation;
      const answer = await api.call("POST", "identity/links", { body: memory.session ? { session: memory.session } : {} });
      if (answer.session && answer.session !== memory.session) conversation.begin(answer.session);
      link = gatewayLink(answer.url, api.base, "/verify/", words.verifyLink);
    } catch (error) {
      popup?.close();
      this.parts.tell(error.message || words.reconnecting);
      return;
    }
    if (!link) return popup?.close();
    // The page tells its opener, so this link keeps it.
    link.rel = "opener";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.popup = window.open(link.href, "_blank", POPUP);
    });
    this.popup = popup;
    if (popup) popup.location.replace(link.href);
    this.#waitForGrant(popup ? null : link);
  }

  #waitForGrant(link) {
    const { words } = this;
    const field = h("input", { id: "code", autocomplete: "one-time-code", maxlength: 64, spellcheck: "false" });
    const form = h(
      "form",
      null,
      h("p", { id: "verify-hint" }, link ? words.blocked : words.verify, link),
      h("p.tools", null, h("label", { for: "code" }, words.code), field, h("button.small", { type: "submit" }, words.confirm),
        h("button.tool", { onclick: () => this.#endVerifying() }, words.cancel)),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim()) this.#redeem(field.value.trim());
    });
    this.panel.replaceChildren(form);
    this.panel.hidden = false;
    field.focus();
    window.addEventListener("message", this.onMessage);
  }

  #endVerifying() {
    window.removeEventListener("message", this.onMessage);
    this.panel.replaceChildren();
    this.panel.hidden = true;
    this.popup = null;
  }

  /** A grant counts only from the gateway, and only from the window that was opened here. */
  #message({ origin, source, data }) {
    const ours = origin === new URL(this.conversation.api.base).origin && source && source === this.popup;
    if (ours && data?.type === "rule-assistant-grant" && typeof data.grant === "string") this.#redeem(data.grant);
  }

  async #redeem(grant) {
    const { api, memory } = this.conversation;
    await this.#swap(async () => {
      const { session, identity } = await api.call("POST", "identity/grant", { body: { session: memory.session, grant } });
      this.#endVerifying();
      this.#begin(session, identity);
    });
  }
}
