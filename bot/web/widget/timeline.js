// The days of a verdict: a drawing to see it at a glance, and the same as a list to read.

import { h, list, svg } from "./dom.js";

const STATES = ["barred", "waiting", "possible"];
// In percent of the width: room for the dots at both ends, and for the days after the last one.
const [FROM, TO, APART] = [3, 78, 12];

/** A class of the widget's own, whatever the answer says. */
const stateOf = ({ state }) => (STATES.includes(state) ? state : "waiting");

/** @returns {number[]} where each day lies; days close together are kept apart */
function places(moments) {
  const days = moments.map(({ date }) => Date.parse(date) || 0);
  const span = days.at(-1) - days[0] || 1;
  const found = days.map((day) => FROM + ((TO - FROM) * (day - days[0])) / span);
  for (let i = 1; i < found.length; i += 1) found[i] = Math.max(found[i], found[i - 1] + APART);
  const scale = found.at(-1) > TO ? (TO - FROM) / (found.at(-1) - FROM) : 1;
  return found.map((place) => FROM + (place - FROM) * scale);
}

function drawing(moments) {
  const at = places(moments);
  const bars = moments.map((moment, index) =>
    svg("line", { x1: `${at[index]}%`, x2: `${at[index + 1] ?? 97}%`, y1: 12, y2: 12, class: stateOf(moment) }),
  );
  const dots = moments.map((moment, index) => svg("circle", { cx: `${at[index]}%`, cy: 12, r: 7, class: stateOf(moment) }));
  return svg("svg", { class: "days", width: "100%", height: 24, "aria-hidden": "true" }, ...bars, ...dots);
}

/** @param {{date: string, day: string, state: string, text: string, notes?: string[]}[]} moments in order */
export function timeline(moments) {
  const rows = moments.map((moment) =>
    h(
      `li.${stateOf(moment)}`,
      null,
      h("time", { datetime: moment.date }, moment.day),
      h("strong", null, moment.text),
      moment.notes?.length && list("ul", moment.notes),
    ),
  );
  return h("div.timeline", null, drawing(moments), h("ol", null, ...rows));
}
