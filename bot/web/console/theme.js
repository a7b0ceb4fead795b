// Light, dark, or as the system says.

const KEPT = "console-theme";
const NAMES = { auto: "跟随系统", light: "浅色", dark: "深色" };
const NEXT = { auto: "light", light: "dark", dark: "auto" };
let theme = "auto";

function apply() {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function restoreTheme() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (Object.hasOwn(NAMES, kept)) theme = kept;
  } catch {
    // Storage is forbidden: as the system says.
  }
  apply();
}

/** The next of the three; returns its name. */
export function nextTheme() {
  theme = NEXT[theme];
  apply();
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // It is forgotten with the page.
  }
  return themeName();
}

export const themeName = () => NAMES[theme];
