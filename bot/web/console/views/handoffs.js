// The queue of people who wait for a person, beside the conversation that is open.

import { post } from "../api.js";
import { button, el, fill, key, spoken } from "../elements.js";
import { CHANNELS, readableWait } from "../format.js";
import { Talk, draftOf } from "../handoff/talk.js";
import { onLine, onQueue, onUnread, read, refreshQueue } from "../live.js";
import { onKeys } from "../shortcuts.js";
import { empty, sentence, toast } from "../states.js";

const LONG_SECONDS = 120;

export function show({ root, rest, signal }) {
  let chosen = Number(rest) || null;
  let queue = [];
  /** @type {Talk | null} */
  let talk = null;
  let unread = new Map();
  const line = el("p.notice.line-notice", { role: "status", hidden: true }, "和服务器的连接断了，正在重连；重连后会补上漏掉的话。");
  const next = button(["接入等得最久的一位", key("N")], () => claim(queue.find(({ state }) => state === "queued")), { kind: "primary", "aria-label": "接入等得最久的一位", "aria-keyshortcuts": "n" });
  const lists = el("div.queue");
  const pane = el("div.pane");
  const desk = el("div.desk", {}, lists, pane);
  fill(
    root,
    el("div.view-head.desk-head", {}, el("div", {}, el("h1", {}, "人工接管"), el("p", {}, "接手以后助手不再说话，由您回复；交还后助手继续答。")), el("div.actions", {}, next)),
    line,
    desk,
  );

  function changed(news) {
    queue = news;
    next.disabled = !queue.some(({ state }) => state === "queued");
    redraw();
    talk?.stands(queue.find(({ id }) => id === talk.id && queue.length) ?? null);
    if (!chosen) idle();
    else if (!talk) open(chosen);
  }

  /** A list that changes under somebody's hands leaves them where they were. */
  function redraw() {
    const focused = lists.contains(document.activeElement) ? document.activeElement.id : "";
    drawLists();
    if (focused) (document.getElementById(focused) ?? next).focus();
  }

  function drawLists() {
    const queued = queue.filter(({ state }) => state === "queued");
    const mine = queue.filter((one) => one.mine);
    const others = queue.filter((one) => one.state === "claimed" && !one.mine);
    fill(
      lists,
      part("排队中", queued, waiting, "现在没有人在等。"),
      part("我接手的", mine, held, "您手上没有对话。"),
      others.length ? part("同事接手的", others, elsewhere) : null,
    );
    tick();
  }

  const part = (name, items, draw, none) =>
    el(
      "section.queue-part",
      { "aria-label": name },
      el("h2", {}, name, el("span.count", {}, String(items.length), spoken(" 位"))),
      items.length ? el("ul", {}, items.map((one) => el("li", {}, draw(one)))) : el("p.hint", {}, none),
    );

  const about = (one) => [
    el("strong", {}, one.subject ?? "还没有说到具体业务"),
    el("span.marks", {}, el("span.tag", {}, CHANNELS[one.channel] ?? one.channel), el("span.tag", {}, one.signed_in ? "已登录" : "未登录"), draftOf(one.id) ? el("span.tag.caution", {}, "有没发的话") : null),
  ];

  const timer = (one, words) => el("span.wait", { dataset: { since: one.since } }, spoken(words), el("span.digits"));

  const waiting = (one) =>
    el("div.waiting", {}, el("div.about", {}, about(one), timer(one, "已等 ")), button("接入", () => claim(one), { id: `claim-${one.id}`, "aria-label": `接入：${one.subject ?? "还没有说到具体业务"}` }));

  const held = (one) =>
    el(
      "button.held",
      { type: "button", id: `held-${one.id}`, "aria-current": one.id === chosen ? "true" : null, onclick: () => open(one.id) },
      about(one),
      unread.get(one.id) ? el("span.badge", {}, String(unread.get(one.id)), spoken(" 句没看")) : null,
      timer(one, "已接手 "),
    );

  const elsewhere = (one) => el("div.waiting", {}, el("div.about", {}, about(one), el("small", {}, one.claimed_by), timer(one, "已接手 ")));

  function tick() {
    talk?.tick();
    for (const one of root.querySelectorAll("[data-since]")) {
      const seconds = (Date.now() - Number(one.dataset.since)) / 1000;
      one.querySelector(".digits").textContent = readableWait(seconds);
      // A wait is long where somebody can end it.
      one.classList.toggle("long", Boolean(one.closest(".waiting")?.querySelector("button")) && seconds >= LONG_SECONDS);
    }
  }

  function idle() {
    const waitingNow = queue.filter(({ state }) => state === "queued").length;
    fill(
      pane,
      waitingNow
        ? empty(`有 ${waitingNow} 位客户在等`, "按 N 接入等得最久的一位。")
        : empty("现在没有人在等", "有客户要人工时，这里会马上出现，标签页的标题上也会显示人数，不出声。"),
    );
  }

  async function claim(one) {
    if (!one) return;
    next.disabled = true;
    try {
      await post(`handoffs/${one.id}/claim`);
      await refreshQueue();
      if (!signal.aborted) open(one.id);
    } catch (error) {
      toast(error.code === "already_taken" ? "慢了一步：这位客户刚被同事接走，或者已经取消了。" : sentence(error), error.code === "already_taken" ? "note" : "bad");
      await refreshQueue().catch(() => {});
    } finally {
      next.disabled = !queue.some(({ state }) => state === "queued");
    }
  }

  function open(id) {
    chosen = id;
    history.replaceState(null, "", id ? `#/handoffs/${id}` : "#/handoffs");
    desk.classList.toggle("open", Boolean(id));
    talk?.close();
    talk = null;
    read(id ?? 0);
    if (!id) {
      drawLists();
      idle();
      next.focus();
      return;
    }
    const one = queue.find((other) => other.id === id && other.mine);
    // Until the first news nobody knows whose it is.
    if (!one && queue.length === 0) return void fill(pane, el("div.state", { role: "status" }, "正在载入 ……"));
    if (!one) {
      fill(pane, empty("这个对话不在您手上", "可能已经交还给助手，或者在同事那里。", button("回到队列", () => open(null), { icon: "back" })));
      return;
    }
    talk = new Talk(one, () => open(null));
    fill(pane, talk.element);
    talk.begin();
    drawLists();
  }
  onLine((connected) => (line.hidden = connected), signal);
  onUnread((news) => {
    unread = news;
    redraw();
  }, signal);
  onQueue(changed, signal);
  onKeys({ n: () => next.disabled || next.click(), Escape: () => chosen && open(null) }, signal);
  const clock = setInterval(tick, 1000);
  signal.addEventListener("abort", () => {
    clearInterval(clock);
    talk?.close();
    read(0);
  });
  refreshQueue().catch((error) => !signal.aborted && toast(sentence(error), "bad"));
  if (chosen) open(chosen);
  else idle();
}
