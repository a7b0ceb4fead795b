// A conversation as it was said, masked.

import { renderBlocks } from "./answer.js";
import { subject } from "./catalogue.js";
import { el } from "./elements.js";
import { DECISIONS, REASONS, readableMoment } from "./format.js";
import { confidence } from "./trace.js";

const WHO = { user: "客户", assistant: "助手", staff: "人工", note: "提示" };

/** One entry; `marked` is the one that was looked for. */
export function entry(one, marked) {
  const kind = Object.hasOwn(WHO, one.from) ? one.from : "note";
  return el(
    `li.entry.${kind}${marked === one.entry ? ".marked" : ""}`,
    { id: `entry-${one.entry}`, tabindex: marked === one.entry ? "-1" : null },
    el("p.entry-head", {}, el("strong", {}, WHO[kind]), el("time", { datetime: one.at }, readableMoment(one.at)), understood(one)),
    el("div.entry-body", {}, one.blocks?.length ? el("div.blocks", {}, renderBlocks(one.blocks)) : el("p.said", {}, one.text)),
    one.feedback ? feedback(one.feedback) : null,
  );
}

function understood(one) {
  if (!one.decision) return null;
  return el("span.understood", {}, el("span.tag", {}, DECISIONS[one.decision] ?? one.decision), subject(one) ? el("span", {}, subject(one)) : null, confidence(one.confidence));
}

function feedback(given) {
  const { score, reason, comment } = typeof given === "string" ? { score: given } : given;
  const text = [score === "up" ? "客户说有帮助" : "客户说没有帮助", REASONS[reason], comment].filter(Boolean).join("：");
  return el(`p.tag.${score === "up" ? "good" : "bad"}`, {}, text);
}

/** The whole of it, oldest first. */
export const transcript = (entries, marked) => el("ol.transcript", { "aria-label": "对话记录" }, entries.map((one) => entry(one, marked)));
