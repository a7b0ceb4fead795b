// Search over the rules and over what was said.

import { get, withQuery } from "../api.js";
import { operationOptions, subject } from "../catalogue.js";
import { el, field, fill, select } from "../elements.js";
import { onSubmit } from "../forms.js";
import { CHANNELS, DECISIONS, readableMoment, veiled } from "../format.js";
import { onLeave } from "../memory.js";
import { highlighted } from "../snippets.js";
import { empty, load } from "../states.js";
import { pager } from "../tables.js";
import { placeName } from "../answer.js";

const SIZE = 20;
const ANY = ["", "不限"];
const FILTERS = ["from", "to", "decision", "operation", "channel", "feedback"];

// Words that were begun and not looked for yet.
let draft = "";
onLeave(() => (draft = ""));

export function show({ root, params, me, signal }) {
  const mayReadAll = me.role === "supervisor";
  const tab = params.get("tab") === "conversations" && mayReadAll ? "conversations" : "rules";
  const value = (name) => params.get(name) ?? "";
  const words = el("input", { type: "search", autocomplete: "off", maxlength: "200", placeholder: tab === "rules" ? "例如：介绍信、协议期、滞纳金" : "客户说过的话，例如：换号 欠费", value: value("q") || draft, required: tab === "rules", "data-missing": "请填写要找的词。" });
  words.addEventListener("input", () => (draft = words.value));
  const controls = {
    from: el("input", { type: "date", value: value("from") }),
    to: el("input", { type: "date", value: value("to") }),
    decision: select([ANY, ...Object.entries(DECISIONS)], value("decision")),
    operation: select([ANY, ...operationOptions()], value("operation")),
    channel: select([ANY, ...Object.entries(CHANNELS)], value("channel")),
    feedback: select([ANY, ["up", "有帮助"], ["down", "没有帮助"]], value("feedback")),
  };
  const result = el("div.card", { "aria-live": "polite" });
  const form = el(
    "form.stack",
    { role: "search" },
    el("div.row", {}, field("找什么", words, { className: "grow" }), el("button.button.primary", { type: "submit" }, "检索")),
    tab === "conversations"
      ? el("div.row", {}, field("从", controls.from), field("到", controls.to), field("怎么答的", controls.decision), field("业务", controls.operation), field("渠道", controls.channel), field("评价", controls.feedback))
      : null,
  );
  fill(
    root,
    el("div.view-head", {}, el("div", {}, el("h1", {}, "检索"), el("p", {}, tab === "rules" ? "在规则库的答复和原文里找。" : "在已隐去个人信息的对话里找。"))),
    !mayReadAll ? null : el("nav.tabs", { "aria-label": "检索范围" }, tabLink("rules", "规则", tab, words), tabLink("conversations", "对话", tab, words)),
    el("div.card.search-form", {}, el("div.body", {}, form)),
    result,
  );
  const filled = FILTERS.some((name) => value(name));
  if (value("q") || (tab === "conversations" && filled)) search(Number(value("page")) || 1);
  else fill(result, empty("还没有检索", tab === "rules" ? "输入一个词，看它写在哪些规则里。" : "可以只用筛选条件，不输入词。"));
  onSubmit(form, () => search(1));
  words.focus();

  function search(page) {
    const q = words.value.trim();
    draft = "";
    if (tab === "rules") {
      history.replaceState(null, "", withQuery("#/search", { tab, q: veiled(q) }));
      load(result, () => get(withQuery("search/rules", { q }), { signal }), rulesFound, signal);
      return;
    }
    const asked = { q, page: page > 1 ? page : "" };
    for (const name of FILTERS) asked[name] = controls[name].value;
    history.replaceState(null, "", withQuery("#/search", { tab, ...asked, q: veiled(q) }));
    load(result, () => get(withQuery("search/conversations", asked), { signal }), (answer) => conversationsFound(answer, search), signal);
  }
}

const tabLink = (id, name, tab, words) =>
  el("a", { href: `#/search?tab=${id}`, "aria-current": id === tab ? "page" : null, onclick: (event) => {
    event.preventDefault();
    location.hash = withQuery("#/search", { tab: id, q: veiled(words.value.trim()) }).slice(1);
  } }, name);

function rulesFound({ results }) {
  if (!results.length) return empty("规则里没有找到", "换一个词，或者写得短一些。");
  return [
    el("p.pager", {}, `找到 ${results.length} 处`),
    el("ol.hits", {}, results.map((hit) =>
      el(
        "li",
        {},
        el("p.hit-head", {}, el("strong", {}, subject(hit) || hit.title), hit.citations?.length ? el("small", {}, hit.citations.map(placeName).join("、")) : null),
        el("p.snippet", {}, highlighted(hit.snippet)),
      ),
    )),
  ];
}

function conversationsFound({ results, page, total }, turn) {
  if (!results.length) return empty("没有找到这样的对话", "换一个词，或者放宽筛选条件。");
  return [
    el("ol.hits", {}, results.map((hit) =>
      el(
        "li",
        {},
        el(
          "p.hit-head",
          {},
          el("a", { href: `#/conversation/${encodeURIComponent(hit.conversation)}?entry=${Number(hit.entry)}` }, readableMoment(hit.at)),
          el("span.tag", {}, CHANNELS[hit.channel] ?? hit.channel),
          hit.decision ? el("span.tag", {}, DECISIONS[hit.decision] ?? hit.decision) : null,
          subject(hit) ? el("small", {}, subject(hit)) : null,
          hit.feedback ? el(`span.tag.${hit.feedback === "up" ? "good" : "bad"}`, {}, hit.feedback === "up" ? "有帮助" : "没有帮助") : null,
        ),
        el("p.snippet", {}, highlighted(hit.snippet)),
      ),
    )),
    pager({ page, size: SIZE, total }, turn),
  ];
}
