// The HTTP interface of the gateway. Every failure becomes an `ApiError` with a sentence for the user.

const GIVE_UP_MS = 30_000;

export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {boolean} mayPass whether the same request may succeed later
   * @param {string} [session] the session the failed request was made in
   */
  constructor(code, message, mayPass, session) {
    super(message);
    this.code = code;
    this.mayPass = mayPass;
    this.session = session;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{body?: object, session?: string | null}} [options]
 * @returns {Promise<any>} the JSON of the answer, null when it has none
 */
async function call(method, path, { body, session } = {}) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (session) headers.Authorization = `Bearer ${session}`;
  let response;
  let answer = null;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    if (response.status !== 204) answer = await response.json();
  } catch {
    throw new ApiError("offline", "连不上助手，请检查网络后重试。您的问题还在。", true);
  }
  if (!response.ok) {
    const { code = "failed", message = "系统出了点问题，请稍后再试。" } = answer?.error ?? {};
    // A question that is wrong in itself stays wrong; one without a session can be asked in a new one.
    const mayPass = response.status >= 500 || response.status === 401 || response.status === 408;
    throw new ApiError(code, message, mayPass, answer?.session);
  }
  return answer;
}

/** @returns {Promise<{session: string, messages: object[]}>} */
export const ask = (session, text) => call("POST", "/api/v1/messages", { body: session ? { session, text } : { text } });

/** @returns {Promise<{title: string, suggestions: string[]}>} */
export const about = () => call("GET", "/api/v1/about");

/** @returns {Promise<{number: string, title: string, ask: string}[] | null>} null outside demo mode */
export async function demoAccounts() {
  try {
    return (await call("GET", "/api/v1/demo/accounts")).accounts;
  } catch (error) {
    if (error.code === "not_found") return null;
    throw error;
  }
}

/** @returns {Promise<{session: string}>} */
export const signIn = (session, choice) =>
  call("POST", "/api/v1/demo/sign-in", { body: session ? { session, ...choice } : choice });

export const signOut = (session) => call("DELETE", "/api/v1/session", { session });

/** @returns {Promise<boolean>} whether the session is still there */
export async function isOpen(session) {
  try {
    await call("GET", "/api/v1/session", { session });
    return true;
  } catch (error) {
    return error.code !== "unknown_session";
  }
}

/** @returns {Promise<boolean>} */
export async function isReady() {
  try {
    return (await fetch("/readyz")).ok;
  } catch {
    return false;
  }
}
