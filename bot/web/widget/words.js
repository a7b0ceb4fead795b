// Every word the widget says itself: in mainland Chinese, and as it is said and written in Taiwan. Answers come from
// the server and are shown as they are: names of papers, figures and quoted rules must not be changed by a table.

const TABLE = {
  title: ["业务规则助手", "業務規則助理"],
  tagline: ["怎么办、带什么、多少钱，每一条都有出处", "怎麼辦、帶什麼、多少錢，每一條都有出處"],
  open: ["打开助手", "開啟助理"],
  unread: ["{n} 条新答复", "{n} 則新回覆"],
  close: ["关闭", "關閉"],
  large: ["大字", "大字"],
  restart: ["新对话", "新對話"],
  person: ["转人工", "轉真人"],
  conversation: ["对话内容", "對話內容"],
  log: ["对话记录", "對話紀錄"],
  welcome: ["您好，想办什么业务？", "您好，想辦什麼業務？"],
  promise: ["我按公司的业务规则回答；规则没有写清楚的，我会直说。", "我依公司的業務規則回答；規則沒有寫清楚的，我會直說。"],
  tryThese: ["可以先试试这些问题：", "可以先試試這些問題："],
  choices: ["可以这样回答", "可以這樣回答"],
  you: ["您说", "您說"],
  assistant: ["助手答", "助理答"],
  staff: ["人工客服", "真人客服"],
  question: ["您的问题", "您的問題"],
  placeholder: ["请输入您的问题", "請輸入您的問題"],
  send: ["发送", "送出"],
  keys: ["Enter 发送，Shift + Enter 换行", "Enter 送出，Shift + Enter 換行"],
  count: ["{n} / {most} 字", "{n} / {most} 字"],
  tooLong: ["，请缩短或分几次发送", "，請縮短或分幾次送出"],
  sending: ["正在发送 ……", "正在送出 ……"],
  typing: ["正在查规则 ……", "正在查規則 ……"],
  slow: ["还在查，请再稍等 ……", "還在查，請再稍等 ……"],
  waiting: ["助手这会儿比较忙。您的问题已经收到，一有答复就显示在这里。", "助理這會兒比較忙。您的問題已經收到，一有回覆就顯示在這裡。"],
  offline: ["网络断开了。您可以接着写，连上以后会自动发送。", "網路斷線了。您可以接著寫，連上以後會自動送出。"],
  reconnecting: ["连接断开了，正在重新连接 ……", "連線中斷，正在重新連線 ……"],
  held: ["还没有发出去，连上以后会自动重发。", "還沒有送出去，連上以後會自動重送。"],
  busy: ["现在提问的人比较多，稍后会自动重发。", "現在提問的人比較多，稍後會自動重送。"],
  failed: ["没有发出去。", "沒有送出去。"],
  retry: ["重试", "重試"],
  discard: ["撤回", "收回"],
  expired: ["之前的会话已过期，下面开始新的对话。", "之前的對話已過期，下面開始新的對話。"],
  sentAgain: ["会话已过期。点“重试”在新的对话里再问一次；要查自己号码的，请先重新登录。", "對話已過期。按「重試」在新的對話裡再問一次；要查自己號碼的，請先重新登入。"],
  copy: ["复制", "複製"],
  copied: ["已复制", "已複製"],
  notCopied: ["浏览器不让复制，请手动选取", "瀏覽器不允許複製，請手動選取"],
  helpful: ["有帮助", "有幫助"],
  unhelpful: ["没帮助", "沒幫助"],
  thanks: ["谢谢您的反馈", "謝謝您的意見"],
  why: ["哪里不好？", "哪裡不好？"],
  wrong: ["答错了", "答錯了"],
  outdated: ["过时了", "過時了"],
  unclear: ["没看懂", "看不懂"],
  other: ["其他", "其他"],
  comment: ["想补充的话（可不填，请不要写号码和密码）", "想補充的話（可不填，請不要寫號碼和密碼）"],
  submit: ["提交", "送出"],
  cancel: ["取消", "取消"],
  gap: ["依据不全", "依據不全"],
  warning: ["请注意", "請注意"],
  print: ["打印办理清单", "列印辦理清單"],
  newWindow: ["（在新窗口打开）", "（在新視窗開啟）"],
  ticked: ["已备 {n} / {all}", "已備 {n} / {all}"],
  reasons: ["原因", "原因"],
  unknowns: ["还要核实", "還要核實"],
  steps: ["请按顺序做", "請依順序做"],
  when: ["什么时候能办", "什麼時候能辦"],
  notices: ["提示", "提示"],
  earliest: ["最早可办理日期：", "最早可辦理日期："],
  earliestIf: ["要核实的都没有问题的话，最早可办理日期：", "要核實的都沒有問題的話，最早可辦理日期："],
  date: ["{y} 年 {m} 月 {d} 日", "{y} 年 {m} 月 {d} 日"],
  sources: ["依据", "依據"],
  version: ["规则库版本 {v}", "規則庫版本 {v}"],
  guest: ["未登录", "未登入"],
  signIn: ["登录查号码", "登入查號碼"],
  signOut: ["退出", "登出"],
  verified: ["已验证", "已驗證"],
  handler: ["经办人", "經辦人"],
  more: ["等 {n} 个号码", "等 {n} 個號碼"],
  numbers: ["您的号码，点一个就填进问题", "您的號碼，點一個就填進問題"],
  identityLost: ["登录已退出，下面开始新的对话。", "已登出，下面開始新的對話。"],
  identityFound: ["已登录：{who}。下面是新的对话。", "已登入：{who}。下面是新的對話。"],
  verify: ["验证页面已在新窗口打开。验证完会自动回来；没有回来的话，请把页面上的确认码填在这里。", "驗證頁面已在新視窗開啟。驗證完會自動回來；沒有回來的話，請把頁面上的確認碼填在這裡。"],
  blocked: ["浏览器拦住了新窗口。请点这里打开验证页面：", "瀏覽器擋住了新視窗。請按這裡開啟驗證頁面："],
  verifyLink: ["打开验证页面", "開啟驗證頁面"],
  code: ["确认码", "確認碼"],
  confirm: ["确认", "確認"],
  queued: ["正在等人工客服，前面还有 {n} 位。等候时可以接着问我。", "正在等真人客服，前面還有 {n} 位。等候時可以接著問我。"],
  next: ["正在等人工客服，下一位就是您。等候时可以接着问我。", "正在等真人客服，下一位就是您。等候時可以接著問我。"],
  leave: ["不等了", "不等了"],
  claimed: ["{who}已经接入，您可以直接说。", "{who}已經接入，您可以直接說。"],
};

/** @typedef {Record<keyof typeof TABLE, string>} Words */

/**
 * @param {string} language a tag such as `zh-TW`; Taiwan, Hong Kong and Macau read traditional characters
 * @returns {{words: Words, tag: string}}
 */
export function wordsOf(language) {
  const column = Number(/^zh-(tw|hk|mo|hant)/i.test(language));
  const words = Object.fromEntries(Object.entries(TABLE).map(([name, both]) => [name, both[column]]));
  return { words: /** @type {Words} */ (words), tag: ["zh-CN", "zh-TW"][column] };
}

/**
 * @param {string} sentence with places such as `{n}`
 * @param {Record<string, string | number>} values
 */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
