// Tables: choose columns, move through rows with the keyboard, select rows for bulk edits.
import { all, h, onContent, recall, remember, text } from "./dom.js";

function hiddenColumns(id) {
  try {
    return new Set(JSON.parse(recall(`pmo-columns-${id}`) ?? "[]"));
  } catch {
    return new Set();
  }
}

function showColumns(table) {
  const hidden = hiddenColumns(table.id);
  for (const cell of table.querySelectorAll("[data-column]")) {
    cell.toggleAttribute("data-column-hidden", hidden.has(cell.dataset.column));
  }
}

function fillColumnMenu(chooser) {
  const table = document.getElementById(chooser.dataset.columnsFor);
  const headings = table ? [...table.querySelectorAll("thead th[data-column]")] : [];
  if (!headings.length) return;
  const hidden = hiddenColumns(table.id);
  const menu = chooser.querySelector(".column-menu");
  menu.replaceChildren(
    ...headings.map((heading) => {
      const key = heading.dataset.column;
      const box = h("input", { type: "checkbox", class: "form-check-input", checked: !hidden.has(key) });
      box.addEventListener("change", () => {
        const now = hiddenColumns(table.id);
        if (box.checked) now.delete(key);
        else now.add(key);
        remember(`pmo-columns-${table.id}`, JSON.stringify([...now]));
        const current = document.getElementById(table.id);
        if (current) showColumns(current);
      });
      return h("label", {}, box, h("span", {}, heading.querySelector(".sort-link")?.firstChild?.textContent ?? heading.textContent.trim()));
    }),
  );
  chooser.hidden = false;
}

// Rows with data-href: arrow keys move, Enter opens, Space ticks.
function moveInRows(event) {
  const row = event.target.closest?.("tr[data-href]");
  if (!row || event.target !== row) return;
  const rows = [...row.closest("table").querySelectorAll("tr[data-href]")];
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length }[event.key];
  if (step) {
    const next = rows[Math.min(Math.max(rows.indexOf(row) + step, 0), rows.length - 1)];
    rows.forEach((other) => other.setAttribute("tabindex", other === next ? "0" : "-1"));
    next.focus();
  } else if (event.key === "Enter") location.assign(row.dataset.href);
  else if (event.key === " ") row.querySelector("[data-row-check]")?.click();
  else return;
  event.preventDefault();
}

function clickRow(event) {
  const row = event.target.closest?.("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, select, summary") || getSelection().toString()) return;
  if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
}

// [data-check-all] ticks every [data-row-check] of its table; .bulk-bar[data-bulk-for] appears with the count.
function countChecks(table) {
  const boxes = [...table.querySelectorAll("[data-row-check]")];
  const checked = boxes.filter((box) => box.checked).length;
  const whole = table.querySelector("[data-check-all]");
  if (whole) {
    whole.checked = checked > 0 && checked === boxes.length;
    whole.indeterminate = checked > 0 && checked < boxes.length;
  }
  const bar = document.querySelector(`.bulk-bar[data-bulk-for="${CSS.escape(table.id)}"]`);
  if (!bar) return;
  bar.hidden = checked === 0;
  const line = bar.querySelector("[data-bulk-count]");
  if (line) line.textContent = `${checked} ${text("selected")}`;
}

document.addEventListener("change", (event) => {
  const table = event.target.closest?.("table");
  if (!table) return;
  if (event.target.matches("[data-check-all]")) {
    for (const box of table.querySelectorAll("[data-row-check]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-check-all], [data-row-check]")) countChecks(table);
});
document.addEventListener("keydown", moveInRows);
document.addEventListener("click", clickRow);

// On a phone the rows of .table-stack stand as blocks: each cell carries its heading.
function labelCells(table) {
  const headings = [...table.querySelectorAll("thead th")].map((cell) => (cell.querySelector(".visually-hidden") ? "" : cell.textContent.trim()));
  for (const row of table.querySelectorAll("tbody tr:not(.dimension-row)")) {
    [...row.cells].forEach((cell, index) => {
      if (index && cell.matches("td:not(.cell-whole):not([data-label])") && headings[index]) cell.dataset.label = headings[index];
    });
  }
}

onContent((root) => {
  all(root, ".table-stack").forEach(labelCells);
  all(root, "[data-columns-for]").forEach(fillColumnMenu);
  for (const table of all(root, "table[id]")) {
    showColumns(table);
    table.querySelectorAll("tr[data-href]").forEach((row, index) => row.setAttribute("tabindex", index ? "-1" : "0"));
    if (table.querySelector("[data-row-check]")) countChecks(table);
  }
});
