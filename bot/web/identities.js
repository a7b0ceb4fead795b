// The demo sign-in: a list of identities to choose from. On a narrow screen it is a drawer.

import { element } from "./blocks.js";

const mask = (number) => (number.length === 11 ? `${number.slice(0, 3)}****${number.slice(7)}` : number);

export class Identities {
  /**
   * @param {{number: string, title: string, ask: string}[]} accounts
   * @param {(identity: string) => Promise<void>} choose called with a demo number, "staff" or ""
   */
  constructor(accounts, choose) {
    this.panel = document.getElementById("sign-in");
    this.opener = document.getElementById("account");
    this.label = document.getElementById("account-label");
    this.error = document.getElementById("sign-in-error");
    this.choose = choose;
    this.options = [
      { id: "", title: "未登录", detail: "只问规则，不查账户" },
      ...accounts.map(({ number, title, ask }) => ({ id: number, title, detail: mask(number), ask })),
      { id: "staff", title: "员工演示", detail: "可看到只给员工的说明" },
    ];
    this.buttons = new Map(this.options.map((option) => [option.id, this.#button(option)]));
    document
      .getElementById("identities")
      .replaceChildren(...[...this.buttons.values()].map((button) => element("li", "", button)));
    this.opener.addEventListener("click", () => {
      if (this.#isOpen) this.#close();
      else this.#open();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#isOpen) {
        this.#close();
        this.opener.focus();
      }
    });
    this.panel.hidden = false;
    this.opener.hidden = false;
    document.getElementById("demo-banner").hidden = false;
  }

  /** Marks who is signed in. */
  show(identity) {
    const option = this.options.find(({ id }) => id === identity) ?? this.options[0];
    this.label.textContent = option.title;
    this.opener.setAttribute("aria-label", `当前身份：${option.title}，点按可切换`);
    for (const [id, button] of this.buttons) button.setAttribute("aria-pressed", String(id === option.id));
  }

  /** A question worth asking as this identity, if there is a special one. */
  suggestion(identity) {
    return this.options.find(({ id }) => id === identity)?.ask;
  }

  #button({ id, title, detail }) {
    const button = element("button", "identity", element("span", "", title), element("small", "", detail));
    button.type = "button";
    button.addEventListener("click", async () => {
      this.error.hidden = true;
      try {
        await this.choose(id);
        this.#close();
      } catch (error) {
        this.error.textContent = error.message;
        this.error.hidden = false;
      }
    });
    return button;
  }

  get #isOpen() {
    return this.opener.ariaExpanded === "true";
  }

  #open() {
    this.opener.ariaExpanded = "true";
    this.panel.classList.add("open");
    this.panel.querySelector('[aria-pressed="true"]')?.focus();
  }

  #close() {
    this.opener.ariaExpanded = "false";
    this.panel.classList.remove("open");
  }
}
