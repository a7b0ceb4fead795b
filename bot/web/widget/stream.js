// Keeps listening to the server: reconnects with growing pauses, and asks for the history where streaming fails.

import { eventReader } from "./sse.js";

const LONGEST_PAUSE_MS = 30_000;
// The server says something every 15 seconds; a connection that is silent for longer is dead.
const SILENCE_MS = 40_000;
const POLL_MS = 2_000;
const BROKEN_AFTER = 2;

export class Stream {
  #parts;
  #retry = 1000;
  #failures = 0;
  /** @type {AbortController | null} */
  #control = null;
  /** Tries again at once: the network is said to be back. */
  wake = () => {};

  /**
   * @param {{
   *   connect: (signal: AbortSignal) => Promise<Response>,
   *   heard: (name: string, data: any) => void,
   *   poll: () => Promise<void>,
   *   pending: () => boolean,
   *   up: (isUp: boolean) => void,
   *   lost: () => void,
   * }} parts `poll` asks for what is new, `pending` says whether something is awaited, `lost` means the session is gone
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Whether answers have to be fetched because they do not come by themselves. */
  get broken() {
    return this.#failures >= BROKEN_AFTER;
  }

  start() {
    if (this.#control) return;
    this.#control = new AbortController();
    this.#run(this.#control.signal);
  }

  stop() {
    this.#control?.abort();
    this.#control = null;
    this.wake();
  }

  async #run(signal) {
    while (!signal.aborted) {
      const status = await this.#listen(signal);
      if (signal.aborted) return;
      if (status === 401) return this.#parts.lost();
      this.#failures += 1;
      this.#parts.up(false);
      await this.#pause(signal);
    }
  }

  /** Listens until the connection ends; resolves to the status of a refusal, else 0. */
  async #listen(outer) {
    const inner = new AbortController();
    const end = () => inner.abort();
    outer.addEventListener("abort", end);
    let silence = setTimeout(end, SILENCE_MS);
    try {
      const response = await this.#parts.connect(inner.signal);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const read = eventReader((name, data) => this.#tell(name, data), (milliseconds) => (this.#retry = milliseconds));
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 0;
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS);
        this.#failures = 0;
        this.#parts.up(true);
        read(value);
      }
    } catch (error) {
      return error.status ?? 0;
    } finally {
      clearTimeout(silence);
      outer.removeEventListener("abort", end);
      inner.abort();
    }
  }

  #tell(name, data) {
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      return;
    }
    this.#parts.heard(name, value);
  }

  async #pause(signal) {
    const longest = Math.min(this.#retry * 2 ** (this.#failures - 1), LONGEST_PAUSE_MS);
    // Jitter: not everybody comes back at the same moment after a restart.
    let left = longest * (0.5 + Math.random() / 2);
    while (left > 0 && !signal.aborted) {
      const polling = this.broken && this.#parts.pending();
      const pause = polling ? Math.min(left, POLL_MS) : left;
      left -= pause;
      const woken = await new Promise((resolve) => {
        const timer = setTimeout(resolve, pause, false);
        this.wake = () => (clearTimeout(timer), resolve(true));
      });
      if (woken) return;
      if (polling && !signal.aborted) await this.#parts.poll().catch(() => {});
    }
  }
}
