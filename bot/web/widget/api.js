// The HTTP interface of the gateway. The token travels in a header or a body, never in a cookie or an address.

const GIVE_UP_MS = 20_000;

export class ApiError extends Error {
  /**
   * @param {number} status 0 where no answer came
   * @param {{message?: string, session?: string, seconds?: number}} [more] `seconds`: when to try again
   */
  constructor(status, { message = "", session, seconds = 0 } = {}) {
    super(message);
    this.status = status;
    this.session = session;
    this.seconds = seconds;
  }

  /** Whether the same request may succeed later without anybody doing anything. */
  get passes() {
    return /^(0|408|429|5..)$/.test(String(this.status));
  }
}

/** @param {Response} response */
async function failure(response) {
  const body = await response.json().catch(() => null);
  const seconds = Number(response.headers.get("Retry-After")) || 0;
  return new ApiError(response.status, { message: body?.error?.message, session: body?.session, seconds });
}

export class Api {
  #memory;

  /** @param {string} base address of the gateway @param {import("./memory.js").Memory} memory knows the session */
  constructor(base, memory) {
    this.base = base;
    this.#memory = memory;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{body?: object, session?: string | null, headers?: Record<string, string>, signal?: AbortSignal}} [options]
   *   `session`: by default the present one
   * @returns {Promise<Response>}
   */
  async #fetch(method, path, options = {}) {
    const { body, session = this.#memory.session, headers = {}, signal = AbortSignal.timeout(GIVE_UP_MS) } = options;
    if (body) headers["Content-Type"] = "application/json";
    else if (session) headers.Authorization = `Bearer ${session}`;
    let response;
    try {
      response = await fetch(new URL(`/api/v1/${path}`, this.base), {
        method,
        headers,
        body: body && JSON.stringify({ session: session ?? undefined, ...body }),
        signal,
        credentials: "omit",
      });
    } catch {
      throw new ApiError(0);
    }
    if (!response.ok) throw await failure(response);
    return response;
  }

  /** @returns {Promise<any>} the JSON of the answer, null when it has none */
  async call(method, path, options) {
    const response = await this.#fetch(method, path, options);
    try {
      return response.status === 204 ? null : await response.json();
    } catch {
      // The connection broke in the middle of the answer.
      throw new ApiError(0);
    }
  }

  /** @param {boolean} wait whether the answer comes with the response instead of over the stream */
  send(text, id, wait) {
    return this.call("POST", "messages", { body: { text, id }, headers: wait ? {} : { Prefer: "respond-async" } });
  }

  events(after, signal) {
    return this.#fetch("GET", "events", { headers: { Accept: "text/event-stream", "Last-Event-ID": String(after) }, signal });
  }
}
