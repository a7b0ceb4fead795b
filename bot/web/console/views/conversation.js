// One conversation from beginning to end.

import { get } from "../api.js";
import { button, el, fill } from "../elements.js";
import { CHANNELS, readableMoment } from "../format.js";
import { empty, load } from "../states.js";
import { transcript } from "../transcript.js";

export function show({ root, rest, params, signal }) {
  const marked = Number(params.get("entry")) || null;
  const place = el("div");
  fill(
    root,
    el("div.view-head", {}, el("div", {}, el("h1", {}, "对话记录"), el("p", {}, "号码、证件、姓名等在保存时已经隐去。")), el("div.actions", {}, button("返回", () => history.back(), { icon: "back" }))),
    place,
  );
  load(place, () => get(`conversations/${encodeURIComponent(rest)}`, { signal }), draw, signal).then(() => {
    const found = place.querySelector(".marked");
    found?.scrollIntoView({ block: "center" });
    found?.focus({ preventScroll: true });
  });

  function draw({ conversation, entries }) {
    if (!entries.length) return empty("这段对话里还没有说过话");
    const { channel, opened_at: opened, signed_in: signedIn } = conversation ?? {};
    return el(
      "section.card",
      {},
      el("header", {}, el("span.tag", {}, CHANNELS[channel] ?? channel ?? "–"), opened ? el("span.hint", {}, `${readableMoment(opened)} 开始`) : null, signedIn === undefined ? null : el("span.tag", {}, signedIn ? "已登录客户" : "未登录")),
      el("div.body", {}, transcript(entries, marked)),
    );
  }
}
