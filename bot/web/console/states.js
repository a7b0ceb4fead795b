// What a view shows while there is nothing to show, and how it says that something went wrong.

import { button, el, fill } from "./elements.js";

export const loading = (text = "正在载入 ……") =>
  el("div.state", { role: "status" }, el("span.spinner", { "aria-hidden": "true" }), text);

export const empty = (title, detail, ...actions) =>
  el("div.state.empty", {}, el("strong", {}, title), detail ? el("p", {}, detail) : null, actions);

/** What went wrong, with a way to try again where that may help. */
export const failure = (error, again) =>
  el("div.state.failed", { role: "alert" }, el("strong", {}, sentence(error)), again && mayPass(error) ? button("重试", again) : null);

/** A sentence for people; what is not meant for them goes to the console of the browser. */
export function sentence(error) {
  if (error.status !== undefined) return error.message;
  console.error(error);
  return "页面出了点问题，请刷新后再试。";
}

const mayPass = (error) => error.status === undefined || error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500;

/**
 * Fills a place with what a request brings; until then it says that it loads.
 *
 * @param {HTMLElement} place
 * @param {() => Promise<any>} request
 * @param {(answer: any) => any} draw returns what to show
 * @param {AbortSignal} [signal] where it is aborted nothing is shown any more
 */
export async function load(place, request, draw, signal) {
  // What was asked for last is shown, whatever comes first.
  const turn = {};
  turns.set(place, turn);
  const stale = () => signal?.aborted || turns.get(place) !== turn;
  place.setAttribute("aria-busy", "true");
  if (!place.childElementCount || place.querySelector(":scope > .state")) fill(place, loading());
  try {
    const answer = await request();
    if (!stale()) keepingFocus(place, () => fill(place, draw(answer)));
  } catch (error) {
    if (!stale()) fill(place, failure(error, () => load(place, request, draw, signal)));
  } finally {
    if (!stale()) place.removeAttribute("aria-busy");
  }
}

const turns = new WeakMap();

/** Changes what stands in a place; what had the focus there has it again, or what follows where that is no longer possible. */
function keepingFocus(place, change) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : null;
  change();
  if (focused === null) return;
  const again = focused && document.getElementById(focused);
  const other = again?.disabled ? [...again.parentElement.querySelectorAll("button")].find((one) => !one.disabled) : null;
  (other ?? again ?? place.querySelector("button, a, [tabindex='0']"))?.focus({ preventScroll: true });
}

/** A short word at the edge of the page, which screen readers say as well. */
export function toast(text, tone = "good") {
  const place = document.getElementById("toasts");
  const note = el(`p.toast.${tone}`, {}, text);
  place.append(note);
  setTimeout(() => note.remove(), 4000);
}
