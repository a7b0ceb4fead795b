// The HTTP interface of the gateway. The token travels in a header or a body, never in a cookie or an address.

const GIVE_UP_MS = 20_000;

export class ApiError extends Error {
  /**
   * @param {string} code `offline` where no answer came
   * @param {number} status 0 where no answer came
   * @param {{message?: string, session?: string, seconds?: number}} [more] `seconds`: when to try again
   */
  constructor(code, status, { message = "", session, seconds = 0 } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.session = session;
    this.seconds = seconds;
  }

  /** Whether the same request may succeed later without anybody doing anything. */
  get passes() {
    return !this.status || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** @param {Response} response */
async function failure(response) {
  const body = await response.json().catch(() => null);
  const { code = "failed", message } = body?.error ?? {};
  const seconds = Number(response.headers.get("Retry-After")) || 0;
  return new ApiError(code, response.status, { message, session: body?.session, seconds });
}

export class Api {
  /** @param {string} base address of the gateway */
  constructor(base) {
    this.base = base;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{body?: object, session?: string | null, headers?: Record<string, string>, signal?: AbortSignal}} [options]
   * @returns {Promise<Response>}
   */
  async fetch(method, path, { body, session, headers = {}, signal = AbortSignal.timeout(GIVE_UP_MS) } = {}) {
    if (body) headers["Content-Type"] = "application/json";
    if (session) headers.Authorization = `Bearer ${session}`;
    let response;
    try {
      response = await fetch(new URL(path, this.base), {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal,
        credentials: "omit",
        cache: "no-store",
      });
    } catch {
      throw new ApiError("offline", 0);
    }
    if (!response.ok) throw await failure(response);
    return response;
  }

  /** @returns {Promise<any>} the JSON of the answer, null when it has none */
  async call(method, path, options) {
    const response = await this.fetch(method, `/api/v1/${path}`, options);
    try {
      return response.status === 204 ? null : await response.json();
    } catch {
      // The connection broke in the middle of the answer.
      throw new ApiError("offline", 0);
    }
  }

  about() {
    return this.call("GET", "about");
  }

  /** @param {boolean} wait whether the answer comes with the response instead of over the stream */
  send(session, text, id, wait) {
    const body = session ? { session, text, id } : { text, id };
    return this.call("POST", "messages", { body, headers: wait ? {} : { Prefer: "respond-async" } });
  }

  history(session, after) {
    return this.call("GET", `history?after=${after}`, { session });
  }

  events(session, after, signal) {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
    return this.fetch("GET", "/api/v1/events", { session, headers, signal });
  }
}
