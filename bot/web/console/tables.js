// Tables: headings that sort, rows, pages.

import { button, el, fill } from "./elements.js";
import { count } from "./format.js";

/** Stands in a cell that has nothing to say; as a card, the row leaves it out. */
export const NOTHING = "–";

/**
 * @typedef {{id: string, name: string, cell: (row: any) => any, sort?: (row: any) => string | number, numeric?: boolean}} Column
 */

/**
 * A table whose rows are sorted in the browser; where a column has `sort`, its heading is a button.
 *
 * @param {string} caption says what the table shows, to screen readers
 * @param {Column[]} columns
 * @param {any[]} rows
 * @param {{sorted?: {id: string, down: boolean}, folding?: boolean}} [state] kept by the caller, so that the order outlives a
 *   page turned; `folding` shows rows as cards on a narrow screen
 */
export function table(caption, columns, rows, state = {}) {
  // The roles stay where a narrow screen shows rows as cards, which takes them from a table.
  const body = el("tbody", { role: "rowgroup" });
  const heads = columns.map((column) => heading(column));
  const node = el(`table.table${state.folding ? ".folding" : ""}`, { role: "table", "aria-label": caption }, el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads)), body);
  const draw = () => {
    heads.forEach((head, place) => mark(head, columns[place], state.sorted));
    fill(body, ordered(columns, rows, state.sorted).map((row) => line(columns, row)));
  };
  function heading(column) {
    if (!column.sort) return el(column.numeric ? "th.numeric" : "th", { scope: "col", role: "columnheader" }, column.name);
    const sorter = el("button.sorter", { type: "button", onclick: () => turn(column) }, column.name, el("span.arrow", { "aria-hidden": "true" }));
    return el(column.numeric ? "th.numeric" : "th", { scope: "col", role: "columnheader" }, sorter);
  }
  function turn({ id }) {
    state.sorted = { id, down: state.sorted?.id === id && !state.sorted.down };
    draw();
  }
  draw();
  return el("div.scroll", { tabindex: "0", role: "region", "aria-label": caption }, node);
}

function mark(head, column, sorted) {
  if (!column.sort) return;
  const down = sorted?.id === column.id ? sorted.down : null;
  head.setAttribute("aria-sort", down === null ? "none" : down ? "descending" : "ascending");
  head.querySelector(".arrow").textContent = down === null ? "" : down ? "▼" : "▲";
}

const collator = new Intl.Collator("zh-CN", { numeric: true });

function ordered(columns, rows, sorted) {
  const key = columns.find(({ id }) => id === sorted?.id)?.sort;
  if (!key) return rows;
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b)));
  return [...rows].sort((a, b) => compare(key(a), key(b)) * (sorted.down ? -1 : 1));
}

const line = (columns, row) =>
  el("tr", { role: "row" }, columns.map((column, place) => {
    const tag = place === 0 ? "th" : "td";
    const content = column.cell(row);
    const kind = `${column.numeric ? ".numeric" : ""}${content === NOTHING ? ".nothing" : ""}`;
    return el(tag + kind, { scope: place === 0 ? "row" : null, role: place === 0 ? "rowheader" : "cell", "data-label": column.name }, content);
  }));

/**
 * Pages of a list: before, after, and where one is.
 *
 * @param {{page: number, size: number, total: number}} at pages count from 1
 * @param {(page: number) => void} turn
 */
export function pager({ page, size, total }, turn) {
  const last = Math.max(1, Math.ceil(total / size));
  if (last === 1) return el("p.pager", {}, `共 ${count(total)} 条`);
  return el(
    "nav.pager",
    { "aria-label": "翻页" },
    button("上一页", () => turn(page - 1), { id: "page-before", disabled: page <= 1 }),
    el("span", {}, `第 ${count(page)} / ${count(last)} 页，共 ${count(total)} 条`),
    button("下一页", () => turn(page + 1), { id: "page-after", disabled: page >= last }),
  );
}
