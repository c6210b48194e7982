// Which columns are shown, in which order, how wide.
import { h, icon } from "../dom.js";
import { columnsOf, startWidth } from "./columns.js";
import { openDialog } from "./menus.js";
import { startSettings } from "./settings.js";
import { say } from "./words.js";

export function chooseColumns(page) {
  const all = columnsOf(page.plan);
  const list = h("ul", { class: "plan-chooser" });
  const chosen = page.settings.columns.filter((key) => all.has(key));
  const order = [...chosen, ...[...all.keys()].filter((key) => !chosen.includes(key))];
  const shown = new Set(chosen);
  const widths = { ...page.settings.widths };
  const fill = () => list.replaceChildren(...order.map((key, at) => line(all.get(key), at)));
  const move = (at, way) => {
    const [key] = order.splice(at, 1);
    order.splice(at + way, 0, key);
    fill();
    list.children[at + way].querySelector(way < 0 ? ".is-up" : ".is-down").focus();
  };
  const line = (column, at) => {
    const tick = h("input", { type: "checkbox", class: "form-check-input", checked: shown.has(column.key), disabled: column.key === "name" });
    tick.addEventListener("change", () => { if (tick.checked) shown.add(column.key); else shown.delete(column.key); });
    const width = h("input", { type: "number", class: "form-control plan-width", min: 40, max: 900, step: 10, value: widths[column.key] ?? startWidth(column, page.plan), "aria-label": say("widthOf", { name: column.title }) });
    width.addEventListener("change", () => { widths[column.key] = Math.max(40, Number(width.value) || startWidth(column, page.plan)); });
    const arrow = (way, symbol, title, isOff) => h("button", { type: "button", class: `icon-button ${way < 0 ? "is-up" : "is-down"}`, "aria-label": `${title}: ${column.title}`, disabled: isOff, onclick: () => move(at, way) }, symbol);
    return h("li", {}, h("label", {}, tick, h("span", {}, column.title)), width, arrow(-1, icon("chevron-up"), say("cmd_up"), at === 0), arrow(1, icon("chevron-down"), say("cmd_down"), at === order.length - 1));
  };
  const take = (columns, kept) => {
    page.ownColumns(columns);
    page.settings.widths = kept;
    page.keep();
    page.layOut();
    page.board.draw(true);
    page.bringExtras();
  };
  fill();
  list.addEventListener("keydown", (event) => walk(event, list));
  openDialog(say("columns"), list, [
    { title: say("startColumns"), run: () => take(startSettings().columns, {}) },
    { title: say("use"), isMain: true, run: () => take(order.filter((key) => shown.has(key) || key === "name"), widths) },
  ]);
}

/** Up and down go from line to line, with Alt they move the column. */
function walk(event, list) {
  const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const line = event.target.closest("li");
  if (!way || !line || event.target.type === "number") return;
  event.preventDefault();
  if (event.altKey) {
    const at = [...list.children].indexOf(line);
    line.querySelector(way < 0 ? ".is-up" : ".is-down").click();
    list.children[Math.max(0, Math.min(list.children.length - 1, at + way))].querySelector("input, button").focus();
    return;
  }
  let next = way < 0 ? line.previousElementSibling : line.nextElementSibling;
  while (next?.querySelector("input").disabled) next = way < 0 ? next.previousElementSibling : next.nextElementSibling;
  next?.querySelector("input").focus();
}
