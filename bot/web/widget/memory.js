// What is remembered: in this tab the session, what is not sent yet and what was ticked off; in this browser the size.

const KEY = "rule-assistant";

/**
 * @typedef {{id: string, text: string, state: "sending" | "held" | "failed", message?: string, final?: boolean}} Unsent
 *   a message that the server has not confirmed; `final`: sending it again would not help
 */

export class Memory {
  #key;

  /** @param {string} endpoint two assistants on one site do not share a session */
  constructor(endpoint) {
    this.#key = `${KEY} ${endpoint}`;
    /** @type {string | null} */
    this.session = null;
    /** @type {Unsent[]} */
    this.outbox = [];
    /** @type {string[]} */
    this.ticks = [];
    this.open = false;
    this.draft = "";
    try {
      const saved = JSON.parse(sessionStorage.getItem(this.#key) ?? "{}");
      if (typeof saved.session === "string") this.session = saved.session;
      if (Array.isArray(saved.outbox)) this.outbox = saved.outbox.filter((item) => item?.id && item.text);
      if (Array.isArray(saved.ticks)) this.ticks = saved.ticks;
      if (typeof saved.draft === "string") this.draft = saved.draft;
      this.open = saved.open === true;
    } catch {
      // Nothing usable is remembered: start afresh.
    }
  }

  /** Remembers what is here now. @param {Partial<Memory>} [changes] */
  save(changes = {}) {
    Object.assign(this, changes);
    const { session, outbox, ticks, open, draft } = this;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify({ session, outbox, ticks, open, draft }));
    } catch {
      // Storage is full or forbidden: the widget works on, it only forgets on reload.
    }
  }

  /** Whether large letters were chosen, in any tab and at any time. */
  get large() {
    try {
      return localStorage.getItem(KEY) === "large";
    } catch {
      return false;
    }
  }

  set large(on) {
    try {
      localStorage.setItem(KEY, on ? "large" : "");
    } catch {
      // As above.
    }
  }
}
