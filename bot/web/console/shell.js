// What stands around every view: the menu, who is signed in, the keys.

import { signOut } from "./api.js";
import { catalogue } from "./catalogue.js";
import { openDialog } from "./dialogs.js";
import { button, el, fill, icon, key, spoken } from "./elements.js";
import { ROLES } from "./format.js";
import { onQueue, onUnread } from "./live.js";
import { openPalette } from "./palette.js";
import { sentence, toast } from "./states.js";
import { nextTheme, themeName } from "./theme.js";
import { viewsOf } from "./views.js";

const KEYS = [
  ["到处都能用", [
    [["Ctrl", "K"], "打开命令面板：业务、方面、主题和页面"],
    [["?"], "这张按键表"],
    [["Esc"], "关闭对话框"],
  ]],
  ["答问", [
    [["/"], "到输入框"],
    [["Enter"], "发送（Shift + Enter 换行）"],
    [["1", "…", "9"], "选一项接着问"],
    [["C"], "复制回复"],
    [["N"], "开始新的对话"],
    [["Esc"], "离开输入框，好用上面的单键"],
  ]],
  ["问题复核", [
    [["J"], "下一个问题"],
    [["K"], "上一个问题"],
    [["E"], "到标注表"],
    [["Ctrl", "Enter"], "保存并到下一个"],
    [["X"], "标为不用"],
  ]],
  ["人工接管", [
    [["N"], "接入等得最久的一位"],
    [["Enter"], "发送（Shift + Enter 换行）"],
    [["Esc"], "离开输入框；再按一次回到队列"],
  ]],
];

export class Shell {
  /**
   * @param {HTMLElement} app
   * @param {{name: string, role: string}} me
   * @param {() => void} leave
   */
  constructor(app, me, leave) {
    this.leave = leave;
    this.title = "";
    this.waiting = 0;
    this.replies = 0;
    this.links = new Map(viewsOf(me.role).map((view) => [view.id, this.#link(view)]));
    this.opener = button("", () => this.#drawer(!this.#open), {
      kind: "quiet", icon: "menu", "aria-label": "菜单", "aria-controls": "menu", "aria-expanded": "false",
    });
    this.nav = el(
      "nav.menu",
      { id: "menu", "aria-label": "主菜单" },
      el("div.brand", {}, el("strong", {}, "员工工作台"), el("small", {}, catalogue().title)),
      el("button.command", { type: "button", onclick: () => openPalette(me.role) }, icon("search"), el("span", {}, "找业务或页面"), el("span.keys", {}, key("Ctrl"), key("K"))),
      el("ul.views", {}, [...this.links.values()].map((link) => el("li", {}, link))),
      this.#foot(me),
    );
    this.main = el("main.main", { id: "main", tabindex: "-1" });
    this.heading = el("span.bar-title");
    fill(
      app,
      el("header.bar", {}, this.opener, this.heading),
      this.nav,
      el("div.veil", { onclick: () => this.#drawer(false) }),
      this.main,
    );
    app.classList.add("signed-in");
    this.nav.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#open) {
        this.#drawer(false);
        this.opener.focus();
      }
    });
    onQueue((queue) => this.#count(queue.filter(({ state }) => state !== "claimed").length, this.replies));
    onUnread((unread) => this.#count(this.waiting, [...unread.values()].reduce((sum, many) => sum + many, 0)));
  }

  /** Makes room for a view and marks it in the menu. */
  begin(id) {
    this.#drawer(false);
    for (const [other, link] of this.links) {
      if (other === id) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const root = el("div.view");
    root.dataset.view = id;
    fill(this.main, root);
    window.scrollTo(0, 0);
    return root;
  }

  setTitle(text) {
    this.title = text;
    this.heading.textContent = text;
    this.#titles();
  }

  help() {
    const lists = KEYS.map(([where, keys]) =>
      el("section", {}, el("h3", {}, where), el("dl.key-list", {}, keys.map(([names, what]) => [el("dt", {}, names.map(key)), el("dd", {}, what)]))),
    );
    openDialog("快捷键", [el("div.key-lists", {}, lists)], { className: "wide" });
  }

  #link({ id, name, icon: sign }) {
    return el("a", { href: `#/${id}` }, icon(sign), el("span", {}, name));
  }

  #foot(me) {
    const theme = el("span", {}, themeName());
    return el(
      "div.foot",
      {},
      el("p.who", {}, el("strong", {}, me.name), el("span.tag", {}, ROLES[me.role] ?? me.role)),
      el("div.tools", {}, [
        el("button.tool", { type: "button", onclick: () => (theme.textContent = nextTheme()) }, icon("theme"), spoken("配色："), theme),
        el("button.tool", { type: "button", onclick: () => this.help() }, icon("help"), "快捷键"),
        el("button.tool", { type: "button", onclick: () => this.#signOut() }, icon("leave"), "退出"),
      ]),
    );
  }

  async #signOut() {
    try {
      await signOut();
      this.leave();
    } catch (error) {
      toast(sentence(error), "bad");
    }
  }

  get #open() {
    return this.opener.getAttribute("aria-expanded") === "true";
  }

  #drawer(open) {
    this.opener.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("menu-open", open);
    if (open) this.nav.querySelector("[aria-current], a")?.focus();
  }

  /** Who waits, and who replied while another page was open, shows in the menu and in the title of the tab; nothing makes a sound. */
  #count(waiting, replies) {
    const link = this.links.get("handoffs");
    if (!link) return;
    link.querySelector(".badge")?.remove();
    const said = [waiting ? `${waiting} 人在等` : "", replies ? `${replies} 句没看` : ""].filter(Boolean).join("，");
    if (said) link.append(el("span.badge", {}, String(waiting + replies), spoken(` ${said}`)));
    if (waiting > this.waiting) toast(`有客户在等人工，共 ${waiting} 位。`, "note");
    if (replies > this.replies) toast("您接手的客户又说话了。", "note");
    this.waiting = waiting;
    this.replies = replies;
    this.#titles();
  }

  #titles() {
    const many = this.waiting + this.replies;
    document.title = `${many ? `(${many}) ` : ""}${this.title} · 员工工作台`;
  }
}
