// Makes elements. Text only ever enters the page as text, and an address only where it leads to this gateway.

const SVG = "http://www.w3.org/2000/svg";
const OWN_ADDRESS = /^(#|\/(?![/\\]))/;

/**
 * @param {string} tag with classes after dots: "p.hint.small"
 * @param {Record<string, any>} [options] attributes; a function under `onclick` and the like listens; `value`, `checked`,
 *   `disabled`, `hidden` and such are properties; null and undefined are left out
 * @param {...any} children nodes, texts, numbers, lists of them; null and false are left out
 */
export function el(tag, options = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(options)) set(node, key, value);
  node.append(...flat(children));
  return node;
}

function set(node, key, value) {
  if (value === null || value === undefined) return;
  if (typeof value === "function" && key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "href") setAddress(node, value);
  else if (key === "dataset") Object.assign(node.dataset, value);
  else if (typeof value === "boolean" || key === "value" || key === "className") node[key] = value;
  else if (!key.startsWith("on") && key !== "style" && key !== "srcdoc" && key !== "src") node.setAttribute(key, String(value));
}

/** An address that leads anywhere else is dropped, whoever wrote it. */
function setAddress(node, address) {
  if (OWN_ADDRESS.test(address)) node.setAttribute("href", address);
}

const flat = (children) =>
  children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));

/** An SVG element; `children` are nodes or texts. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(key, String(value));
  node.append(...flat(children));
  return node;
}

/** Puts other children into an element. */
export function fill(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

/** What only a screen reader says. */
export const spoken = (text) => el("span.spoken", {}, text);

/** A button; `options.kind` is "primary", "quiet" or "danger". */
export function button(label, onclick, { kind, icon: sign, ...options } = {}) {
  return el(`button.button${kind ? `.${kind}` : ""}`, { type: "button", onclick, ...options }, sign ? icon(sign) : null, label);
}

let fields = 0;

/** A label above its control, with a hint and a place for what is wrong with it. */
export function field(label, control, { hint, className = "" } = {}) {
  control.id ||= `field-${++fields}`;
  const note = hint ? el("small.hint", { id: `${control.id}-hint` }, hint) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return el(`div.field${className ? `.${className}` : ""}`, {}, el("label", { for: control.id }, label), control, note);
}

/** A `<select>`; `options` are `[value, text]` or `{label, options}` for a group. */
export function select(options, value = "", attributes = {}) {
  const one = ([key, text]) => el("option", { value: key, selected: key === value }, text);
  const node = el(
    "select",
    attributes,
    options.map((option) => (Array.isArray(option) ? one(option) : el("optgroup", { label: option.label }, option.options.map(one)))),
  );
  node.value = value ?? "";
  return node;
}

const PATHS = {
  ask: "M4 5h16v11H9l-5 4z",
  lookup: "M7 3h10v18H7zM10.5 18h3",
  companies: "M4 20V6l7-3v17M11 20V9l9 3v8M3 20h18M7 9h1M7 13h1M15 14h1M15 17h1",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 21 21",
  handoffs: "M4 13a8 8 0 0 1 16 0v5h-4v-6h4M4 13v5h4v-6H4M20 18c0 2-3 3-6 3",
  review: "M5 4h14v16H5zM8.5 12l2.5 2.5 4.5-5",
  dashboard: "M4 20h16M7 20v-7M12 20V6M17 20v-10",
  menu: "M4 7h16M4 12h16M4 17h16",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  plus: "M12 5v14M5 12h14",
  download: "M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14",
  close: "M6 6l12 12M18 6 6 18",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.5M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z",
  leave: "M14 4h5v16h-5M4 12h10M10.5 8.5 14 12l-3.5 3.5",
  send: "M4 12h15M13 6l6 6-6 6",
  up: "M12 19V6M6 11l6-6 6 6",
  book: "M5 4h6a2 2 0 0 1 2 2v14a2 2 0 0 0-2-2H5zM13 6a2 2 0 0 1 2-2h4v14h-4a2 2 0 0 0-2 2",
  back: "M20 12H5M11 6l-6 6 6 6",
  theme: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
};

/** A line drawing beside a text that says the same: screen readers pass over it. */
export const icon = (name) =>
  svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" }, svg("path", { d: PATHS[name] ?? "" }));

/** A key of the keyboard. */
export const key = (name) => el("kbd", {}, name);
