// The door: name, password, one-time code; other ways where the server offers them.

import { get, signIn, whoAmI } from "../api.js";
import { el, field, fill, spoken } from "../elements.js";
import { onSubmit } from "../forms.js";
import { ROLES } from "../format.js";
import { sentence } from "../states.js";

/**
 * @param {HTMLElement} app
 * @param {(me: {name: string, role: string}) => Promise<void>} enter
 * @param {{note?: string, name?: string}} [again] why the person is here again, and who it is
 */
export async function showSignIn(app, enter, { note = "", name: known = "" } = {}) {
  document.title = "登录 · 员工工作台";
  app.classList.remove("signed-in");
  const name = el("input", { type: "text", autocomplete: "username", required: true, maxlength: "64", spellcheck: "false", autocapitalize: "none", value: known });
  const password = el("input", { type: "password", autocomplete: "current-password", required: true, maxlength: "200" });
  const code = el("input", { type: "text", inputmode: "numeric", autocomplete: "one-time-code", required: true, pattern: "[0-9 ]{6,7}", maxlength: "7", title: "动态验证码是 6 位数字。" });
  const problem = el("p.problem", { role: "alert", hidden: true });
  const submit = el("button.button.primary.wide", { type: "submit" }, "登录");
  const form = el(
    "form.stack",
    {},
    field("姓名或工号", name),
    field("密码", password),
    field("动态验证码", code, { hint: "身份验证器上显示的 6 位数字。" }),
    problem,
    submit,
  );
  const others = el("div.others");
  fill(
    app,
    el(
      "main.door",
      { id: "main", tabindex: "-1" },
      el("div.door-card", {}, el("h1", {}, "员工工作台"), el("p.hint", {}, "答客户问、查号码、接人工，每一条规则都有出处。"), note ? el("p.notice", { role: "status" }, note) : null, form, others),
    ),
  );
  (known ? password : name).focus();
  onSubmit(form, () => attempt(name.value.trim(), password.value, code.value.replace(/\s/g, "")));

  async function attempt(...credentials) {
    submit.disabled = true;
    problem.hidden = true;
    try {
      await enter(await signIn(...credentials));
    } catch (error) {
      if (!form.isConnected) return;
      fill(problem, sentence(error)).hidden = false;
      password.value = "";
      code.value = "";
      (error.status === 401 ? password : name).focus();
    } finally {
      submit.disabled = false;
    }
  }

  if (known) document.addEventListener("visibilitychange", look);
  await offerOthers(others, attempt, known);

  /** Who comes back from another window may have signed in there. */
  async function look() {
    if (!form.isConnected) document.removeEventListener("visibilitychange", look);
    else if (!document.hidden) {
      const person = await whoAmI().catch(() => null);
      if (person && form.isConnected) await enter(person);
    }
  }
}

/**
 * What else the server offers: sign-in by the organization's own identity provider, in a window of its own where something
 * waits in this one; in a demo, people to try it as.
 */
async function offerOthers(place, attempt, waits) {
  const { oidc, demo: hasDemo } = await get("/console/ways-in.json", { quiet: true }).catch(() => ({}));
  const { staff: demo } = hasDemo ? await get("/demo/staff", { quiet: true }).catch(() => ({})) : {};
  if (!place.isConnected) return;
  fill(
    place,
    oidc ? el("a.button.wide", { href: "/staff/oidc/start", target: waits ? "_blank" : null, rel: "noopener" }, "用单位统一账号登录", waits ? spoken("（在新窗口登录，再回到这里）") : null) : null,
    demo?.length
      ? [
          el("h2", {}, "演示员工"),
          el("p.hint", {}, "只在演示环境里有。点一位就用当前的验证码登录。"),
          el("ul.demo-staff", {}, demo.map((person) => el("li", {}, demoButton(person, attempt)))),
        ]
      : null,
  );
}

function demoButton({ name, role, password, code }, attempt) {
  // A code serves once: who has just used it waits for the next.
  const shown = code ? el("code", {}, code) : el("small", {}, "验证码刚用过，半分钟后再来");
  return el("button", { type: "button", onclick: () => again(name, password, attempt) }, el("span", {}, name), shown, el("small", {}, ROLES[role] ?? role));
}

/** The code of now, which may be another one than when the page was opened. */
async function again(name, password, attempt) {
  const { staff } = await get("/demo/staff", { quiet: true }).catch(() => ({}));
  await attempt(name, password, staff?.find((one) => one.name === name)?.code ?? "");
}
