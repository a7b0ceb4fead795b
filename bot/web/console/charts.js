// Small charts: drawn as wide as there is room, each with a title, a sentence that says what it shows, and its figures as a table.

import { el, fill, svg } from "./elements.js";
import { table } from "./tables.js";

const HEIGHT = 190;
const TOP = 10;
const BOTTOM = 24;
const LEFT = 44;
const RIGHT = 8;
const BAR = 30;
let charts = 0;

/**
 * @typedef {{name: string, tone: string, values: (number | null)[]}} Series `tone` is one of the tones of desk.css
 * @typedef {{title: string, says: string, labels: string[], names?: string[], series: Series[], show?: (value: number) => string}} Data
 *   `labels` stand under the axis, `names` (if they are others) in the table and in what a mark says
 */

/** A chart in a card. `draw(width)` gives the children of its drawing and its height. */
function card({ title, says }, draw, legend, figures) {
  const id = `chart-${++charts}`;
  const plot = el("div.plot");
  const node = el(
    "figure.card.chart",
    { "aria-labelledby": `${id}-heading` },
    el("figcaption", {}, el("h2", { id: `${id}-heading` }, title), el("p.hint", {}, says)),
    legend,
    plot,
    el("details", {}, el("summary", {}, "看数字"), figures),
  );
  let drawn = 0;
  const redraw = () => {
    const width = Math.floor(plot.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    const { height, marks } = draw(width);
    fill(
      plot,
      svg(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-labelledby": `${id}-title ${id}-says` },
        svg("title", { id: `${id}-title` }, title),
        svg("desc", { id: `${id}-says` }, says),
        marks,
      ),
    );
  };
  // It goes with the element that it looks at.
  new ResizeObserver(redraw).observe(plot);
  return node;
}

const legendOf = (series) =>
  series.length < 2 ? null : el("ul.legend", {}, series.map(({ name, tone }) => el("li", {}, svg("svg", { viewBox: "0 0 12 12", class: "key", "aria-hidden": "true" }, svg("rect", { width: 12, height: 12, rx: 2, class: `tone-${tone}` })), name)));

function figuresOf({ title, names, labels, series, show = String }, heading) {
  const rows = (names ?? labels).map((name, place) => ({ name, values: series.map(({ values }) => values[place]) }));
  const columns = [
    { id: "name", name: heading, cell: (row) => row.name },
    ...series.map((one, place) => ({ id: `s${place}`, name: one.name, numeric: true, cell: (row) => (row.values[place] === null ? "–" : show(row.values[place])), sort: (row) => row.values[place] ?? -1 })),
  ];
  return table(`${title}的数字`, columns, rows);
}

/** Round steps up to at least the largest value. */
function ticks(largest) {
  const rough = Math.max(largest, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 1);
  const found = [];
  for (let at = 0; at < largest + step; at += step) found.push(at);
  return found.length > 1 ? found : [0, step];
}

/** The grid with its figures, and the labels under it: as many as there is room for, the last one always. */
function frame({ labels, show = String }, largest, width) {
  const steps = ticks(largest);
  const top = steps.at(-1);
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const slot = (width - LEFT - RIGHT) / labels.length;
  const x = (place) => LEFT + slot * (place + 0.5);
  const every = Math.ceil(48 / slot);
  const marks = [
    ...steps.flatMap((step) => [
      svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(step), y2: y(step), class: step ? "grid" : "axis" }),
      svg("text", { x: LEFT - 6, y: y(step) + 4, class: "tick", "text-anchor": "end" }, show(step)),
    ]),
    ...labels.map((label, place) => ((labels.length - 1 - place) % every ? null : svg("text", { x: Math.min(x(place), width - 16), y: HEIGHT - 6, class: "tick", "text-anchor": "middle" }, label))),
  ];
  return { marks, x, y, slot };
}

/** Columns, one place beside the other; several series stand on top of each other. @param {Data} data */
export function columns(data, heading = "日期") {
  const { labels, names = labels, series, show = String } = data;
  const draw = (width) => {
    const sums = labels.map((_, place) => series.reduce((sum, { values }) => sum + values[place], 0));
    const { marks, x, y, slot } = frame(data, Math.max(...sums), width);
    const thick = Math.max(1, Math.min(BAR, slot * 0.72));
    labels.forEach((_, place) => {
      let below = 0;
      for (const { name, tone, values } of series) {
        const value = values[place];
        if (!value) continue;
        const said = `${names[place]}　${series.length > 1 ? `${name} ` : ""}${show(value)}`;
        marks.push(svg("rect", { x: x(place) - thick / 2, y: y(below + value), width: thick, height: Math.max(1, y(below) - y(below + value)), class: `tone-${tone}` }, svg("title", {}, said)));
        below += value;
      }
    });
    return { height: HEIGHT, marks };
  };
  return card(data, draw, legendOf(series), figuresOf(data, heading));
}

/** Lines; where nothing is known a line has a gap. @param {Data} data */
export function lines(data, heading = "日期") {
  const { labels, names = labels, series, show = String } = data;
  const draw = (width) => {
    const largest = Math.max(1, ...series.flatMap(({ values }) => values.filter((value) => value !== null)));
    const { marks, x, y } = frame(data, largest, width);
    for (const { name, tone, values } of series) {
      let path = "";
      values.forEach((value, place) => {
        if (value !== null) path += `${values[place - 1] ?? null ? "L" : "M"}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
      });
      marks.push(svg("path", { d: path, class: `line line-${tone}` }));
      values.forEach((value, place) => {
        if (value !== null) marks.push(svg("circle", { cx: x(place), cy: y(value), r: labels.length > 45 ? 2 : 3, class: `tone-${tone}` }, svg("title", {}, `${names[place]}　${name} ${show(value)}`)));
      });
    }
    return { height: HEIGHT, marks };
  };
  return card(data, draw, legendOf(series), figuresOf(data, heading));
}

/** Bars from left to right, each under its name. @param {Data} data with one series */
export function bars(data, heading) {
  const { labels, series, show = String } = data;
  const [{ tone, values }] = series;
  const draw = (width) => {
    const largest = Math.max(1, ...values);
    const room = width - 56;
    const marks = labels.flatMap((label, place) => {
      const top = place * 40;
      const long = Math.max(2, (room * values[place]) / largest);
      return [
        svg("text", { x: 0, y: top + 14, class: "bar-name" }, shortened(label, width)),
        svg("rect", { x: 0, y: top + 20, width: long, height: 11, rx: 2, class: `tone-${tone}` }, svg("title", {}, `${label}　${show(values[place])}`)),
        svg("text", { x: long + 6, y: top + 30, class: "bar-value" }, show(values[place])),
      ];
    });
    return { height: labels.length * 40, marks };
  };
  return card(data, draw, null, figuresOf(data, heading));
}

/** A name that fits beside nothing else; the table has it whole. */
function shortened(text, width) {
  const most = Math.floor(width / 14);
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}
