// One number: looked at for a stated purpose; what is known of it, and whether something is possible on a day.

import { post } from "../api.js";
import { factsTable, verdict } from "../answer.js";
import { operationOptions } from "../catalogue.js";
import { purposeField, rememberPurpose } from "../dialogs.js";
import { button, el, field, fill, select } from "../elements.js";
import { isRight, onSubmit } from "../forms.js";
import { readableDay, today } from "../format.js";
import { onLeave } from "../memory.js";
import { empty, load } from "../states.js";

const PAUSE_MS = 600;
const SHORTCUTS = [["今天", 0], ["明天", 1], ["下周", 7], ["30 天后", 30], ["90 天后", 90]];

// The number stays in memory only: never in the address, never in the storage of the browser.
const FRESH = { number: "", purpose: "", operation: "", on: "" };
let last = FRESH;
onLeave(() => (last = FRESH));

export function show({ root, params, signal }) {
  const number = el("input", {
    type: "text", inputmode: "numeric", required: true, autocomplete: "off", spellcheck: "false", maxlength: "40", placeholder: "手机、固话或宽带账号", value: last.number,
    pattern: "[0-9A-Za-z\\s\\-‐–—]{3,40}", title: "号码应是 3 到 32 位数字或字母。", "data-missing": "请填写要查的号码。",
  });
  const purpose = purposeField();
  purpose.input.value = last.purpose;
  const wanted = operationOptions({ checkable: true });
  const asked = params.get("operation") ?? last.operation;
  const operation = select([["", "只看账户情况"], ...wanted], wanted.some(([id]) => id === asked) ? asked : "");
  const on = el("input", { type: "date", min: today(), value: params.get("on") || (last.on > today() ? last.on : today()) });
  const days = el("div.chips", { role: "group", "aria-label": "常用的日子" }, SHORTCUTS.map(([name, ahead]) => button(name, () => pick(ahead), { kind: "chip" })));
  const dayField = field("按哪一天看", on, { hint: "换一天，看看那时能不能办。" });
  dayField.append(days);
  const submit = el("button.button.primary", { type: "submit" }, "查询");
  const result = el("div.result", { "aria-live": "polite" });
  const form = el(
    "form.card.lookup-form",
    {},
    el("div.body.stack", {}, field("号码", number), purpose, field("想办的业务", operation), dayField, el("div.actions", {}, submit)),
  );
  const keep = () => (last = { number: number.value.trim(), purpose: purpose.value(), operation: operation.value, on: on.value });
  form.addEventListener("input", keep);
  fill(
    root,
    el("div.view-head", {}, el("div", {}, el("h1", {}, "查号码"), el("p", {}, "每次查询都会登记：谁、何时、为什么、看了什么。号码只显示前三位和后四位。"))),
    el("div.two-columns", {}, form, result),
  );
  let waiting = 0;
  showNothing();
  (number.value ? operation : number).focus();

  function showNothing() {
    fill(result, el("div.card", {}, empty("还没有查询", "填好号码和用途再查。不选业务，只看账户情况；选了业务，逐项核对能不能办。")));
  }

  /**
   * Another day or another operation of a number that was looked at is looked at as well, for the same purpose; but not all
   * that the keys pass by: every look is on record.
   */
  function again() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (!signal.aborted && result.querySelector(".looked") && isRight(form)) look();
    }, PAUSE_MS);
  }

  function pick(ahead) {
    const day = new Date(`${today()}T12:00:00Z`);
    day.setUTCDate(day.getUTCDate() + ahead);
    on.value = day.toISOString().slice(0, 10);
    keep();
    again();
  }

  function look() {
    clearTimeout(waiting);
    keep();
    rememberPurpose(last.purpose);
    history.replaceState(null, "", operation.value ? `#/lookup?operation=${operation.value}` : "#/lookup");
    const body = { number: last.number, purpose: last.purpose };
    if (operation.value) Object.assign(body, { operation: operation.value });
    if (on.value) body.on = on.value;
    load(result, () => post("lookups", body, { signal }), (answer) => looked(answer, on.value), signal);
  }

  onSubmit(form, look);
  operation.addEventListener("change", again);
  on.addEventListener("change", again);
}

function looked(answer, day) {
  const note = day && day !== today() ? `按 ${readableDay(day)}推算` : "按今天的情况";
  return el(
    "div.looked",
    {},
    answer.verdict
      ? el("section.card", { "aria-label": "能不能办" }, el("header", {}, el("h2", {}, "能不能办"), el("span.tag", {}, note)), el("div.body", {}, verdict(answer.verdict.block)))
      : null,
    el(
      "section.card",
      { "aria-label": "账户情况" },
      el("header", {}, el("h2", {}, "账户情况"), el("span.digits", {}, answer.number), answer.customer ? el("span.tag", {}, `客户 ${answer.customer}`) : null),
      answer.facts?.length ? factsTable(answer.facts, "账户情况的各项") : empty("没有可以显示的账户情况"),
    ),
  );
}
