// The command palette: a service and what about it, a topic, or a view, found by typing a part of its name.

import { catalogue, find } from "./catalogue.js";
import { openDialog } from "./dialogs.js";
import { el, fill, icon } from "./elements.js";
import { viewsOf } from "./views.js";

const MOST = 12;

/** @typedef {{name: string, detail: string, icon: string, go: string}} Command */

/** @returns {Command[]} */
export function commands(text, role) {
  const wanted = text.trim();
  const views = viewsOf(role)
    .filter(({ name }) => !wanted || name.includes(wanted))
    .map(({ id, name, icon: sign }) => ({ name: `去“${name}”`, detail: "页面", icon: sign, go: `#/${id}` }));
  const [subject, aspect] = parts(wanted);
  const found = find(subject, 6);
  const things = found.flatMap(({ kind, id, name, also, one }, place) => {
    const detail = also ? `也叫“${also}”` : "";
    if (kind === "topic") return [{ name, detail: detail || "协议与制度", icon: "book", go: question(name) }];
    return aspectsOf(aspect, found.length === 1 || place === 0).flatMap(({ id: about, name: called }) =>
      about === "eligibility" && role === "rule_owner"
        ? []
        : [{
            name: `${name} · ${called}`,
            detail,
            icon: about === "eligibility" ? "lookup" : "ask",
            go: about === "eligibility" ? `#/lookup?operation=${encodeURIComponent(id)}` : question(one.questions[about]),
          }],
    );
  });
  return (wanted ? [...things, ...views] : [...views, ...things]).slice(0, MOST);
}

const question = (text) => `#/ask?q=${encodeURIComponent(text)}`;

/** 「销户 材料」 and 「销户材料」 are a service and an aspect. */
function parts(text) {
  const [first, ...rest] = text.split(/\s+/);
  if (rest.length) return [first, rest.join("")];
  if (find(text, 1).length) return [text, ""];
  for (let length = text.length - 1; length > 0; length -= 1) {
    const [head, tail] = [text.slice(0, length), text.slice(length)];
    if (find(head, 1).length && aspectsOf(tail, true).length) return [head, tail];
  }
  return [text, ""];
}

/** The aspects that fit; without a word all of them for the service that fits best, one for the others. */
function aspectsOf(word, best) {
  const all = catalogue().aspects;
  if (word) return all.filter(({ id, name }) => name.includes(word) || id.startsWith(word.toLowerCase()));
  return best ? all : all.slice(0, 1);
}

export function openPalette(role) {
  if (document.querySelector("dialog.palette")) return;
  const list = el("ul.options", { role: "listbox", id: "palette-options", "aria-label": "命令" });
  const said = el("p.hint", { role: "status" });
  const input = el("input", {
    type: "text",
    role: "combobox",
    autofocus: "",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "例如：销户 材料、补卡、流量封顶、看板",
    "aria-label": "找业务、方面、主题或页面",
    "aria-controls": "palette-options",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
  });
  let found = [];
  let chosen = 0;

  function draw() {
    found = commands(input.value, role);
    chosen = 0;
    fill(list, found.map(option));
    said.textContent = found.length ? "↑ ↓ 选择，Enter 确认" : "没有找到，换个说法试试。";
    mark();
  }
  function option({ name, detail, icon: sign, go }, place) {
    return el(
      "li",
      { role: "option", id: `palette-${place}`, onclick: () => choose(go), onmousemove: () => chosen !== place && mark(place) },
      icon(sign),
      el("span", {}, name),
      el("small", {}, detail),
    );
  }
  function mark(place = chosen) {
    chosen = place;
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === chosen)));
    const current = list.children[chosen];
    if (current) {
      input.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }
  function choose(go) {
    dialog.close();
    if (location.hash === go) window.dispatchEvent(new HashChangeEvent("hashchange"));
    else location.hash = go;
  }
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      mark((chosen + step + found.length) % found.length);
    }
    if (event.key === "Enter" && found[chosen]) {
      event.preventDefault();
      choose(found[chosen].go);
    }
  });
  const dialog = openDialog("命令面板", [input, list, said], { className: "palette" });
  draw();
}
