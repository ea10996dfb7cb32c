// What makes pages livelier; every page works without it.
import "htmx.org/dist/htmx.js";

document.documentElement.classList.add("is-live");

// One open menu at a time; Escape and a click elsewhere close it.
const menus = () => document.querySelectorAll("details.hh-menu[open]");
document.addEventListener("click", (event) => menus().forEach((menu) => menu.contains(event.target) || (menu.open = false)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});

// A form that was sent once is not sent twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || event.target.method === "get") return;
  setTimeout(() => { button.setAttribute("aria-disabled", "true"); button.classList.add("is-busy"); }, 0);
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Copy an example to the clipboard.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  button.textContent = button.dataset.copied;
});
// Tick or clear all columns of a list.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-ticks]");
  if (all) document.querySelectorAll(`input[name="${all.dataset.ticks}"]:not(:disabled)`).forEach((box) => (box.checked = all.checked));
});
// Pages that show something under way are read again until it ends.
const waiting = document.querySelector("[data-again]");
if (waiting) setTimeout(() => document.hidden || location.reload(), Number(waiting.dataset.again));
