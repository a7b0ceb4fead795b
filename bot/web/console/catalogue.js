// Names of what the rules are about. Loaded once; the pages name nothing themselves.

import { get } from "./api.js";

const EMPTY = { title: "业务规则助手", version: "", aspects: [], ownerships: [], operations: [], topics: [] };
let known = EMPTY;
let names = { operations: new Map(), topics: new Map(), aspects: new Map() };

export async function loadCatalogue() {
  known = { ...EMPTY, ...(await get("/console/catalogue.json")) };
  const byId = (list) => new Map(list.map((one) => [one.id, one.name]));
  names = { operations: byId(known.operations), topics: byId(known.topics), aspects: byId(known.aspects) };
}

export const catalogue = () => known;
export const operationName = (id) => names.operations.get(id) ?? id ?? "";
export const topicName = (id) => names.topics.get(id) ?? id ?? "";
export const aspectName = (id) => names.aspects.get(id) ?? id ?? "";

/** 「销户 · 所需材料」, as much of it as is known; a thing is its id, or `{id, name}`. */
export function subject({ operation, operations, topic, aspect, aspects }) {
  const named = (one, nameOf) => one?.name ?? nameOf(one);
  const things = [...(operations ?? (operation ? [operation] : [])).map((one) => named(one, operationName)), ...(topic ? [named(topic, topicName)] : [])];
  const points = (aspects ?? (aspect ? [aspect] : [])).map((one) => named(one, aspectName));
  return [things.join("、"), points.join("、")].filter(Boolean).join(" · ");
}

/** For a picker of operations; only those that a number can be checked for, where that is wanted. */
export const operationOptions = ({ checkable = false } = {}) =>
  known.operations.filter((one) => !checkable || one.checkable).map(({ id, name }) => [id, name]);
export const topicOptions = () => known.topics.map(({ id, name }) => [id, name]);
export const aspectOptions = () => known.aspects.map(({ id, name }) => [id, name]);

/**
 * What fits what somebody types, best first: names before other names, beginnings before middles.
 *
 * @returns {{kind: "operation" | "topic", id: string, name: string, also: string, one: object}[]}
 */
export function find(text, limit = 8) {
  const wanted = text.trim().toLowerCase();
  const scored = [];
  for (const [kind, list] of [["operation", known.operations], ["topic", known.topics]]) {
    for (const one of list) {
      const { score, also } = fit(one, wanted);
      if (score > 0) scored.push({ score, kind, id: one.id, name: one.name, also, one });
    }
  }
  // The sort is stable: what fits alike stays in the order of the documents.
  return scored.sort((a, b) => b.score - a.score).slice(0, limit);
}

function fit({ id, name, aliases }, wanted) {
  if (!wanted) return { score: 1, also: "" };
  if (name.toLowerCase().startsWith(wanted)) return { score: 4, also: "" };
  if (name.toLowerCase().includes(wanted)) return { score: 3, also: "" };
  const alias = aliases?.find((other) => other.toLowerCase().includes(wanted));
  if (alias) return { score: alias.toLowerCase().startsWith(wanted) ? 2.5 : 2, also: alias };
  return { score: id.startsWith(wanted) ? 1 : 0, also: "" };
}
