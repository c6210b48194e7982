// Editable table: <div data-module="grid" data-source="id" data-save-url="/api/v1/…/{id}/">. README.md has the shape.
import { EditModule, FormatModule, FrozenColumnsModule, InteractionModule, KeybindingsModule, ResizeColumnsModule, SortModule, Tabulator } from "tabulator-tables";
import { text } from "../dom.js";
import { toast } from "../toasts.js";

Tabulator.registerModule([EditModule, FormatModule, FrozenColumnsModule, InteractionModule, KeybindingsModule, ResizeColumnsModule, SortModule]);

const EDITORS = { text: "input", number: "number", date: "date", choice: "list" };

function columnOf(column) {
  return {
    title: column.title,
    field: column.field,
    frozen: Boolean(column.frozen),
    width: column.width,
    hozAlign: column.type === "number" ? "right" : "left",
    formatter: column.type === "choice" ? (cell) => column.choices[cell.getValue()] ?? "" : "plaintext",
    editor: column.editable ? EDITORS[column.type ?? "text"] : undefined,
    editorParams: column.type === "choice" ? { values: column.choices } : {},
  };
}

async function save(cell, address) {
  const row = cell.getRow().getData();
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  const answer = await fetch(address.replace("{id}", encodeURIComponent(row.id)), {
    method: "PATCH",
    headers: { ...token, "Content-Type": "application/json", "If-Match": `"${row.version}"` },
    body: JSON.stringify({ [cell.getField()]: cell.getValue() }),
  }).catch(() => null);
  if (answer?.ok) return cell.getRow().update(await answer.json());
  cell.restoreOldValue();
  if (!answer) return toast(text("errorOffline"), "error");
  const isStale = answer.status === 412 || answer.status === 409;
  return toast(text(isStale ? "errorStale" : "errorRequest"), "error");
}

export function start(element) {
  const data = JSON.parse(document.getElementById(element.dataset.source).textContent);
  const table = new Tabulator(element, { columns: data.columns.map(columnOf), data: data.rows, layout: "fitColumns", height: data.height });
  element.setAttribute("aria-label", data.label);
  // Cells take the focus; a focusable box between grid and rows would hide the rows from screen readers.
  table.on("tableBuilt", () => element.querySelector(".tabulator-tableholder")?.removeAttribute("tabindex"));
  if (element.dataset.saveUrl) table.on("cellEdited", (cell) => save(cell, element.dataset.saveUrl));
}
