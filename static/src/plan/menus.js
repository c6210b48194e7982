// Menus, small windows and dialogs of the plan page.
import { h, icon } from "../dom.js";
import { say } from "./words.js";

let open = null;

export function closeMenu(focusBack = true) {
  if (!open) return;
  const { element, back, outside, keys } = open;
  open = null;
  document.removeEventListener("pointerdown", outside, true);
  removeEventListener("keydown", keys, true);
  element.remove();
  back?.setAttribute?.("aria-expanded", "false");
  if (focusBack) back?.focus?.();
}

/**
 * Open a menu at an element or a point {x, y}. Entries: {title, keys, symbol, run, isOff, isOn} or "-"; `isOn` makes a choice of it.
 */
export function openMenu(at, entries, label) {
  const wasMine = open?.back === at;
  closeMenu(false);
  if (wasMine && at instanceof Element) { at.focus(); return; }
  const element = h("div", { class: "dropdown-menu show plan-menu", role: "menu", "aria-label": label });
  for (const entry of entries) element.append(entry === "-" ? h("div", { class: "dropdown-divider", role: "separator" }) : entryOf(entry));
  document.body.append(element);
  placeBeside(element, at);
  const back = at instanceof Element ? at : document.activeElement;
  if (at instanceof Element) at.setAttribute("aria-expanded", "true");
  const outside = (event) => { if (!element.contains(event.target) && !(at instanceof Element && at.contains(event.target))) closeMenu(false); };
  document.addEventListener("pointerdown", outside, true);
  // Before the document hears of it: there the arrows of any .dropdown-menu lead into the menus of the shell.
  const keys = (event) => { if (element.contains(event.target)) menuKey(event, element); };
  addEventListener("keydown", keys, true);
  open = { element, back, outside, keys };
  element.querySelector("[role^=menuitem]:not([aria-disabled])")?.focus();
}

function entryOf(entry) {
  const isChoice = entry.isOn !== undefined;
  const item = h("button", { type: "button", class: "dropdown-item", role: isChoice ? "menuitemcheckbox" : "menuitem", tabindex: "-1", "aria-checked": isChoice ? String(Boolean(entry.isOn)) : null, "aria-disabled": entry.isOff ? "true" : null },
    isChoice ? h("span", { class: "plan-tick" }, entry.isOn ? icon("check") : "") : (entry.symbol ?? null),
    h("span", { class: "plan-menu-title" }, entry.title), entry.keys ? h("kbd", {}, entry.keys) : null);
  item.addEventListener("click", () => {
    if (entry.isOff) return;
    closeMenu();
    entry.run();
  });
  return item;
}

function menuKey(event, element) {
  const items = [...element.querySelectorAll("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) items[(at + step + items.length) % items.length]?.focus();
  else if (event.key === "Home") items[0]?.focus();
  else if (event.key === "End") items.at(-1)?.focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function placeBeside(element, at) {
  // As long as it stands in the page it moves what it is measured against.
  element.style.position = "fixed";
  const spot = at instanceof Element ? at.getBoundingClientRect() : { left: at.x, right: at.x, top: at.y, bottom: at.y };
  const { width, height } = element.getBoundingClientRect();
  const below = spot.bottom + 4 + height <= innerHeight - 8;
  element.style.left = `${Math.max(8, Math.min(spot.left, innerWidth - width - 8))}px`;
  element.style.top = `${below ? spot.bottom + 4 : Math.max(8, spot.top - height - 4)}px`;
}

/** A dialog with a title, content and buttons [{title, isMain, run}]; `run` returning false keeps it open. */
export function openDialog(title, content, buttons, { isWide = false } = {}) {
  closeMenu(false);
  const dialog = h("dialog", { class: `plan-dialog${isWide ? " is-wide" : ""}`, "aria-labelledby": "plan-dialog-title" });
  const close = () => dialog.close();
  const actions = buttons.map((button) => h("button", { type: "button", class: `btn${button.isMain ? " btn-primary" : ""}`, onclick: () => { if (button.run?.() !== false) close(); } }, button.title));
  dialog.append(
    h("div", { class: "plan-dialog-head" }, h("h2", { id: "plan-dialog-title" }, title), h("button", { type: "button", class: "icon-button", "aria-label": say("close"), onclick: close }, icon("x"))),
    h("div", { class: "plan-dialog-body" }, content),
    h("div", { class: "plan-dialog-foot" }, ...actions),
  );
  const back = document.activeElement;
  // What had the focus may have been drawn anew meanwhile: then its successor takes it.
  dialog.addEventListener("close", () => { dialog.remove(); (back?.isConnected ? back : document.querySelector(".plan-cell.is-focus"))?.focus({ preventScroll: true }); });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches("input, select")) return;
    event.preventDefault();
    dialog.querySelector(".plan-dialog-foot .btn-primary")?.click();
  });
  document.body.append(dialog);
  dialog.showModal();
  (dialog.querySelector(".plan-dialog-body :is(input, select):enabled") ?? dialog.querySelector(".btn-primary"))?.focus();
  return dialog;
}
