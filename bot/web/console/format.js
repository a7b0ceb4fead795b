// Times, numbers and names as people read them.

const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });
const TIME = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });
const COUNT = new Intl.NumberFormat("zh-CN");

const isoDay = (date) => DAY.format(date).replaceAll("/", "-");

/** Today in Shanghai, as YYYY-MM-DD. */
export const today = () => isoDay(new Date());

/** `2026-03-01` -> `2026 年 3 月 1 日` */
export function readableDay(iso) {
  const [year, month, day] = String(iso).slice(0, 10).split("-").map(Number);
  return year && month && day ? `${year} 年 ${month} 月 ${day} 日` : String(iso ?? "");
}

/** A moment: the time alone where it is today's. */
export function readableMoment(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return String(iso ?? "");
  const day = isoDay(at);
  return day === today() ? TIME.format(at) : `${day} ${TIME.format(at)}`;
}

/** How long, in seconds, as `2 分 05 秒`. */
export function readableWait(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} 秒`;
  if (whole < 3600) return `${Math.floor(whole / 60)} 分 ${String(whole % 60).padStart(2, "0")} 秒`;
  return `${Math.floor(whole / 3600)} 小时 ${Math.floor((whole % 3600) / 60)} 分`;
}

/** A text with the middle of its long numbers hidden: for addresses, and for as long as nothing masked stands in its place. */
export const veiled = (text) => text.replace(/\p{Nd}(?:[\s-]?\p{Nd}){6,}/gu, (number) => `${number.slice(0, 3)}****${number.slice(-4)}`);

export const count = (number) => COUNT.format(number);
export const percent = (share) => `${Math.round(share * 100)}%`;
export const milliseconds = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} 秒` : `${Math.round(ms)} 毫秒`);

export const DECISIONS = {
  answer: "答复规则",
  clarify: "反问",
  other_service: "规则未涵盖",
  out_of_scope: "与业务无关",
  chitchat: "寒暄",
  handoff: "转人工",
};
export const STATUSES = { allowed: "可以办理", blocked: "暂时不能办理", needs_review: "需要人工核实", not_applicable: "不适用" };
export const CHANNELS = { web: "网页", console: "工作台", wechat: "微信", wecom: "企业微信" };
export const ROLES = { clerk: "坐席", supervisor: "班长", rule_owner: "规则负责人" };
export const REASONS = { wrong: "答错了", outdated: "过时了", unclear: "没看懂", other: "其他" };
