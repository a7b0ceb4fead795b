// Keys. Those of a view live as long as the view; a key never acts while somebody types, unless it says so.

/** @type {Set<{keys: Record<string, (event: KeyboardEvent) => void>}>} */
const layers = new Set();

/** Whether the person is typing text, so that letters are letters. */
const typing = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])"));

/**
 * Listens to keys until the signal is aborted. Names: `c`, `?`, `/`, `Escape`, `Ctrl+k` (the Mac's command key counts as Ctrl).
 *
 * @param {Record<string, (event: KeyboardEvent) => void>} keys
 * @param {AbortSignal} [signal]
 */
export function onKeys(keys, signal) {
  const layer = { keys };
  layers.add(layer);
  signal?.addEventListener("abort", () => layers.delete(layer));
}

document.addEventListener("keydown", (event) => {
  // While an input method is composing, keys belong to it; 229 is how older browsers say so.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const held = event.ctrlKey || event.metaKey;
  if (!held && (typing(event.target) || event.altKey)) return;
  const name = held ? `Ctrl+${event.key.toLowerCase()}` : event.key;
  const open = document.querySelector("dialog[open]");
  for (const { keys } of [...layers].reverse()) {
    if (!Object.hasOwn(keys, name) || open) continue;
    event.preventDefault();
    keys[name](event);
    return;
  }
});

/** Enter that is meant as such: not the one that chooses a candidate of an input method. */
export const isEnter = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;

/** Rows that arrows and j/k walk through: `Home` and `End` as well. Returns how to move. */
export function walker(items, choose) {
  return (step) => {
    const all = items();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement?.closest?.("[data-walk]") ?? null);
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
    all[next].focus();
    choose?.(all[next]);
  };
}
