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
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else set(node, key, value);
  }
  node.append(...children.filter((child) => child || child === ""));
  return node;
}

/** Sets an attribute, or takes it away for false, null and undefined. */
export function set(node, name, value) {
  if (value === false || value == null) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** An element of a drawing. */
export function svg(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/** An icon of the widget's own, 24 by 24, drawn with a pen. */
export const icon = (path) =>
  svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, svg("path", { d: path }));

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
  const ours = /^https?:$/.test(url.protocol) && url.origin === new URL(base).origin && url.pathname.startsWith(folder);
  return ours ? h("a", { href: url.href, target: "_blank", rel: "noopener" }, ...children) : null;
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
