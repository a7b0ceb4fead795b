// Who is asking: the badge with the verified numbers, and the ways to sign in. A number is never typed in here.

import { fill, form, gatewayLink, h, tool } from "./dom.js";
import words from "./words.yml";

const POPUP = "popup,width=440,height=680";

/**
 * @typedef {{assertion: string} | {session: string}} Proof what the host page hands over for its own login: a signed
 *   assertion, or a session that it has exchanged one for already
 */

/** @param {import("./conversation.js").Identity} identity */
const nameOf = ({ numbers, name }) => numbers?.[0] ?? name ?? "";

export class SignIn {
  node = h("div.identity", { part: "identity" });
  panel = h("div.verify", { hidden: true });
  #shown = "";
  #popup = null;
  #onMessage = (event) => this.#message(event);
  #conversation;
  #composer;
  #proof;

  /**
   * @param {import("./conversation.js").Conversation} conversation
   * @param {import("./composer.js").Composer} composer
   * @param {() => Promise<Proof | null> | null} proof null where the host page has no login of its own
   */
  constructor(conversation, composer, proof) {
    this.#conversation = conversation;
    this.#composer = composer;
    this.#proof = proof;
  }

  update() {
    const { identity } = this.#conversation;
    const print = JSON.stringify(identity);
    if (print === this.#shown) return;
    this.#shown = print;
    if (!identity) {
      this.node.replaceChildren(
        h("span", null, words.guest),
        tool(words.signIn, () => this.#start()),
      );
      return;
    }
    this.#endVerifying();
    const leave = tool(words.signOut, () => this.leave());
    this.node.replaceChildren(this.#badge(identity), leave);
  }

  #badge(identity) {
    const { numbers = [], handler } = identity;
    const label = h("span.badge", null, handler ? words.handler : words.verified, h("b", null, nameOf(identity)));
    if (numbers.length < 2) return label;
    label.append(fill(words.more, { n: numbers.length }));
    const buttons = numbers.map((number) =>
      h("button.choice", { onclick: () => this.#composer.insert(`${number} `) }, number),
    );
    return h(
      "details.numbers",
      null,
      h("summary", null, label),
      h("div.drawer", null, h("p", null, words.numbers), ...buttons),
    );
  }

  /** Signs in with the host page's login, or else by the verification page. */
  async #start() {
    // A window can be opened only while the press of the button is being handled.
    const host = this.#proof();
    if (!host || !(await this.withProof(host))) await this.#verify();
  }

  /** Swaps the host page's proof for a session, `anew` for another one; resolves to whether somebody is signed in. */
  withProof(host, anew = false) {
    return this.#swap(async () => {
      const proof = await host;
      if (!proof) return false;
      const { api } = this.#conversation;
      // Whoever is signed in already would go on in the session there is.
      if (anew) await api.call("DELETE", "session").catch(() => {});
      const { assertion } = proof;
      const answer = assertion ? await api.call("POST", "identity/assertion", { body: { assertion } }) : proof;
      const { session } = answer;
      this.#begin(session, answer.identity ?? (await api.call("GET", "session", { session })).identity);
      return true;
    });
  }

  /** Whether it worked; a failure is told. */
  async #swap(work) {
    try {
      return await this.#conversation.swap(work);
    } catch (error) {
      this.#conversation.note(error.message || words.reconnecting);
      return false;
    }
  }

  #begin(session, identity) {
    this.#conversation.begin(session, identity);
    if (identity) this.#conversation.note(fill(words.identityFound, { who: nameOf(identity) }));
    this.#composer.focus();
  }

  async leave(told = words.identityLost) {
    const { api, memory } = this.#conversation;
    const { session } = memory;
    this.#conversation.begin();
    if (told) this.#conversation.note(told);
    this.#composer.focus();
    // Without a network the session ends by itself; this tab has forgotten it already.
    if (session) await api.call("DELETE", "session", { session }).catch(() => {});
  }

  // --- the verification page ---

  async #verify() {
    const conversation = this.#conversation;
    const popup = window.open("about:blank", "_blank", POPUP);
    let link;
    try {
      const { memory, api } = conversation;
      const answer = await api.call("POST", "identity/links", { body: {} });
      if (answer.session && answer.session !== memory.session) conversation.begin(answer.session);
      link = gatewayLink(answer.url, api.base, "/verify/", words.verifyLink);
    } catch (error) {
      popup?.close();
      this.#conversation.note(error.message || words.reconnecting);
      return;
    }
    if (!link) return popup?.close();
    // The page tells its opener, so this link keeps it.
    link.rel = "opener";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#popup = window.open(link.href, "_blank", POPUP);
    });
    this.#popup = popup;
    if (popup) popup.location.replace(link.href);
    this.#waitForGrant(popup ? null : link);
  }

  #waitForGrant(link) {
    const field = h("input", { id: "code", autocomplete: "one-time-code", maxlength: 64, spellcheck: "false" });
    const ask = form(
      "form",
      null,
      () => field.value.trim() && this.#redeem(field.value.trim()),
      h("p", null, link ? words.blocked : words.verify, link),
      h("p.tools", null, h("label", { for: "code" }, words.code), field, h("button.small", { type: "submit" }, words.confirm),
        tool(words.cancel, () => this.#endVerifying())),
    );
    this.panel.replaceChildren(ask);
    this.panel.hidden = false;
    field.focus();
    window.addEventListener("message", this.#onMessage);
  }

  #endVerifying() {
    window.removeEventListener("message", this.#onMessage);
    this.panel.replaceChildren();
    this.panel.hidden = true;
    this.#popup = null;
  }

  /** A grant counts only from the gateway, and only from the window that was opened here. */
  async #message({ origin, source, data }) {
    const ours = origin === this.#conversation.api.base && source && source === this.#popup;
    if (!ours || data?.type !== "rule-assistant-grant" || typeof data.grant !== "string") return;
    if (await this.#redeem(data.grant)) source.postMessage({ type: "rule-assistant-grant-received" }, origin);
  }

  /** Resolves to whether somebody is signed in. */
  #redeem(grant) {
    return this.#swap(async () => {
      const { session, identity } = await this.#conversation.api.call("POST", "identity/grant", { body: { grant } });
      this.#endVerifying();
      this.#begin(session, identity);
      return true;
    });
  }
}
