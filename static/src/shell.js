// Sidebar, theme and density.
import { all, onContent, recall, remember } from "./dom.js";

const root = document.documentElement;

function setFolded(isFolded) {
  remember("pmo-sidebar", isFolded ? "folded" : "open");
  root.toggleAttribute("data-sidebar-folded", isFolded);
  document.querySelector('[data-sidebar="fold"]')?.setAttribute("aria-expanded", String(!isFolded));
}

function setDrawer(isOpen) {
  const opener = document.querySelector('[data-sidebar="open"]');
  root.toggleAttribute("data-sidebar-open", isOpen);
  opener?.setAttribute("aria-expanded", String(isOpen));
  document.querySelector(".shell-body")?.toggleAttribute("inert", isOpen);
  if (isOpen) document.querySelector(".sidebar-close")?.focus();
  else opener?.focus();
}

/** Change theme ("light", "dark", "auto") or density and keep it. */
export function choose(key, value) {
  remember(key, value);
  dispatchEvent(new Event("pmo:apply-theme"));
  markChoices(document);
}

function markChoices(part) {
  for (const input of all(part, "[data-theme-choice]")) input.checked = input.value === (recall("pmo-theme") || "auto");
  for (const input of all(part, "[data-density-choice]")) {
    input.checked = input.value === (recall("pmo-density") || "comfortable");
  }
}

document.addEventListener("click", (event) => {
  const control = event.target.closest?.("[data-sidebar]");
  if (!control) return;
  if (control.dataset.sidebar === "fold") setFolded(!root.hasAttribute("data-sidebar-folded"));
  else setDrawer(control.dataset.sidebar === "open");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && root.hasAttribute("data-sidebar-open")) setDrawer(false);
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-theme-choice]")) choose("pmo-theme", event.target.value);
  if (event.target.matches?.("[data-density-choice]")) choose("pmo-density", event.target.value);
});

matchMedia("(min-width: 992px)").addEventListener("change", (query) => {
  if (query.matches && root.hasAttribute("data-sidebar-open")) setDrawer(false);
});

onContent((part) => markChoices(part));
// The present tab may lie outside of its row.
const tab = document.querySelector(".page-tabs .active");
const tabs = tab?.closest(".page-tabs");
if (tab && tab.offsetLeft + tab.offsetWidth > tabs.clientWidth) tabs.scrollLeft = tab.offsetLeft - 24;
// On a low screen the present page may lie below the visible part of the menu.
const here = document.querySelector(".sidebar-link.active");
const menu = here?.closest(".sidebar-nav");
if (menu) menu.scrollTop = here.offsetTop - menu.offsetTop - menu.clientHeight / 2;
document.querySelector('[data-sidebar="fold"]')?.setAttribute(
  "aria-expanded",
  String(!root.hasAttribute("data-sidebar-folded")),
);
