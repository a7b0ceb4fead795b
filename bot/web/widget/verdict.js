// The verdict card: the result at a glance, then why, what to do first, and from which day.

import { fill, h, icon, list } from "./dom.js";
import { timeline } from "./timeline.js";
import words from "./words.yml";

const SIGNS = {
  allowed: "M5 12.5l4.5 4.5L19 7.5",
  blocked: "M7 7l10 10M17 7L7 17",
  needs_review: "M9 9.2a3 3 0 1 1 4.6 2.6c-1 .6-1.6 1.2-1.6 2.3M12 17.6v.4",
  not_applicable: "M6 12h12",
};

/** @param {any} block */
export function verdict(block) {
  const status = Object.hasOwn(SIGNS, block.status) ? block.status : "needs_review";
  const part = (title, body, kind = "") => h(`section.part${kind}`, null, h("h4", null, title), body);
  const lines = (title, texts, kind, tag = "ul") => texts?.length && part(title, list(tag, texts), kind);
  return h(
    `section.card.verdict.${status}`,
    { part: "card verdict" },
    h(
      "header",
      null,
      h("span.sign", null, icon(SIGNS[status])),
      h("strong", null, block.status_text),
      block.number && h("span.number", null, block.number),
    ),
    h("h3", null, block.title),
    lines(words.reasons, block.reasons),
    lines(words.unknowns, block.unknowns, ".unknowns"),
    block.verify && h("p.part", null, block.verify),
    lines(words.steps, block.steps, ".steps", "ol"),
    block.earliest && status !== "allowed" && earliest(block),
    block.moments?.length && part(words.when, timeline(block.moments)),
    lines(words.notices, block.notices, ".notices"),
  );
}

function earliest({ earliest: iso, earliest_certain: certain }) {
  const [y, m, d] = String(iso).split("-").map(Number);
  const day = h("time", { datetime: iso }, fill(words.date, { y, m, d }));
  return h("p.part.earliest", null, certain ? words.earliest : words.earliestIf, day);
}
