// The staff API of the gateway. Every failure becomes an `ApiError` with a sentence for the person.

const BASE = "/api/v1/staff/";
const GIVE_UP_MS = 60_000;
let csrf = "";
let person = "";
/** @type {() => void} */
let whenSignedOut = () => {};

export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status 0 where no answer came
   */
  constructor(code, message, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Called when an answer says that nobody is signed in any more. */
export const onSignedOut = (callback) => (whenSignedOut = callback);

/**
 * @param {string} method
 * @param {string} path under /api/v1/staff/, or an absolute one
 * @param {{body?: object, signal?: AbortSignal, quiet?: boolean, anew?: boolean}} [options] `quiet`: a 401 is an answer, not the
 *   end of a session; `anew`: this is the second try
 */
async function send(method, path, { body, signal, quiet, anew } = {}) {
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  const limits = [AbortSignal.timeout(GIVE_UP_MS), ...(signal ? [signal] : [])];
  let response;
  try {
    response = await fetch(path.startsWith("/") ? path : BASE + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.any(limits),
      credentials: "same-origin",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("offline", "连不上服务器，请检查网络后重试。", 0);
  }
  if (!response.ok) {
    const answer = await response.json().catch(() => null);
    const { code = "failed", message = "系统出了点问题，请稍后再试。" } = answer?.error ?? {};
    // Another page of this browser has signed in anew: the same person goes on, anybody else is not who worked here.
    if (code === "wrong_csrf_token" && !anew) {
      const before = person;
      if ((await whoAmI())?.name === before) return send(method, path, { body, signal, quiet, anew: true });
      whenSignedOut();
    }
    if (response.status === 401 && !quiet) whenSignedOut();
    throw new ApiError(code, message, response.status);
  }
  return response;
}

async function json(method, path, options) {
  const response = await send(method, path, options);
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (error) {
    if (options?.signal?.aborted) throw error;
    throw new ApiError("failed", "服务器的答复不完整，请重试。", response.status);
  }
}

export const get = (path, options) => json("GET", path, options);
export const post = (path, body = {}, options) => json("POST", path, { body, ...options });
export const put = (path, body, options) => json("PUT", path, { body, ...options });

/** A path with its query; empty values are left out. */
export function withQuery(path, values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== "" && value !== null && value !== undefined) query.set(name, value);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Who is signed in: `{name, role}`; null where nobody is. */
export async function whoAmI() {
  try {
    return remember(await json("GET", "me", { quiet: true }));
  } catch (error) {
    if (error.status === 401) return null;
    throw error;
  }
}

export const signIn = async (name, password, code) => remember(await json("POST", "sign-in", { body: { name, password, code }, quiet: true }));

export async function signOut() {
  await json("POST", "sign-out", { body: {}, quiet: true });
  csrf = "";
}

function remember(me) {
  csrf = me.csrf;
  person = me.name;
  return me;
}

/** Saves a file; the browser asks nobody else for it. */
export async function download(path, name) {
  const blob = await (await send("GET", path)).blob();
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** What the gateway tells by itself; the browser connects again when the connection breaks. */
export const listen = (path) => new EventSource(BASE + path);
