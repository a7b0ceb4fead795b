// The views of the console: who may see which, and where each is. One is loaded when it is opened for the first time.

const CLERK = ["clerk", "supervisor"];
const EVERYBODY = ["clerk", "supervisor", "rule_owner"];

/**
 * @typedef {{root: HTMLElement, params: URLSearchParams, rest: string, me: {name: string, role: string},
 *   signal: AbortSignal, setTitle: (text: string) => void}} Place what a view gets
 * @typedef {{id: string, name: string, icon: string, roles: string[], hidden?: boolean,
 *   load: () => Promise<{show: (place: Place) => any}>}} View
 */

/** @type {View[]} */
export const VIEWS = [
  { id: "ask", name: "答问", icon: "ask", roles: EVERYBODY, load: () => import("./views/ask.js") },
  { id: "handoffs", name: "人工接管", icon: "handoffs", roles: CLERK, load: () => import("./views/handoffs.js") },
  { id: "lookup", name: "查号码", icon: "lookup", roles: CLERK, load: () => import("./views/lookup.js") },
  { id: "companies", name: "单位号码", icon: "companies", roles: CLERK, load: () => import("./views/companies.js") },
  { id: "search", name: "检索", icon: "search", roles: EVERYBODY, load: () => import("./views/search.js") },
  { id: "review", name: "问题复核", icon: "review", roles: ["supervisor", "rule_owner"], load: () => import("./views/review.js") },
  { id: "dashboard", name: "运行看板", icon: "dashboard", roles: ["supervisor", "rule_owner"], load: () => import("./views/dashboard.js") },
  { id: "conversation", name: "对话记录", icon: "search", roles: EVERYBODY, hidden: true, load: () => import("./views/conversation.js") },
];

/** The views in the menu of a role. */
export const viewsOf = (role) => VIEWS.filter((view) => view.roles.includes(role) && !view.hidden);
