// What is kept only as long as somebody is signed in. All of it stays in this page: never in the address or the browser's storage.

// A session that ends by itself may end while somebody types: what they had begun waits for them, but not for ever.
const WAIT_MS = 30 * 60_000;
const forgetters = new Set();
let awaited = "";
let timer = 0;

/** Called when the person leaves: what a module remembers of their work goes with them. */
export const onLeave = (forget) => forgetters.add(forget);

export function forgetAll() {
  clearTimeout(timer);
  awaited = "";
  for (const forget of forgetters) forget();
}

/** The session of this person ended: what they had begun is kept until they are back. */
export function keepFor(name) {
  clearTimeout(timer);
  awaited = name;
  timer = setTimeout(forgetAll, WAIT_MS);
}

/** Somebody came in: anybody but the one whose work waits finds nothing of it. */
export function welcomeBack(name) {
  if (awaited !== name) forgetAll();
  clearTimeout(timer);
  awaited = "";
}
