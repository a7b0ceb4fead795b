// A company's numbers in one table: which of them can do something, which not, and why.

import { download, get, post, withQuery } from "../api.js";
import { operationName, operationOptions } from "../catalogue.js";
import { askPurpose, purposeField, rememberPurpose } from "../dialogs.js";
import { button, el, field, fill, select } from "../elements.js";
import { onSubmit } from "../forms.js";
import { STATUSES, count, readableDay, today, veiled } from "../format.js";
import { onLeave } from "../memory.js";
import { empty, load, toast } from "../states.js";
import { NOTHING, pager, table } from "../tables.js";

const SIZE = 50;
const FILES = [["xlsx", "Excel 表格（XLSX）"], ["csv", "CSV"]];
const FRESH = { name: "", purpose: "" };
let last = FRESH;
onLeave(() => (last = FRESH));

export function show({ root, params, me, signal }) {
  const name = el("input", { type: "search", autocomplete: "off", maxlength: "60", minlength: "2", required: true, placeholder: "单位名称的一部分，或客户编号", value: params.get("name") ?? last.name, "data-missing": "请填写单位名称的一部分，或客户编号。" });
  const found = el("div.found", { "aria-live": "polite" });
  const rows = el("div.company", { "aria-live": "polite" });
  const finder = el("form.row", { role: "search" }, field("找单位", name, { className: "grow" }), el("button.button.primary", { type: "submit" }, "查找"));
  fill(
    root,
    el("div.view-head", {}, el("div", {}, el("h1", {}, "单位号码"), el("p", {}, "先找到单位，再选业务和用途；查看名下号码会登记。"))),
    el("div.card", {}, el("div.body.stack", {}, finder, found)),
    rows,
  );
  name.addEventListener("input", () => (last = { ...last, name: name.value }));
  onSubmit(finder, search);
  if (params.get("name")) search();
  else name.focus();

  function search() {
    const text = name.value.trim();
    if (!text) return;
    history.replaceState(null, "", withQuery("#/companies", { name: veiled(text) }));
    rows.replaceChildren();
    load(found, () => get(withQuery("companies", { name: text }), { signal }), candidates, signal);
  }

  function candidates({ companies }) {
    if (!companies.length) return empty("没有找到这个单位", "核对名称，或者用客户编号再找一次。");
    if (companies.length === 1) queueMicrotask(() => choose(companies[0]));
    return el("ul.candidates", { "aria-label": "找到的单位" }, companies.map((company) => el("li", {}, candidate(company))));
  }

  const candidate = (company) =>
    el("button.candidate", { type: "button", "aria-pressed": "false", onclick: () => choose(company), dataset: { id: company.id } }, el("strong", {}, company.name), el("small", {}, company.id));

  function choose(company) {
    for (const one of found.querySelectorAll(".candidate")) one.setAttribute("aria-pressed", String(one.dataset.id === company.id));
    fill(rows, numbers(company, params.get("operation") ?? "", me, signal));
  }
}

/** The numbers of one company: what is wanted of them, how many can, and each of them. */
function numbers(company, asked, me, signal) {
  const wanted = operationOptions({ checkable: true });
  const operation = select(wanted, wanted.some(([id]) => id === asked) ? asked : "cancel_service");
  const on = el("input", { type: "date", min: today(), value: today() });
  const purpose = purposeField({ compact: true });
  purpose.input.value = last.purpose;
  purpose.input.addEventListener("input", () => (last = { ...last, purpose: purpose.value() }));
  const shown = el("div", { "aria-live": "polite" });
  // How the rows are sorted outlives a page turned.
  const order = { folding: true };
  let status = "";
  let page = 1;

  function look() {
    last = { ...last, purpose: purpose.value() };
    rememberPurpose(last.purpose);
    const body = { operation: operation.value, purpose: last.purpose, on: on.value, page };
    if (status) body.status = status;
    load(shown, () => post(`companies/${encodeURIComponent(company.id)}/numbers`, body, { signal }), draw, signal);
  }

  function draw(answer) {
    const total = Object.values(answer.counts).reduce((sum, one) => sum + one, 0);
    const filters = [["", "全部", total], ...Object.entries(STATUSES).map(([id, text]) => [id, text, answer.counts[id] ?? 0])];
    return el(
      "div",
      {},
      el(
        "div.filters",
        { role: "group", "aria-label": "按结果筛选" },
        filters.map(([id, text, many]) =>
          el(`button.filter${id ? `.${id}` : ""}`, { type: "button", id: `filter-${id || "all"}`, "aria-pressed": String(id === status), onclick: () => turn(id) }, el("span", {}, text), el("strong", {}, count(many))),
        ),
        me.role === "supervisor" ? button("导出", () => exporting(), { icon: "download" }) : null,
      ),
      answer.rows.length
        ? [table(`${company.name}名下的号码`, COLUMNS, answer.rows, order), pager({ page: answer.page, size: SIZE, total: answer.total }, turnPage)]
        : empty("没有这样的号码", status ? "换一个筛选看看。" : "这个单位名下没有号码。"),
    );
  }

  function turn(id) {
    status = id;
    page = 1;
    look();
  }

  function turnPage(to) {
    page = to;
    look();
  }

  function exporting() {
    const detail = `${company.name}，${operationName(operation.value)}，${readableDay(on.value)}，${status ? STATUSES[status] : "全部号码"}。导出会登记。`;
    const dialog = askPurpose("导出号码清单", detail, "导出", async (why, kind) => {
      const query = { operation: operation.value, on: on.value, status, purpose: why };
      await download(withQuery(`companies/${encodeURIComponent(company.id)}/numbers.${kind}`, query), `${company.name}-${operationName(operation.value)}-${on.value}.${kind}`);
      toast("清单已导出。");
    }, FILES);
    dialog.querySelector("input[type=text]").value = last.purpose;
  }

  const form = el(
    "form.stack",
    {},
    el("div.row", {}, field("业务", operation), field("按哪一天看", on)),
    purpose,
    el("div.actions", {}, el("button.button.primary", { type: "submit" }, "查看号码")),
  );
  onSubmit(form, () => {
    page = 1;
    look();
  });
  return el(
    "section.card",
    { "aria-label": company.name },
    el("header", {}, el("h2", {}, company.name), el("span.tag", {}, company.id)),
    el("div.body", {}, form),
    shown,
  );
}

const COLUMNS = [
  { id: "number", name: "号码", cell: ({ number }) => el("span.digits", {}, number), sort: ({ number }) => number },
  { id: "status", name: "结果", cell: ({ status, status_text: text }) => el(`span.tag${Object.hasOwn(STATUSES, status) ? `.${status}` : ""}`, {}, text ?? STATUSES[status] ?? status), sort: ({ status }) => Object.keys(STATUSES).indexOf(status) },
  { id: "reasons", name: "不符合", cell: ({ reasons }) => lines(reasons), sort: ({ reasons }) => (reasons ?? []).join("；") },
  { id: "open", name: "待核实", cell: ({ open }) => lines(open), sort: ({ open }) => (open ?? []).join("；") },
  { id: "earliest", name: "最早可办", cell: earliest, sort: ({ earliest: day }) => day ?? "9999" },
];

const lines = (texts) => (texts?.length ? el("ul.plain", {}, texts.map((text) => el("li", {}, text))) : NOTHING);

function earliest({ earliest: day, certain }) {
  if (!day) return NOTHING;
  return el("div", {}, el("time", { datetime: day }, day), certain === false ? el("small.block", {}, "待核实的都符合时") : null);
}
