// What this browser tab remembers over a reload: the session, who is signed in, and what was said.

const KEY = "rule-assistant";

/**
 * @typedef {{from: "user", text: string}
 *   | {from: "assistant", blocks: object[], choices: string[], version?: string | null}
 *   | {from: "note", text: string}
 *   | {from: "error", text: string, message: string, retry: boolean}} Entry
 */

export class Store {
  constructor() {
    /** @type {string | null} */
    this.session = null;
    /** @type {string} who is signed in: a demo number, "staff" or "" */
    this.identity = "";
    /** @type {Entry[]} */
    this.entries = [];
    try {
      const saved = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
      if (typeof saved.session === "string") this.session = saved.session;
      if (typeof saved.identity === "string") this.identity = saved.identity;
      if (Array.isArray(saved.entries)) this.entries = saved.entries;
    } catch {
      // Nothing usable is remembered: start afresh.
    }
  }

  save() {
    try {
      const { session, identity, entries } = this;
      sessionStorage.setItem(KEY, JSON.stringify({ session, identity, entries }));
    } catch {
      // Storage is full or forbidden: the page works on, it only forgets on reload.
    }
  }

  /** Begins a conversation of which nothing has been said yet. */
  begin(session, identity) {
    this.session = session;
    this.identity = identity;
    this.entries = [];
    this.save();
  }
}
