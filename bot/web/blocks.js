// Turns the blocks of an answer into elements. Text only ever enters the page as text.

const SIGNS = { allowed: "✓", blocked: "✕", needs_review: "?", not_applicable: "–" };
const STATES = { met: "met", unmet: "unmet", unknown: "unknown" };
// Only pages of this gateway are linked to.
const PRINTED_PAGES = "/checklists/";
const MOMENTS = new Set(["barred", "waiting", "possible"]);
const TONE = { gap: "依据不全", warning: "请注意" };

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {...(Node | string)} children
 */
export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

const list = (tag, className, items) =>
  element(tag, className, ...items.map((item) => element("li", "", String(item))));

function section(heading, body, className = "") {
  return element("section", `part ${className}`.trim(), element("h4", "", heading), body);
}

function text(block) {
  const tone = TONE[block.tone];
  // Where the text begins with whom it is for, that becomes a heading.
  const heading = block.heading && block.text.startsWith(block.heading) ? block.heading : "";
  if (!tone && !heading) return element("p", "text", block.text);
  const box = element("div", tone ? `text tone ${block.tone}` : "text");
  if (heading) box.append(element("h3", "whose", heading));
  if (tone) box.append(element("strong", "", tone));
  box.append(element("p", "", heading ? block.text.slice(heading.length).replace(/^：/, "") : block.text));
  return box;
}

function checklist(block) {
  const marks = block.marks === "points" ? "points" : "boxes";
  const items = list("ul", marks, block.items ?? []);
  const card = element("section", "card checklist", element("h3", "", block.title), items);
  if (block.print?.startsWith(PRINTED_PAGES)) card.append(printLink(block.print));
  return card;
}

function printLink(address) {
  const link = element("a", "print", "打印办理清单", element("span", "hidden-label", "（在新窗口打开）"));
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function verdict(block) {
  const sign = element("span", "sign", SIGNS[block.status] ?? SIGNS.needs_review);
  sign.setAttribute("aria-hidden", "true");
  const card = element(
    "section",
    `card verdict ${block.status}`,
    element("header", "", sign, element("strong", "", block.status_text ?? ""), element("span", "number", block.number ?? "")),
    element("h3", "", block.title),
  );
  if (block.reasons?.length) card.append(section("原因", list("ul", "", block.reasons)));
  if (block.unknowns?.length) card.append(section("还要核实", list("ul", "", block.unknowns), "unknowns"));
  if (block.verify) card.append(element("p", "verify", block.verify));
  if (block.steps?.length) card.append(section("请按顺序做", list("ol", "steps", block.steps)));
  if (block.earliest && block.status !== "allowed") card.append(earliest(block));
  if (block.moments?.length) card.append(section("什么时候能办", timeline(block.moments), "when"));
  if (block.notices?.length) card.append(section("提示", list("ul", "", block.notices), "notices"));
  if (block.conditions?.length) card.append(section("逐项核对", conditions(block.conditions), "checked"));
  return card;
}

/** Every condition with the facts behind it, which staff get. */
function conditions(rows) {
  const heads = ["条件", "账户情况", "办法"].map((head) => {
    const cell = element("th", "", head);
    cell.scope = "col";
    return cell;
  });
  return element(
    "table",
    "conditions",
    element("thead", "", element("tr", "", ...heads)),
    element("tbody", "", ...rows.map(condition)),
  );
}

function condition({ state, state_text: label, requirement, facts, citation, remedy }) {
  const name = element("th", "", element("span", "state", label), element("span", "", requirement));
  name.scope = "row";
  if (citation) name.append(element("small", "", `《${citation.document}》${citation.section}`));
  const known = facts.map(({ label: fact, value, note }) =>
    element("p", "", `${fact}：${value}`, element("small", "", note)),
  );
  return element(
    "tr",
    // A class of the page's own, whatever the answer says.
    Object.hasOwn(STATES, state) ? STATES[state] : STATES.unknown,
    name,
    element("td", known.length ? "" : "nothing", ...(known.length ? known : ["–"])),
    element("td", remedy ? "" : "nothing", remedy ?? "–"),
  );
}

/** The days as a line from top to bottom: a list, so that it is read, wraps and grows with the text around it. */
function timeline(moments) {
  const line = element("ol", "timeline");
  for (const { date, day, state, text, notes } of moments) {
    const when = element("time", "", day);
    when.dateTime = date;
    const moment = element("li", MOMENTS.has(state) ? state : "", when, element("strong", "", text));
    if (notes?.length) moment.append(list("ul", "", notes));
    line.append(moment);
  }
  return line;
}

function earliest(block) {
  const day = element("time", "", readableDate(block.earliest));
  day.dateTime = block.earliest;
  if (block.earliest_certain) return element("p", "earliest", "最早可办理日期：", day);
  return element("p", "earliest", "要核实的都没有问题的话，最早可办理日期：", day);
}

function readableDate(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return `${year} 年 ${month} 月 ${day} 日`;
}

function citations(block, version) {
  const line = element("div", "citations", element("span", "", "依据："), element("ul", "", ...block.items.map(place)));
  if (version) line.append(element("small", "version", `规则库版本 ${version}`));
  return line;
}

/** A cited place; the original passage, which staff get, is folded away under it. */
function place({ document, section, passage }) {
  const name = `《${document}》${section}`;
  if (!passage) return element("li", "", name);
  const quoted = element("details", "", element("summary", "", name), element("blockquote", "", passage));
  return element("li", "quoted", quoted);
}

const RENDERERS = { text, checklist, verdict, citations };

/**
 * Elements for blocks; a kind of block this page does not know is left out.
 *
 * @param {object[]} blocks
 * @param {string | null} [version] of the rule base they come from
 */
export const renderBlocks = (blocks, version) =>
  blocks.filter((block) => Object.hasOwn(RENDERERS, block.type)).map((block) => RENDERERS[block.type](block, version));

/** Buttons that say something when pressed. */
export function renderChoices(choices, say) {
  return choices.map((choice) => {
    const button = element("button", "choice", choice);
    button.type = "button";
    button.addEventListener("click", () => say(choice));
    return element("li", "", button);
  });
}
