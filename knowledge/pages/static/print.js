// The print buttons of a page. They are hidden in the page itself, for they do nothing without this script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
