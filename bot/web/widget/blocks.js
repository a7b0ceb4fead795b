// Turns the blocks of an answer into elements. A kind of block that is not known here is left out.

import { copyText, gatewayLink, h, list } from "./dom.js";
import { verdict } from "./verdict.js";
import { fill } from "./words.js";

const PRINTED_PAGES = "/checklists/";

/**
 * @typedef {{words: import("./words.js").Words, base: string, ticks: string[], keep: () => void, key: string,
 *   version?: string | null}} Context `ticks`: what was ticked off; `key`: of the entry, to tell them apart
 */

const RENDERERS = { text, checklist, verdict: (block, { words }) => verdict(block, words), citations };

/** @param {any[]} blocks @param {Context} context @returns {Node[]} */
export const renderBlocks = (blocks, context) =>
  blocks
    .filter((block) => Object.hasOwn(RENDERERS, block?.type))
    .map((block, index) => RENDERERS[block.type](block, { ...context, key: `${context.key}.${index}` }));

function text({ text: words = "", heading = "", tone }, { words: { gap, warning } }) {
  const label = tone === "gap" ? gap : tone === "warning" && warning;
  // Where the text begins with whom it is for, that becomes a heading.
  const whose = heading && words.startsWith(heading) ? heading : "";
  const body = h("p.text", null, whose ? words.slice(whose.length).replace(/^：/, "") : words);
  if (!label && !whose) return body;
  return h(label ? `div.tone.${tone}` : "div", null, whose && h("h3.whose", null, whose), label && h("strong", null, label), body);
}

function checklist({ title = "", items = [], marks, print }, context) {
  const { words, base } = context;
  const link = print && gatewayLink(print, base, PRINTED_PAGES, words.print, h("span.hidden-label", null, words.newWindow));
  const copy = copyButton([title, ...items.map((item) => `□ ${item}`)].join("\n"), words);
  const boxes = marks === "points" ? null : tickList(items, context);
  return h(
    "section.card.checklist",
    { part: "card checklist" },
    h("header", null, h("h3", null, title), boxes?.count),
    boxes?.list ?? h("div.points", null, list("ul", items)),
    h("p.tools", null, link, copy),
  );
}

function tickList(items, { words, ticks, keep, key }) {
  const count = h("span.count", { role: "status" });
  const keys = items.map((_, index) => `${key}.${index}`);
  const recount = () => {
    count.textContent = fill(words.ticked, { n: keys.filter((one) => ticks.includes(one)).length, all: items.length });
  };
  const rows = items.map((item, index) => {
    const box = h("input", { type: "checkbox", checked: ticks.includes(keys[index]) });
    box.addEventListener("change", () => {
      const at = ticks.indexOf(keys[index]);
      if (at >= 0) ticks.splice(at, 1);
      if (box.checked) ticks.push(keys[index]);
      keep();
      recount();
    });
    return h("li", null, h("label", null, box, h("span", null, String(item))));
  });
  recount();
  return { count, list: h("ul.boxes", null, ...rows) };
}

/** A button that copies a text and says whether that worked. */
export function copyButton(words, { copy, copied, notCopied }) {
  const button = h("button.tool", { "aria-live": "polite" }, copy);
  button.addEventListener("click", async () => {
    button.textContent = (await copyText(words, button.parentNode)) ? copied : notCopied;
    button.focus();
    setTimeout(() => (button.textContent = copy), 2500);
  });
  return button;
}

function citations({ items = [] }, { words, version }) {
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
