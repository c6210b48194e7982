// Keys in the grid.
import { copyCells, forgetCut, pasteCells } from "./clipboard.js";
import { NEW } from "./sheet.js";
import { say } from "./words.js";

export function listenToKeys(page) {
  const { grid } = page.board;
  grid.addEventListener("keydown", (event) => key(page, event));
  grid.addEventListener("copy", (event) => { if (!page.editor.open) copyCells(page, event, false); });
  grid.addEventListener("cut", (event) => { if (!page.editor.open && page.plan.model.may.edit) copyCells(page, event, true); });
  grid.addEventListener("paste", (event) => { if (!page.editor.open) pasteCells(page, event); });
  document.addEventListener("keydown", (event) => {
    if (event.target !== document.body && !page.element.contains(event.target)) return;
    anywhere(page, event);
    if (event.target === document.body) intoGrid(page, event);
  });
}

/** Keys that move or write, pressed where nothing has the focus, are meant for the grid. */
function intoGrid(page, event) {
  if (event.defaultPrevented || page.editor.open || event.altKey) return;
  if (!MOVES[event.key] && !["PageDown", "PageUp", "Home", "End", "Enter", "F2"].includes(event.key)) return;
  event.preventDefault();
  page.focus();
}

/** Keys that hold on the whole page of the plan. */
function anywhere(page, event) {
  if (event.defaultPrevented || page.editor.open || event.target.closest("dialog, .plan-menu")) return;
  const isTyping = event.target.matches("input, select, textarea");
  const hit = page.commands.list.find((command) => command.test?.(event) && !(isTyping && !command.isGlobal));
  if (!hit || hit.isOff?.()) return;
  event.preventDefault();
  hit.run();
}

const ROW_KEYS = new Set(["uid", "wbs", "name"]);
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function key(page, event) {
  if (page.editor.open || event.defaultPrevented) return;
  const { selection, sheet } = page;
  if (event.altKey && !event.ctrlKey) return;
  const move = movement(page, event);
  if (move) {
    event.preventDefault();
    selection.go(move.place, move.at, { extend: event.shiftKey });
    page.focus();
    return;
  }
  if (event.key === " " && event.ctrlKey) { event.preventDefault(); selection.markRow(); page.focus(); return; }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Tab") tab(page, event);
  else if (event.key === "Enter") enter(page, event);
  else if (event.key === "Escape") escape(page, event);
  else if (event.key === " " && event.shiftKey) chooseRow(page, event);
  else if (event.key === " ") toggle(page, event);
  else if (event.key.length === 1 && event.key !== "?") type(page, event);
  else if (event.key === "?" && !canType(page)) return;
  else if (event.key === "Delete" && !event.shiftKey) clear(page, event);
  else if (event.key === "Backspace" && canType(page)) { event.preventDefault(); page.editor.begin(""); }
  if (event.key === "F2" && !event.shiftKey) { event.preventDefault(); page.editor.begin(); }
  if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
    event.preventDefault();
    const cell = sheet.cellElement(selection.focus.place, selection.focus.at)?.getBoundingClientRect();
    if (cell) page.commands.openRowMenu({ x: cell.left + 16, y: cell.bottom });
  }
}

/** Del empties cells; on the name and on whole rows it is the command that deletes rows. */
function clear(page, event) {
  const { selection, sheet } = page;
  const { left, right } = selection.range();
  const isRows = selection.isWhole || selection.extra.size || sheet.columns.slice(left, right + 1).some(({ key }) => ROW_KEYS.has(key));
  if (isRows) return;
  event.preventDefault();
  page.edits.clearCells();
}

function canType(page) {
  const { place, at } = page.selection.focus;
  const item = page.sheet.itemAt(place);
  return item && item.group === undefined && page.editor.mayEdit(page.sheet.columns[at], item.row);
}

function movement(page, event) {
  const { selection, sheet, board } = page;
  const { place, at } = selection.focus;
  const last = sheet.items.length - 1;
  const wide = sheet.columns.length - 1;
  const isFar = event.ctrlKey || event.metaKey;
  const step = MOVES[event.key];
  if (step && isFar && step[1] && sheet.columns[at].key === "name" && fold(page, step[1])) return { place, at };
  if (step) return { place: clamp(isFar && step[0] ? (step[0] < 0 ? 0 : last) : place + step[0], last), at: clamp(isFar && step[1] ? (step[1] < 0 ? 0 : wide) : at + step[1], wide) };
  const screen = Math.max(1, Math.floor((board.scroller.clientHeight - board.headHeight) / board.row) - 1);
  if (event.key === "PageDown") return { place: clamp(place + screen, last), at };
  if (event.key === "PageUp") return { place: clamp(place - screen, last), at };
  if (event.key === "Home") return { place: isFar ? 0 : place, at: 0 };
  if (event.key === "End") return { place: isFar ? last : place, at: wide };
  return null;
}

const clamp = (number, top) => Math.max(0, Math.min(top, number));

/** Ctrl and left or right on a name folds its branch away or opens it. */
function fold(page, way) {
  const item = page.sheet.itemAt(page.selection.focus.place);
  const isParent = item?.group !== undefined || (item?.row && page.plan.hasChildren(item.key));
  if (!isParent || page.plan.folded.has(item.key) === way < 0) return false;
  page.plan.fold(item.key, way < 0);
  return true;
}

/** Tab indents on a name; after Esc, and in every other column, it leaves the grid. */
function tab(page, event) {
  const item = page.sheet.itemAt(page.selection.focus.place);
  const isName = page.sheet.columns[page.selection.focus.at]?.key === "name";
  if (!isName || !item?.row || page.isLeaving || !page.plan.model.may.edit || page.plan.filter.group) return;
  event.preventDefault();
  page.edits.shift(event.shiftKey ? "outdent" : "indent");
}

function enter(page, event) {
  event.preventDefault();
  const { selection, sheet } = page;
  const { place, at } = selection.focus;
  const item = sheet.itemAt(place);
  if (item?.group !== undefined) page.plan.fold(item.key);
  else if (item?.key === NEW) page.editor.begin("");
  else selection.go(clamp(place + (event.shiftKey ? -1 : 1), sheet.items.length - 1), at);
  page.focus();
}

function escape(page, event) {
  const { selection, sheet } = page;
  const column = sheet.columns[selection.focus.at];
  if (page.edits.letGo(selection.row, column?.key)) {
    event.preventDefault();
    page.focus();
    return;
  }
  if (forgetCut(page)) {
    event.preventDefault();
    page.say(say("cutForgotten"));
    return;
  }
  if (selection.extra.size || selection.range().top !== selection.range().bottom) selection.only();
  page.isLeaving = true;
  page.say(say("tabLeaves"));
  page.board.grid.addEventListener("focusout", () => { page.isLeaving = false; }, { once: true });
  page.focus();
}

function chooseRow(page, event) {
  event.preventDefault();
  page.selection.go(page.selection.focus.place, page.selection.focus.at, { isWhole: true });
  page.focus();
}

function toggle(page, event) {
  const item = page.sheet.itemAt(page.selection.focus.place);
  const isParent = item?.group !== undefined || (item?.row && page.plan.hasChildren(item.key));
  if (isParent) { event.preventDefault(); page.plan.fold(item.key); page.board.draw(true); page.focus(); } else if (canType(page)) { event.preventDefault(); page.editor.begin(); } else event.preventDefault();
}

function type(page, event) {
  if (!canType(page)) return;
  event.preventDefault();
  page.isLeaving = false;
  page.editor.begin(event.key);
}
