// Questions that went badly, alike ones together, to be labelled by a person and taken away as candidates.

import { download, get, put, withQuery } from "../api.js";
import { DECISIONS, REASONS, CHANNELS, count, readableMoment } from "../format.js";
import { subject } from "../catalogue.js";
import { button, el, field, fill, key, select } from "../elements.js";
import { confidence } from "../trace.js";
import { labelForm } from "../review/label.js";
import { onKeys } from "../shortcuts.js";
import { empty, load, sentence, toast } from "../states.js";
import { pager } from "../tables.js";

const KINDS = [
  ["unanswered", "没答上", "规则未涵盖、与业务无关，或者反问之后没有下文的。"],
  ["unsure", "没把握", "答了，但把握不到 75% 的。"],
  ["disliked", "没有帮助", "客户说答复没有帮助的。"],
];
const SHOWN = [["no", "还没复核的"], ["yes", "复核过的"], ["all", "全部"]];
const USES = { test: "作测试题", training: "作训练语料", ignored: "不用" };
const SIZE = 20;
const MOST_LINES = 5;

export function show({ root, params, signal }) {
  const kind = KINDS.find(([id]) => id === params.get("kind"))?.[0] ?? "unanswered";
  const shown = SHOWN.find(([id]) => id === params.get("labelled"))?.[0] ?? "no";
  let groups = [];
  let open = -1;
  let done = 0;
  let page = Math.max(1, Number(params.get("page")) || 1);
  const filter = select(SHOWN, shown, { onchange: () => (location.hash = withQuery("#/review", { kind, labelled: filter.value })) });
  const tally = el("p.hint", { role: "status" });
  const list = el("div.groups");
  fill(
    root,
    el(
      "div.view-head",
      {},
      el("div", {}, el("h1", {}, "问题复核"), el("p", {}, "近 90 天里没有答好的问题，问法相近的放在一起。标一次，整组都算。")),
      el("div.actions", {}, exporter("test", "导出测试候选"), exporter("training", "导出训练候选")),
    ),
    el("nav.tabs", { "aria-label": "问题的种类" }, KINDS.map(([id, name]) => el("a", { href: withQuery("#/review", { kind: id, labelled: shown === "no" ? "" : shown }), "aria-current": id === kind ? "page" : null }, name))),
    el(
      "div.review-head",
      {},
      el("p.hint", {}, KINDS.find(([id]) => id === kind)[2]),
      el("p.hint.keys-hint", {}, key("J"), key("K"), " 上下　", key("E"), " 标注　", key("Ctrl"), key("Enter"), " 保存并到下一组　", key("X"), " 不用"),
      field("显示", filter, { className: "inline" }),
    ),
    tally,
    list,
  );

  onKeys(
    {
      j: () => move(1),
      k: () => move(-1),
      e: () => list.querySelector(".group.open .label-form input, .group.open .label-form select")?.focus(),
      x: () => forms.get(groups[open])?.ignore(),
      "Ctrl+enter": () => forms.get(groups[open])?.save(),
    },
    signal,
  );
  const forms = new WeakMap();
  reload();

  function reload() {
    history.replaceState(null, "", withQuery("#/review", { kind, labelled: shown === "no" ? "" : shown, page: page > 1 ? page : "" }));
    return load(list, () => get(withQuery("review", { kind, labelled: shown, page }), { signal }), drawn, signal);
  }

  function drawn(answer) {
    // Where a page has been worked off, the one before is the last.
    if (!answer.groups.length && page > 1) {
      page = Math.max(1, answer.pages);
      queueMicrotask(reload);
      return null;
    }
    groups = answer.groups.map((group) => ({ ...group }));
    open = groups.length ? 0 : -1;
    tally.textContent = groups.length ? `${count(answer.questions)} 个问题，分成 ${count(answer.total)} 组${done ? `；这次已经标了 ${count(done)} 个` : ""}` : "";
    if (!groups.length) {
      return empty(shown === "yes" ? "还没有复核过的问题" : "这里都复核完了", shown === "yes" ? null : done ? `这次标了 ${count(done)} 个。可以看看另外两类，或者导出候选。` : "近 90 天里没有这样的问题。");
    }
    return [
      el("ol", {}, groups.map((group, place) => el("li", {}, card(group, place)))),
      pager({ page, size: SIZE, total: answer.total }, (to) => {
        page = to;
        reload().then(() => window.scrollTo(0, 0));
      }),
    ];
  }

  function card(group, place) {
    const head = el(
      "button.group-head",
      { type: "button", "aria-expanded": "false", onclick: () => unfold(place === open && head.ariaExpanded === "true" ? -1 : place) },
      el("span.times", {}, `${count(group.count)} 次`),
      el("strong", {}, group.title),
      labels(group),
    );
    const body = el("div.group-body", { hidden: true });
    const node = el("section.card.group", { "aria-label": group.title }, el("h2", {}, head), body);
    Object.assign(group, { node, head, body });
    if (place === open) queueMicrotask(() => !signal.aborted && unfold(place, false));
    return node;
  }

  function unfold(place, focus = true) {
    open = place;
    groups.forEach((group, at) => {
      const wanted = at === place;
      group.head.setAttribute("aria-expanded", String(wanted));
      group.node.classList.toggle("open", wanted);
      group.body.hidden = !wanted;
      if (wanted && !group.body.childElementCount) fill(group.body, inside(group));
    });
    const group = groups[place];
    if (!group || !focus) return;
    group.head.focus({ preventScroll: true });
    group.node.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const to = Math.min(groups.length - 1, Math.max(0, open + step));
    if (groups[to]) unfold(to);
  }

  function inside(group) {
    const different = told(group.entries);
    const rest = different.slice(MOST_LINES);
    const form = labelForm(group.entries[0], group.ids.length, (label, whole) => save(group, label, whole));
    forms.set(group, form);
    return [
      el(
        "div.questions",
        {},
        el("ul.plain", {}, different.slice(0, MOST_LINES).map(question)),
        rest.length ? el("details", {}, el("summary", {}, `还有 ${rest.length} 个相近的问法`), el("ul.plain", {}, rest.map(question))) : null,
        group.count > group.entries.length ? el("p.hint", {}, `这一组共 ${count(group.count)} 个，这里列出 ${group.entries.length} 个。`) : null,
      ),
      form.element,
    ];
  }

  /** Labels a whole group, or its first question. */
  async function save(group, label, whole) {
    const wanted = whole ? group.ids : [group.entries[0].entry];
    const { labels: saved } = await put("review", { entries: wanted, ...label }, { signal });
    const kept = new Map(saved.map((one) => [one.entry, one]));
    for (const one of group.entries) one.label = kept.get(one.entry) ?? one.label;
    done += saved.length;
    if (signal.aborted) return;
    toast(label.use === "ignored" ? `已标为不用（${saved.length} 个）。` : `已保存 ${saved.length} 个。`);
    if (shown !== "no") {
      fill(group.head, el("span.times", {}, `${count(group.count)} 次`), el("strong", {}, group.title), labels(group));
      move(1);
      return;
    }
    const place = groups.indexOf(group);
    if (whole || group.ids.length === 1) {
      groups.splice(place, 1);
      group.node.closest("li").remove();
      tally.textContent = `这一页还有 ${count(groups.length)} 组；这次已经标了 ${count(done)} 个`;
    } else {
      group.ids = group.ids.filter((id) => id !== group.entries[0].entry);
      group.entries.shift();
      group.count -= 1;
      group.title = group.entries[0].text;
      group.body.replaceChildren();
      fill(group.head, el("span.times", {}, `${count(group.count)} 次`), el("strong", {}, group.title));
    }
    if (!groups.length) await reload();
    else unfold(Math.min(place, groups.length - 1));
  }

  function exporter(use, name) {
    const act = button(
      name,
      async () => {
        act.disabled = true;
        try {
          await download(withQuery("review/export", { use }), `candidates-${use}.jsonl`);
          toast("已导出。候选要用自己的话改写后再加入。", "note");
        } catch (error) {
          toast(sentence(error), "bad");
        } finally {
          act.disabled = false;
        }
      },
      { icon: "download", title: "JSONL，每行一个候选，要由人改写" },
    );
    return act;
  }
}

const labels = (group) => {
  const uses = [...new Set(group.entries.map((one) => one.label?.use).filter(Boolean))];
  return uses.map((use) => el(`span.tag${use === "ignored" ? "" : ".good"}`, {}, USES[use] ?? use));
};

/** What was asked in the same words and answered alike stands once, with how often. */
function told(entries) {
  const found = new Map();
  for (const one of entries) {
    const same = JSON.stringify([one.text.replace(/[\p{P}\s]/gu, ""), one.decision, one.operation, one.topic, one.label?.use]);
    const before = found.get(same);
    if (!before) found.set(same, { ...one, times: 1 });
    else Object.assign(before, { times: before.times + 1, before: before.before ?? one.before, feedback: before.feedback ?? one.feedback });
  }
  return [...found.values()].sort((a, b) => b.times - a.times);
}

function question(one) {
  const thought = one.feedback;
  return el(
    "li.question",
    {},
    one.before ? el("p.before", {}, "前一句：", one.before) : null,
    el("p.asked", {}, one.text, one.times > 1 ? el("span.again", {}, `× ${one.times}`) : null),
    el(
      "p.understood",
      {},
      el("span.tag", {}, DECISIONS[one.decision] ?? "没有答复"),
      subject(one) ? el("span", {}, subject(one)) : null,
      confidence(one.confidence),
      el("small", {}, `${CHANNELS[one.channel] ?? one.channel} · ${readableMoment(one.at)}`),
    ),
    thought ? el("p.tag.bad", {}, ["客户说没有帮助", REASONS[thought.reason], thought.comment].filter(Boolean).join("：")) : null,
    one.answer ? el("details", {}, el("summary", {}, "当时的答复"), el("p.said", {}, one.answer)) : null,
    one.label ? el("p.hint", {}, `已标：${[USES[one.label.use], DECISIONS[one.label.decision], subject(one.label)].filter(Boolean).join(" · ")}（${one.label.reviewed_by}）`) : null,
  );
}
