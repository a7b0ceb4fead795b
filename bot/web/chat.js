// The page goes by the name of the assistant it shows.

document.querySelector("rule-assistant").addEventListener("rule-assistant-ready", ({ detail }) => {
  document.title = detail.title;
  document.querySelector("h1").textContent = detail.title;
});
