// Found places, with what was looked for marked.

import { el } from "./elements.js";

/**
 * A snippet as nodes.
 *
 * @param {{text: string, marks: [number, number][]}} snippet `marks`: from and to, in order, as the browser counts
 */
export function highlighted({ text, marks }) {
  const pieces = [];
  let after = 0;
  for (const [from, to] of marks) {
    pieces.push(text.slice(after, from), el("mark", {}, text.slice(from, to)));
    after = to;
  }
  return [...pieces, text.slice(after)];
}
