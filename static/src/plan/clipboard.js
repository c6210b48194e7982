// Copy and paste of cells and rows, to and from spreadsheets and within the plan.
import { columnsOf, typedValue } from "./columns.js";
import { readDay } from "./days.js";
import { joined } from "./edits.js";
import { NEW } from "./sheet.js";
import { indentsOf, parseTable, writeTable } from "./tables.js";
import { say } from "./words.js";

/** What was cut or copied here as branches, with the text that stands for it on the clipboard. */
let branches = null;

/** The numbers of copied rows travel beside the text: predecessors of pasted rows mean them. */
const NUMBERS = "application/x-pmo-rows";

/** Titles other tools give their columns; those of the page count before them. */
const TITLES = {
  name: ["name", "task name", "activity name", "vorgangsname"],
  uid: ["id", "no.", "nr."],
  duration: ["duration", "original duration", "dauer"],
  start: ["start", "anfang"],
  finish: ["finish", "fertig stellen", "ende"],
  preds: ["predecessors", "vorgänger"],
  notes: ["notes", "notizen"],
};
const KEYS = new Map(Object.entries(TITLES).flatMap(([key, titles]) => titles.map((title) => [title, key])));

export function copyCells(page, event, isCut) {
  const { selection, plan, sheet } = page;
  const { left, right } = selection.range();
  const isWhole = selection.isWhole || isCut;
  const columns = isWhole ? sheet.columns : sheet.columns.slice(left, right + 1);
  const rows = plan.visible.filter((item, place) => item.row && selection.hasRow(place, item.key)).map((item) => item.row);
  if (!rows.length) return;
  const text = writeTable(rows.map((row) => columns.map((column) => (column.key === "name" && isWhole ? `${"  ".repeat(Math.max(0, row.level - 1))}${row.name}` : column.edit === "choice" ? column.show(row, plan) : typedValue(column, row, plan)))));
  event.clipboardData.setData("text/plain", text);
  if (isWhole) event.clipboardData.setData(NUMBERS, rows.map((row) => row.uid).join(" "));
  event.preventDefault();
  branches = isWhole ? { text, uids: selection.heads(), isCut } : null;
  sheet.showCut(branches?.isCut ? branches.uids : []);
  const count = isWhole ? branches.uids.reduce((sum, uid) => sum + plan.sizeOf(uid), 0) : rows.length;
  page.say(say(isCut ? "cut" : "copied", { count }));
}

export function pasteCells(page, event) {
  const text = event.clipboardData.getData("text/plain");
  if (!text) return;
  event.preventDefault();
  if (!page.plan.model.may.edit) { page.say(say("readOnly"), "error"); return; }
  if (branches && branches.text === text.replace(/\r\n/g, "\n")) {
    const isPlaced = page.edits.placeBranches(branches.isCut ? "move" : "copy", branches.uids);
    if (isPlaced && branches.isCut) forgetCut(page);
    return;
  }
  const table = parseTable(text);
  const item = page.sheet.itemAt(page.selection.focus.place);
  const isOver = item?.key !== NEW && !page.selection.isWhole;
  if (isOver) pasteOver(page, table);
  else pasteRows(page, table, item?.row ?? null, event.clipboardData.getData(NUMBERS).split(" "));
}

/** What was cut stays where it is, unless it was pasted; false where nothing was cut. */
export function forgetCut(page) {
  if (!branches?.isCut) return false;
  branches = null;
  page.sheet.showCut([]);
  return true;
}

/** Over the cells from the focus to the right and down; what reaches beyond the last row becomes new rows. */
function pasteOver(page, table) {
  const { plan, sheet, selection } = page;
  const { top, left, bottom } = selection.range();
  const repeated = table.length === 1 && bottom > top ? Array.from({ length: bottom - top + 1 }, () => table[0]) : table;
  const changes = [];
  const beyond = [];
  repeated.forEach((cells, down) => {
    const item = plan.visible[top + down];
    if (!item) { beyond.push(cells); return; }
    if (!item.row) return;
    cells.forEach((cell, right) => {
      const column = sheet.columns[left + right];
      if (column && page.editor.mayEdit(column, item.row)) changes.push(page.edits.fieldChange(item.row, column.key, pastedValue(page, column.key, cell.trim())));
    });
  });
  const rows = beyond.length ? newRows(page, beyond, left, null) : [];
  const all = [...joined(changes), ...rows];
  if (all.length) page.edits.send(all);
  else page.say(say("readOnly"), "error");
}

/** As new rows behind a row or at the end; a first line of column titles says what is what. */
function pasteRows(page, table, row, numbers) {
  const left = page.selection.isWhole ? 0 : page.selection.focus.at;
  const changes = newRows(page, table, left, row, numbers);
  const note = leftOut(page, table);
  if (!changes.length) { page.say(say("nothingToPaste"), "error"); return; }
  page.edits.send(changes, note);
  choosePasted(page, changes.map((change) => change.key));
}

/** The pasted rows are chosen: what comes next, indent or delete, holds for them. */
function choosePasted(page, keys) {
  const { selection, plan } = page;
  const [first, last] = [plan.placeOf.get(keys[0]), plan.placeOf.get(keys.at(-1))];
  if (first === undefined || last === undefined) return;
  selection.go(last, selection.focus.at, { isWhole: true });
  selection.go(first, selection.focus.at, { extend: true });
}

function newRows(page, table, left, behind, numbers = []) {
  const { keys, lines } = understood(page, table, left);
  const at = Math.max(0, keys.indexOf("name"));
  const indents = indentsOf(lines.map((cells) => cells[at] ?? ""));
  const start = behind ?? page.plan.rows.get(page.plan.order.at(-1));
  const chain = [{ depth: 0, key: start?.uid ?? null }];
  const base = start?.level ?? 1;
  return lines.flatMap((cells, index) => {
    const { uid = numbers[index], ...fields } = Object.fromEntries(keys.map((key, place) => [key, pastedValue(page, key, (cells[place] ?? "").trim())]).filter(([key, value]) => key && value !== ""));
    if (!fields.name) return [];
    const number = /^[1-9]\d{0,8}$/.test(uid ?? "") ? { number: Number(uid) } : {};
    const above = chain.at(-1);
    const depth = index ? Math.min(indents[index], above.depth + 1) : 0;
    const key = page.edits.newKey();
    const isChild = index > 0 && depth > above.depth;
    while (chain.length && chain.at(-1).depth > depth) chain.pop();
    const sister = chain.at(-1)?.depth === depth ? chain.at(-1) : null;
    const parent = isChild ? above.key : (sister?.parent ?? (depth === 0 ? (start?.parent ?? null) : (chain.at(-1)?.key ?? null)));
    const after = isChild ? null : (sister?.key ?? null);
    if (sister) chain.pop();
    chain.push({ depth, key, parent });
    return [{ act: "add", key, after, before: null, parent, fields, level: base + depth, ...number }];
  });
}

/** The columns a first line of titles names, shown or not; null where it names none. */
function titlesOf(page, table) {
  const own = [...columnsOf(page.plan).values()].filter((column) => (column.edit || column.key === "uid") && !PROGRESS.has(column.key));
  const byTitle = new Map([...KEYS, ...own.map((column) => [column.title.toLocaleLowerCase(), column.key])]);
  const titles = table[0].map((cell) => byTitle.get(cell.trim().toLocaleLowerCase()));
  return table.length > 1 && titles.includes("name") ? titles : null;
}

/** What the titles named that new rows cannot take, in a sentence. */
function leftOut(page, table) {
  const titles = titlesOf(page, table);
  const names = titles ? table[0].filter((cell, at) => !titles[at] && cell.trim()) : [];
  return names.length ? say("columnsLeftOut", { names: names.map((name) => name.trim()).join(", ") }) : "";
}

/** Which column each cell belongs to. */
function understood(page, table, left) {
  const titles = titlesOf(page, table);
  if (titles) return { keys: titles, lines: table.slice(1) };
  const columns = page.sheet.columns.slice(left);
  const named = table[0].length === 1 ? ["name"] : columns.map((column) => column.key);
  const wholes = named.includes("name") ? named : ["name", ...named.slice(1)];
  const writable = wholes.map((key) => (page.editor.mayEdit(page.sheet.columns.find((column) => column.key === key) ?? { key, edit: "text" }, { isSummary: false }) && !PROGRESS.has(key) || key === "uid" ? key : null));
  return { keys: writable.slice(0, table[0].length), lines: table };
}

function pastedValue(page, key, text) {
  const column = columnsOf(page.plan).get(key);
  return column?.edit === "day" && text ? readDay(text, page.plan.model.project.today) : text;
}

const PROGRESS = new Set(["percent", "physical", "remaining", "actual_start", "actual_finish"]);
