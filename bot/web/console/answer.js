// An answer as staff see it: its blocks, and the table of conditions.

import { el, icon } from "./elements.js";
import { readableDay } from "./format.js";

const SIGNS = { allowed: "✓", blocked: "✕", needs_review: "?", not_applicable: "–" };
const STATES = { met: "met", unmet: "unmet", unknown: "unknown" };
const MOMENTS = { barred: "barred", waiting: "waiting", possible: "possible" };
const TONES = { gap: "依据不全", warning: "请注意" };
// Only pages of this gateway are linked to.
const PRINTED_PAGES = "/checklists/";

/** 「《集团客户标准服务内容》五(二)」 */
export const placeName = ({ document, section }) => `《${document}》${section}`;

/** One of the names in `known`, whatever an answer says: it becomes a class of the page's own. */
const own = (known, name, other) => (Object.hasOwn(known, name) ? known[name] : other);

/** Elements for the blocks of a reply; a kind of block that is not known is left out. */
export const renderBlocks = (blocks) => (blocks ?? []).filter(({ type }) => Object.hasOwn(RENDERERS, type)).map((block) => RENDERERS[block.type](block));

const RENDERERS = { text, checklist, verdict, citations };

function text(block) {
  const tone = Object.hasOwn(TONES, block.tone) ? block.tone : "";
  const heading = block.heading && block.text.startsWith(block.heading) ? block.heading : "";
  const said = heading ? block.text.slice(heading.length).replace(/^：/, "") : block.text;
  if (!tone && !heading) return el("p.said", {}, block.text);
  return el(
    `div.said${tone ? `.toned.${tone}` : ""}`,
    {},
    heading ? el("h3", {}, heading) : null,
    tone ? el("strong.tone", {}, TONES[tone]) : null,
    el("p", {}, said),
  );
}

function checklist(block) {
  const link = block.print?.startsWith(PRINTED_PAGES)
    ? el("a.print", { href: block.print, target: "_blank", rel: "noopener" }, "打印办理清单", el("span.spoken", {}, "（在新窗口打开）"))
    : null;
  return el(
    "section.listed",
    {},
    el("h3", {}, block.title),
    el(`ul.${block.marks === "points" ? "points" : "boxes"}`, {}, (block.items ?? []).map((item) => el("li", {}, item))),
    link,
  );
}

function citations(block) {
  return el("p.cited", {}, icon("book"), el("span", {}, "依据：", block.items.map(placeName).join("、")));
}

/** A verdict with everything behind it. */
export function verdict(block) {
  return el(
    `section.verdict.${own(STATUS_CLASSES, block.status, "needs_review")}`,
    {},
    el(
      "header",
      {},
      el("span.sign", { "aria-hidden": "true" }, own(SIGNS, block.status, "?")),
      el("strong", {}, block.status_text ?? ""),
      block.number ? el("span.digits", {}, block.number) : null,
    ),
    el("h3.verdict-title", {}, block.title),
    part("原因", block.reasons, "ul.points"),
    part("还要核实", block.unknowns, "ul.points"),
    block.verify ? el("p.hint", {}, block.verify) : null,
    part("请按顺序做", block.steps, "ol.steps"),
    block.earliest && block.status !== "allowed" ? earliest(block) : null,
    block.moments?.length ? el("section.part", {}, el("h4", {}, "什么时候能办"), timeline(block.moments)) : null,
    part("提示", block.notices, "ul.points"),
    block.conditions?.length ? el("section.part", {}, el("h4", {}, `逐项核对（${tally(block.conditions)}）`), conditionsTable(block.conditions)) : null,
  );
}

const STATUS_CLASSES = { allowed: "allowed", blocked: "blocked", needs_review: "needs_review", not_applicable: "not_applicable" };

const part = (heading, items, tag) =>
  items?.length ? el("section.part", {}, el("h4", {}, heading), el(tag, {}, items.map((item) => el("li", {}, item)))) : null;

function earliest({ earliest: day, earliest_certain: certain }) {
  const label = certain ? "最早可办理日期：" : "要核实的都没有问题的话，最早可办理日期：";
  return el("p.earliest", {}, label, el("time", { datetime: day }, readableDay(day)));
}

/** The days as a line from top to bottom. */
const timeline = (moments) =>
  el(
    "ol.timeline",
    {},
    moments.map(({ date, day, state, text: what, notes }) =>
      el(
        `li.${own(MOMENTS, state, "waiting")}`,
        {},
        el("time", { datetime: date }, day),
        el("strong", {}, what),
        notes?.length ? el("ul.points", {}, notes.map((note) => el("li", {}, note))) : null,
      ),
    ),
  );

function tally(conditions) {
  const of = (state) => conditions.filter((one) => one.state === state).length;
  return [["符合", of("met")], ["不符合", of("unmet")], ["待核实", of("unknown")]]
    .filter(([, many]) => many)
    .map(([name, many]) => `${name} ${many}`)
    .join("，");
}

/** Every condition, met and unmet, with the facts behind it. */
export const conditionsTable = (conditions) =>
  el(
    "div.scroll",
    { tabindex: "0", role: "region", "aria-label": "逐项核对" },
    el(
      "table.table.conditions.folding",
      { role: "table", "aria-label": "逐项核对" },
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ["结果", "条件", "账户情况", "办法", "依据"].map((name) => el("th", { scope: "col", role: "columnheader" }, name)))),
      el("tbody", { role: "rowgroup" }, conditions.map(condition)),
    ),
  );

function condition({ state, state_text: label, requirement, facts, citation, remedy }) {
  const cell = (name, content) => el(content ? "td" : "td.nothing", { role: "cell", "data-label": name }, el("div", {}, content || "–"));
  return el(
    `tr.${own(STATES, state, "unknown")}`,
    { role: "row" },
    cell("结果", el(`span.tag.${own(STATES, state, "unknown")}`, {}, label)),
    el("th", { scope: "row", role: "rowheader", "data-label": "条件" }, el("div", {}, requirement)),
    cell("账户情况", facts?.length ? facts.map(fact) : null),
    cell("办法", remedy),
    cell("依据", citation ? el("small", {}, placeName(citation)) : null),
  );
}

const fact = ({ label, value, note }) => el("p.fact", {}, `${label}：`, el("strong", {}, value), note ? el("small", {}, note) : null);

/** Labelled facts with their source and time. */
export const factsTable = (facts, caption) =>
  el(
    "div.scroll",
    { tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table.table.facts.folding",
      { role: "table", "aria-label": caption },
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ["项目", "内容", "来源和时间"].map((name) => el("th", { scope: "col", role: "columnheader" }, name)))),
      el(
        "tbody",
        { role: "rowgroup" },
        facts.map(({ label, shown, note, reason }) =>
          el(
            reason ? "tr.unknown" : "tr",
            { role: "row" },
            el("th", { scope: "row", role: "rowheader", "data-label": "项目" }, el("div", {}, label)),
            el("td", { role: "cell", "data-label": "内容" }, el("div", {}, shown)),
            el("td", { role: "cell", "data-label": "来源和时间" }, el("small", {}, note ?? "")),
          ),
        ),
      ),
    ),
  );
