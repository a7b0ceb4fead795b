// Puts text where it can be pasted from.

import { toast } from "./states.js";

/** Copies; where the browser does not allow it, the text is selected, so that the person can. */
export async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    toast("已复制，可以直接粘贴给客户。");
  } catch {
    const range = document.createRange();
    range.selectNodeContents(shown);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    toast("浏览器不让自动复制：文字已选中，请按 Ctrl + C。", "note");
  }
}
