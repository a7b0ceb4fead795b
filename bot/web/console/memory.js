// What is kept only as long as somebody is signed in.

const forgetters = new Set();

/** Called when the person leaves: what a module remembers of their work goes with them. */
export const onLeave = (forget) => forgetters.add(forget);

export function forgetAll() {
  for (const forget of forgetters) forget();
}
