// What a question should have been understood as, and what it is used for.

import { aspectOptions, find, operationOptions, topicOptions } from "../catalogue.js";
import { button, el, field, fill, key, select } from "../elements.js";
import { DECISIONS } from "../format.js";
import { isEnter } from "../shortcuts.js";
import { sentence } from "../states.js";

const USES = [["training", "作训练语料"], ["test", "作测试题"]];
const NOTHING = ["", "（没有）"];
const MANY = 500;
// What was chosen last is offered again: one reviews for one purpose at a time.
let usual = "training";

/**
 * A form for a group of questions.
 *
 * @param {object} first the first question, with what it was understood as and its label
 * @param {number} many how many are alike
 * @param {(label: object, whole: boolean) => Promise<void>} keep
 */
export function labelForm(first, many, keep) {
  const known = first.label ?? {};
  const before = known.decision ? known : first.decision === "answer" ? first : {};
  const decision = select([["", "请选择"], ...Object.entries(DECISIONS)], known.decision ?? "", { required: true });
  const wanted = el("input", { type: "search", autocomplete: "off", placeholder: "打几个字找，例如：补卡", "aria-label": "找业务或主题" });
  const target = select([NOTHING, ...grouped("")], valueOf(before));
  const aspect = select([["", "（没有写明）"], ...aspectOptions()], before.aspect ?? "");
  const note = el("input", { type: "text", maxlength: "500", value: known.note ?? "", autocomplete: "off" });
  const uses = USES.map(([value, name]) => el("label.radio", {}, el("input", { type: "radio", name: `use-${first.entry}`, value, checked: value === (USES.some(([id]) => id === known.use) ? known.use : usual) }), name));
  const whole = el("input", { type: "checkbox", checked: true });
  const problem = el("p.problem", { role: "alert", hidden: true });
  const submit = el("button.button.primary", { type: "submit" }, many > 1 ? `保存这 ${many} 个` : "保存");
  const ignore = button("不用", () => act({ use: "ignored", decision: null, operation: null, aspect: null, topic: null, note: note.value.trim() || null }), { title: "不作候选，以后不再列出" });
  let busy = false;

  wanted.addEventListener("input", () => {
    const chosen = target.value;
    const left = grouped(wanted.value);
    fill(target, [NOTHING, ...left].map(option));
    const fits = left.flatMap((one) => one.options.map(([value]) => value));
    // The best fit is taken at once: three letters and the choice is made.
    target.value = wanted.value.trim() && fits.length ? best(wanted.value) ?? fits[0] : fits.includes(chosen) ? chosen : "";
    chosenTarget();
  });
  wanted.addEventListener("keydown", (event) => {
    if (isEnter(event)) event.preventDefault();
    if (event.key === "ArrowDown") {
      event.preventDefault();
      target.focus();
    }
  });
  target.addEventListener("change", chosenTarget);
  decision.addEventListener("change", allow);
  whole.addEventListener("change", () => (submit.textContent = whole.checked ? `保存这 ${many} 个` : "保存第一个"));

  function chosenTarget() {
    if (target.value && (!decision.value || decision.value !== "clarify")) decision.value = "answer";
    allow();
  }

  /** Only what belongs together can be chosen together. */
  function allow() {
    aspect.disabled = !target.value.startsWith("operation:");
  }
  allow();

  const form = el(
    "form.label-form",
    { "aria-label": "标注", onsubmit: (event) => {
      event.preventDefault();
      save();
    } },
    el("h3", {}, "应当理解为"),
    el("div.field", {}, el("span.field-name", { "aria-hidden": "true" }, "业务或主题"), wanted, target),
    el("div.row", {}, field("方面", aspect), field("怎么答", decision)),
    el("fieldset.radios", {}, el("legend", {}, "用途"), uses),
    field("备注（选填）", note),
    many > 1 ? el("label.radio", {}, whole, `整组 ${many} 个都这样标`) : null,
    problem,
    el("div.actions", {}, submit, ignore, el("span.hint.keys-hint", {}, key("Ctrl"), key("Enter"), "　", key("X"))),
  );
  target.setAttribute("aria-label", "业务或主题");

  function save() {
    const [type, id] = target.value.split(":");
    const use = form.querySelector("input[type=radio]:checked").value;
    usual = use;
    if (!decision.value) return wrong("请选「怎么答」。", decision);
    if (decision.value === "answer" && !id) return wrong("要答复规则的，请选业务或主题。", wanted);
    return act({
      decision: decision.value,
      operation: type === "operation" ? id : null,
      topic: type === "topic" ? id : null,
      aspect: type === "operation" && aspect.value ? aspect.value : null,
      use,
      note: note.value.trim() || null,
    });
  }

  function wrong(text, control) {
    fill(problem, text).hidden = false;
    control.focus();
  }

  async function act(label) {
    if (busy) return;
    busy = submit.disabled = ignore.disabled = true;
    problem.hidden = true;
    try {
      await keep(label, many === 1 || whole.checked);
    } catch (error) {
      if (form.isConnected) fill(problem, sentence(error)).hidden = false;
    } finally {
      busy = submit.disabled = ignore.disabled = false;
    }
  }

  return { element: form, save, ignore: () => ignore.click() };
}

const valueOf = ({ operation, topic }) => (operation ? `operation:${operation}` : topic ? `topic:${topic}` : "");

/** Options for the picker; only what fits where something is typed. */
function grouped(text) {
  const fits = text.trim() ? new Set(find(text, MANY).map(({ kind, id }) => `${kind}:${id}`)) : null;
  const of = (kind, options) => options.map(([id, name]) => [`${kind}:${id}`, name]).filter(([value]) => !fits || fits.has(value));
  return [
    { label: "业务", options: of("operation", operationOptions()) },
    { label: "主题", options: of("topic", topicOptions()) },
  ].filter(({ options }) => options.length);
}

function best(text) {
  const [one] = find(text, 1);
  return one ? `${one.kind}:${one.id}` : undefined;
}

const option = (one) => (Array.isArray(one) ? el("option", { value: one[0] }, one[1]) : el("optgroup", { label: one.label }, one.options.map(option)));

