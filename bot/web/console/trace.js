// Why an answer is what it is: the passages it rests on, how the question was understood, the rules and facts that were used.

import { placeName } from "./answer.js";
import { catalogue, subject, topicName } from "./catalogue.js";
import { button, el, icon } from "./elements.js";
import { DECISIONS, percent, readableDay } from "./format.js";

/** 「自 2026 年 1 月 1 日起有效」 */
export function validity({ from, to } = {}) {
  if (from && to) return `${readableDay(from)}至 ${readableDay(to)}有效`;
  if (from) return `自 ${readableDay(from)}起有效`;
  if (to) return `有效至 ${readableDay(to)}`;
  return "现行有效";
}

/** The original passages beside an answer. */
export function passages(places) {
  if (!places?.length) return null;
  return el(
    "section.passages",
    {},
    el("h3", {}, icon("book"), "依据原文"),
    places.map((place) =>
      el(
        "figure.passage",
        {},
        el("figcaption", {}, el("strong", {}, placeName(place))),
        place.passage ? el("blockquote", { tabindex: "0", "aria-label": `${placeName(place)}原文` }, place.passage) : el("p.hint", {}, "这里没有存放规则原文，请查阅文件。"),
      ),
    ),
  );
}

/** How sure the assistant is, as a bar that says so. */
export function confidence(share) {
  if (typeof share !== "number") return null;
  const bar = el("span.meter-fill");
  bar.style.width = `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`;
  const tone = share >= 0.8 ? "good" : share >= 0.53 ? "caution" : "bad";
  return el("span.confidence", {}, el(`span.meter.${tone}`, { "aria-hidden": "true" }, bar), `把握 ${percent(share)}`);
}

/** The question that asks for an alternative. */
function questionOf({ label, operation, topic, aspect }) {
  if (label) return label;
  if (topic) return topicName(topic);
  const one = catalogue().operations.find(({ id }) => id === operation);
  return one?.questions[aspect ?? "overview"] ?? one?.name ?? "";
}

/**
 * @param {object} trace of the answer of the staff API
 * @param {(text: string) => void} ask asks something else instead
 */
export function tracePanel(trace, ask) {
  const { rules_version: version, rules, facts } = trace;
  const understood = trace.understood ?? {};
  const others = (understood.alternatives ?? []).filter((one) => questionOf(one));
  return el(
    "section.trace",
    {},
    el("h3", {}, "判断过程"),
    el(
      "dl.pairs",
      {},
      el("dt", {}, "理解为"),
      el("dd", {}, el("span.tag.accent", {}, DECISIONS[understood.decision] ?? understood.decision ?? "–"), " ", subject(understood)),
      typeof understood.confidence === "number" ? [el("dt", {}, "把握"), el("dd", {}, confidence(understood.confidence))] : null,
      others.length
        ? [
            el("dt", {}, "也可能是"),
            el("dd.chips", {}, others.map((one) => button(`${subject(one)}${typeof one.confidence === "number" ? `　${percent(one.confidence)}` : ""}`, () => ask(questionOf(one)), { kind: "chip" }))),
          ]
        : null,
      version ? [el("dt", {}, "规则库"), el("dd", {}, `版本 ${version}`)] : null,
    ),
    rules?.length ? [el("h4", {}, "用到的规则"), el("ul.fact-list", {}, rules.map(rule))] : null,
    facts?.length ? [el("h4", {}, "用到的账户情况"), el("ul.fact-list", {}, facts.map(fact))] : null,
  );
}

const rule = ({ label, scope, from, to, citations }) =>
  el("li", {}, el("strong", {}, [label, scopeName(scope)].filter(Boolean).join("　")), el("small", {}, [validity({ from, to }), ...citations.map(placeName)].join(" · ")));

/** Whose rule it is; one for everybody says nothing. */
const scopeName = (scope) => catalogue().ownerships.find(({ id }) => id === scope)?.name ?? "";

const fact = ({ label, value, note }) => el("li", {}, el("span", {}, `${label}：`, el("strong", {}, value)), note ? el("small", {}, note) : null);
