// How the assistant does: charts of the last days, and the same as a file.

import { download, get, withQuery } from "../api.js";
import { bars, columns, lines } from "../charts.js";
import { button, el, field, fill, select } from "../elements.js";
import { CHANNELS, count, milliseconds, percent, readableDay } from "../format.js";
import { empty, load, sentence, toast } from "../states.js";

const PERIODS = [[1, "今天"], [7, "近 7 天"], [30, "近 30 天"], [90, "近 90 天"]];
// The order is that of the legend, from the bottom of a column to its top.
const OUTCOMES = [
  ["answered", "答复了", "good"],
  ["asked_back", "反问", "accent"],
  ["not_covered", "不在范围", "caution"],
  ["handed_over", "转人工", "person"],
  ["small_talk", "寒暄", "quiet"],
  ["unanswered", "没有答上", "bad"],
];

export function show({ root, params, me, signal }) {
  let days = PERIODS.map(([one]) => one).find((one) => one === Number(params.get("days"))) ?? 30;
  let channel = Object.hasOwn(CHANNELS, params.get("channel") ?? "") ? params.get("channel") : "";
  const place = el("div.figures");
  const period = el(
    "fieldset.segments",
    {},
    el("legend.spoken", {}, "时间"),
    PERIODS.map(([value, name]) => el("label", {}, el("input", { type: "radio", name: "days", value: String(value), checked: value === days, onchange: () => {
      days = value;
      reload();
    } }), el("span", {}, name))),
  );
  const channels = select([["", "全部渠道"], ...Object.entries(CHANNELS)], channel, { onchange: () => {
    channel = channels.value;
    reload();
  } });
  fill(
    root,
    el(
      "div.view-head",
      {},
      el("div", {}, el("h1", {}, "运行看板"), el("p", {}, "每天按北京时间计；只数客户和员工发来的话，不含人是谁。")),
      me.role === "supervisor" ? el("div.actions", {}, file("csv", "导出 CSV"), file("xlsx", "导出 Excel")) : null,
    ),
    el("div.row.choose", {}, period, field("渠道", channels, { className: "inline" })),
    place,
  );
  reload();

  function reload() {
    const asked = { days, channel };
    history.replaceState(null, "", withQuery("#/dashboard", asked));
    load(place, () => get(withQuery("dashboard", asked), { signal }), draw, signal);
  }

  function file(kind, name) {
    const act = button(
      name,
      async () => {
        act.disabled = true;
        try {
          await download(withQuery(`dashboard.${kind}`, { days, channel }), `看板-近${days}天.${kind}`);
        } catch (error) {
          toast(sentence(error), "bad");
        } finally {
          act.disabled = false;
        }
      },
      { icon: "download" },
    );
    return act;
  }
}

function draw(figures) {
  const { volume, outcomes, operations, gaps, latency, feedback } = figures;
  if (!volume.total) return empty("这段时间没有人提问", "换一段时间，或者选全部渠道。");
  const names = volume.by_day.map(({ day }) => readableDay(day));
  const labels = volume.by_day.map(({ day }) => `${Number(day.slice(5, 7))}-${Number(day.slice(8))}`);
  const one = (list, name = "count") => list.map((row) => row[name]);
  const most = volume.by_day.reduce((best, row) => (row.count > best.count ? row : best));
  const share = (name) => outcomes.total[name] / volume.total;
  const several = labels.length > 1;
  const byHour = volume.by_hour.reduce((best, row) => (row.count > best.count ? row : best));
  return [
    el("dl.tiles", {}, [
      tile("提问", `${count(volume.total)} 条`, `平均每天 ${average(volume.total / labels.length)}`),
      tile("答复了", percent(share("answered")), `${count(outcomes.total.answered)} 条`),
      tile("反问", percent(share("asked_back")), `${count(outcomes.total.asked_back)} 条`),
      tile("不在范围", percent(share("not_covered")), `${count(outcomes.total.not_covered)} 条`),
      tile("答复用时", latency.p50 === null ? "–" : milliseconds(latency.p50), latency.p95 === null ? "还没有答复" : `95% 在 ${milliseconds(latency.p95)}内`),
      tile("有帮助", feedback.up + feedback.down ? percent(feedback.up / (feedback.up + feedback.down)) : "–", feedback.up + feedback.down ? `${count(feedback.up)} 个有帮助，${count(feedback.down)} 个没有` : "还没有人评价"),
    ]),
    el("div.charts", {}, [
      several
        ? columns({ title: "每天的提问", says: `共 ${count(volume.total)} 条，最多的一天是 ${readableDay(most.day)}，${count(most.count)} 条。`, labels, names, series: [{ name: "提问", tone: "accent", values: one(volume.by_day) }], show: count })
        : null,
      several
        ? columns({ title: "每天怎么答的", says: `${OUTCOMES.filter(([id]) => outcomes.total[id]).map(([id, name]) => `${name} ${count(outcomes.total[id])}`).join("，")}。`, labels, names, series: OUTCOMES.map(([id, name, tone]) => ({ name, tone, values: one(outcomes.by_day, id) })), show: count })
        : bars({ title: "怎么答的", says: `共 ${count(volume.total)} 条提问。`, labels: OUTCOMES.map(([, name]) => name), series: [{ name: "提问", tone: "accent", values: OUTCOMES.map(([id]) => outcomes.total[id]) }], show: count }, "怎么答的"),
      several
        ? lines({ title: "每天的答复用时", says: latency.p50 === null ? "这段时间没有答复。" : `一半的答复在 ${milliseconds(latency.p50)}内，95% 在 ${milliseconds(latency.p95)}内。`, labels, names, series: [{ name: "一半在（P50）", tone: "accent", values: one(latency.by_day, "p50") }, { name: "95% 在（P95）", tone: "caution", values: one(latency.by_day, "p95") }], show: milliseconds })
        : null,
      several
        ? columns({ title: "每天的评价", says: `有帮助 ${count(feedback.up)} 个，没有帮助 ${count(feedback.down)} 个。`, labels, names, series: [{ name: "有帮助", tone: "good", values: one(feedback.by_day, "up") }, { name: "没有帮助", tone: "bad", values: one(feedback.by_day, "down") }], show: count })
        : null,
      operations.length
        ? bars({ title: "问得最多的业务", says: `最多的是“${operations[0].name}”，${count(operations[0].count)} 次。`, labels: operations.map(({ name }) => name), series: [{ name: "次数", tone: "accent", values: one(operations) }], show: count }, "业务或主题")
        : nothing("问得最多的业务", "这段时间没有答复过规则。"),
      gaps.length
        ? bars({ title: "客户碰到的规则空白", says: "问到了，但规则没有写、缺页或指向别处的；次数多的最该补。", labels: gaps.map(({ name }) => name), series: [{ name: "次数", tone: "caution", values: one(gaps) }], show: count }, "问题")
        : nothing("客户碰到的规则空白", "这段时间没有人问到规则空白。"),
      columns({ title: "一天里的提问", says: `${byHour.hour} 点最多，${count(byHour.count)} 条。`, labels: volume.by_hour.map(({ hour }) => `${hour} 点`), series: [{ name: "提问", tone: "accent", values: one(volume.by_hour) }], show: count }, "钟点"),
      bars({ title: "各渠道的提问", says: volume.by_channel.map((row) => `${CHANNELS[row.channel] ?? row.channel} ${count(row.count)} 条`).join("，"), labels: volume.by_channel.map((row) => CHANNELS[row.channel] ?? row.channel), series: [{ name: "提问", tone: "accent", values: one(volume.by_channel) }], show: count }, "渠道"),
      feedback.reasons.length
        ? bars({ title: "为什么没有帮助", says: `${count(feedback.down)} 个“没有帮助”的原因。`, labels: feedback.reasons.map(({ name }) => name), series: [{ name: "次数", tone: "bad", values: one(feedback.reasons) }], show: count }, "原因")
        : null,
    ]),
  ];
}

const tile = (name, figure, detail) => el("div.tile", {}, el("dt", {}, name), el("dd", {}, el("strong", {}, figure), el("small", {}, detail)));

/** Some messages a day: few of them are not rounded to none. */
const average = (many) => (many < 1 ? "不到 1 条" : `${count(many < 10 ? Math.round(many * 10) / 10 : Math.round(many))} 条`);

const nothing = (title, text) => el("section.card.chart", {}, el("h2", {}, title), el("p.hint", {}, text));
