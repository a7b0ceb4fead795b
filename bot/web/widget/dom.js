// Elements out of tags, attributes and children. Text only ever enters the page as text.

/**
 * @param {string} tag with classes: `li.step`
 * @param {Record<string, any> | null} [attributes] `onclick` and the like are listeners; false, null and undefined
 *   are left out. Values that come from an answer never name the attribute, and never go into an address.
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  if (name === "button") node.type = "button";
  return filled(node, attributes ?? {}, children);
}

/** An element of a drawing. */
export const svg = (name, attributes, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else set(node, name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

/** Sets an attribute, or takes it away for null, undefined and false; for false, those of ARIA say so in words. */
export function set(node, name, value) {
  const flag = typeof value === "boolean" && !name.startsWith("aria-");
  if (value == null || (flag && !value)) node.removeAttribute(name);
  else node.setAttribute(name, flag ? "" : value);
}

/** A quiet button. */
export const tool = (label, onclick, kind = "") => h(`button.tool${kind}`, { onclick }, label);

/** A form that does something in the page instead of being sent. */
export const form = (tag, attributes, submit, ...children) =>
  h(tag, { ...attributes, onsubmit: (event) => (event.preventDefault(), submit()) }, ...children);

/** An icon of the widget's own, 24 by 24, drawn with a pen. */
export const icon = (path) =>
  svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, svg("path", { d: path }));

/**
 * @param {string} sentence with places such as `{n}`
 * @param {Record<string, string | number>} values
 */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));

/** A list of texts. */
export const list = (tag, texts) => h(tag, null, ...texts.map((text) => h("li", null, String(text))));

/** A link to a page of the gateway; null for every other address. */
export function gatewayLink(address, base, folder, ...children) {
  let url;
  try {
    url = new URL(String(address), base);
  } catch {
    return null;
  }
  return url.href.startsWith(base + folder) ? h("a", { href: url.href, target: "_blank", rel: "noopener" }, ...children) : null;
}

/** Copies a text; resolves to whether that worked. */
export async function copyText(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages without TLS have no clipboard; the old way still works there.
    const field = h("textarea", { class: "hidden-label", "aria-hidden": "true" });
    field.value = text;
    root.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
