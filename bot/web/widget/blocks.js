// Turns the blocks of an answer into elements. A kind of block that is not known here is left out.

import { copyText, fill, gatewayLink, h, list } from "./dom.js";
import { verdict } from "./verdict.js";
import words from "./words.yml";

const PRINTED_PAGES = "/checklists/";

/**
 * @typedef {{base: string, ticks: string[], keep: () => void, key: string,
 *   version?: string | null}} Context `ticks`: what was ticked off; `key`: of the entry, to tell them apart
 */

const RENDERERS = { text, checklist, verdict, citations };

/** @param {any[]} blocks @param {Context} context @returns {Node[]} */
export const renderBlocks = (blocks, context) =>
  blocks
    .filter((block) => Object.hasOwn(RENDERERS, block?.type))
    .map((block, index) => RENDERERS[block.type](block, { ...context, key: `${context.key}.${index}` }));

function text({ text: said = "", heading = "", tone }) {
  const label = tone === "gap" ? words.gap : tone === "warning" && words.warning;
  // Where the text begins with whom it is for, that becomes a heading.
  const whose = heading && said.startsWith(heading) ? heading : "";
  const body = h("p.text", null, whose ? said.slice(whose.length).replace(/^：/, "") : said);
  if (!label && !whose) return body;
  return h(label ? `div.tone.${tone}` : "div", null, whose && h("h3.whose", null, whose), label && h("strong", null, label), body);
}

function checklist({ title = "", items = [], marks, print }, context) {
  const { base } = context;
  const link = print && gatewayLink(print, base, PRINTED_PAGES, words.print, h("span.hidden-label", null, words.newWindow));
  const copy = copyButton([title, ...items.map((item) => `□ ${item}`)].join("\n"));
  const boxes = marks === "points" ? null : tickList(items, context);
  return h(
    "section.card.checklist",
    { part: "card checklist" },
    h("header", null, h("h3", null, title), boxes?.count),
    boxes?.list ?? h("div.points", null, list("ul", items)),
    h("p.tools", null, link, copy),
  );
}

function tickList(items, { ticks, keep, key }) {
  const count = h("span.count", { role: "status" });
  const keys = items.map((_, index) => `${key}.${index}`);
  const recount = () => {
    count.textContent = fill(words.ticked, { n: keys.filter((one) => ticks.includes(one)).length, all: items.length });
  };
  const rows = items.map((item, index) => {
    const tick = () => {
      const at = ticks.indexOf(keys[index]);
      if (at >= 0) ticks.splice(at, 1);
      if (box.checked) ticks.push(keys[index]);
      keep();
      recount();
    };
    const box = h("input", { type: "checkbox", checked: ticks.includes(keys[index]), onchange: tick });
    return h("li", null, h("label", null, box, h("span", null, String(item))));
  });
  recount();
  return { count, list: h("ul.boxes", null, ...rows) };
}

/** A button that copies a text and says whether that worked. */
export function copyButton(text) {
  const button = h("button.tool", { "aria-live": "polite" }, words.copy);
  button.addEventListener("click", async () => {
    button.textContent = (await copyText(text, button.parentNode)) ? words.copied : words.notCopied;
    button.focus();
    setTimeout(() => (button.textContent = words.copy), 2500);
  });
  return button;
}

function citations({ items = [] }, { version }) {
  return h(
    "div.citations",
    null,
    h("span", null, words.sources),
    h("ul", null, ...items.map(place)),
    version && h("small", null, fill(words.version, { v: version })),
  );
}

/** A cited place; the original passage, where it comes along, is folded away under it. */
function place({ document, section, passage }) {
  const name = `《${document}》${section}`;
  if (!passage) return h("li", null, name);
  return h("li", null, h("details", null, h("summary", null, name), h("blockquote", null, passage)));
}
