// The field over a cell: text, day or a choice from a list.
import { h, icon } from "../dom.js";
import { choicesOf, mayType, seenValue, typedValue } from "./columns.js";
import { readDay } from "./days.js";
import { placeBeside } from "./menus.js";
import { NEW } from "./sheet.js";
import { parseTable } from "./tables.js";
import { say } from "./words.js";

/** Whether somebody types the short name of a choice, such as SNET; numbers of people and calendars are none. */
const isCode = (code, words) => words.length > 1 && /^[A-Z_]+$/.test(code) && code.toLocaleLowerCase().startsWith(words);

const isSeveral = (table) => table.length > 1 || table[0].length > 1;

export class Editor {
  constructor(page) {
    this.page = page;
    this.open = null;
  }

  mayEdit(column, row) {
    return mayType(column, row, this.page.plan);
  }

  /** Open on the cell with the focus; `typed` replaces what stands there. */
  begin(typed = null) {
    const { page } = this;
    const { place, at } = page.selection.focus;
    const item = page.sheet.itemAt(place);
    const column = item?.key === NEW ? page.sheet.columns.find((each) => each.key === "name") : page.sheet.columns[at];
    if (!item || item.group !== undefined || !column) return;
    if (item.key === NEW && at !== page.sheet.columns.indexOf(column)) page.selection.go(place, page.sheet.columns.indexOf(column));
    if (!this.mayEdit(column, item.row)) {
      page.say(say("readOnly"));
      return;
    }
    page.board.reveal(place);
    page.board.draw(true);
    const cell = page.sheet.cellElement(place, page.sheet.columns.indexOf(column));
    if (!cell) return;
    const waiting = item.row?.waiting?.get(column.key);
    const stood = item.row ? (item.row.faults?.has(column.key) && waiting !== undefined ? waiting : column.edit === "choice" ? column.show(item.row, page.plan) : this.spoken(column, item.row)) : "";
    this.show({ cell, column, item, stood, start: typed ?? stood, isTyped: typed !== null });
  }

  /** Several cells of a spreadsheet go into the grid where nothing of the field would stay; other text into the field. */
  pasted(event) {
    const { input, item } = this.open;
    const isFree = !item.row?.blank && input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (isFree && isSeveral(parseTable(event.clipboardData.getData("text/plain")))) this.cancel();
    else event.stopPropagation();
  }

  /** Days are edited as they are shown. */
  spoken(column, row) {
    return column.edit === "day" ? column.show(row, this.page.plan) : typedValue(column, row, this.page.plan);
  }

  show({ cell, column, item, stood, start, isTyped }) {
    const input = h("input", { class: "plan-input", type: "text", value: start, "aria-label": column.title, autocomplete: "off", spellcheck: "false" });
    const box = h("div", { class: `plan-editor${column.isNumber ? " is-number" : ""}` }, input);
    // What stood there when the person began is what others may have changed meanwhile.
    const was = item.row ? { [column.key]: seenValue(column, item.row, this.page.plan) } : {};
    this.open = { cell, column, item, input, box, stood, was, list: null };
    if (column.edit === "day") box.append(this.dayButton(input));
    cell.classList.add("is-editing");
    cell.parentElement.classList.add("has-editor");
    cell.append(box);
    input.value = start;
    input.focus({ preventScroll: true });
    if (isTyped) input.setSelectionRange(start.length, start.length);
    else input.select();
    if (column.edit === "choice") this.openList(isTyped ? start : "");
    input.addEventListener("input", () => { if (this.open?.list) this.fillList(input.value); });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("paste", (event) => this.pasted(event));
    input.addEventListener("blur", () => setTimeout(() => { if (this.open?.input === input && !box.contains(document.activeElement) && document.activeElement !== input) this.finish(); }));
  }

  dayButton(input) {
    const picker = h("input", { type: "date", class: "plan-day-picker", tabindex: "-1", "aria-hidden": "true" });
    const { row } = this.open.item;
    picker.value = row ? (this.open.column.type?.(row, this.page.plan) ?? "") : "";
    picker.addEventListener("change", () => { input.value = picker.value; input.focus(); });
    const button = h("button", { type: "button", class: "plan-day-button", tabindex: "-1", "aria-label": say("pickDay") }, icon("calendar"));
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => picker.showPicker?.());
    return h("span", { class: "plan-day" }, picker, button);
  }

  openList(filter) {
    const list = h("div", { class: "plan-list dropdown-menu show", role: "listbox", id: "plan-choices", "aria-label": this.open.column.title });
    document.body.append(list);
    const { input } = this.open;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "true", "aria-controls": "plan-choices", "aria-autocomplete": "list" })) input.setAttribute(name, value);
    this.open.list = list;
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.pick(option.dataset.value);
    });
    this.fillList(filter, this.open.item.row ? String(this.open.item.row[this.open.column.key] ?? "") : "");
    placeBeside(list, this.open.cell);
  }

  fillList(filter, current = null) {
    const { list, column, input } = this.open;
    const words = filter.trim().toLocaleLowerCase();
    const found = choicesOf(column, this.page.plan).filter(([code, title]) => title.toLocaleLowerCase().includes(words) || isCode(code, words));
    list.replaceChildren(...found.slice(0, 60).map(([value, title], at) => h("div", { class: "dropdown-item", role: "option", id: `plan-choice-${at}`, "data-value": String(value), "aria-selected": "false" }, title)));
    if (!found.length) list.append(h("div", { class: "plan-list-empty" }, say("nothingFits")));
    const at = current === null ? 0 : Math.max(0, found.findIndex(([value]) => String(value) === current));
    this.point(found.length ? at : -1);
    if (!found.length) input.removeAttribute("aria-activedescendant");
  }

  point(at) {
    const options = [...this.open.list.querySelectorAll("[role=option]")];
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    this.open.pointed = at;
    if (options[at]) {
      this.open.input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }
  }

  pick(value) {
    this.open.picked = value;
    this.finish();
    this.page.focus();
  }

  key(event) {
    event.stopPropagation();
    const { list } = this.open;
    if (list && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const count = list.querySelectorAll("[role=option]").length;
      if (count) this.point((this.open.pointed + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
      event.preventDefault();
      return;
    }
    if (event.key === "Escape") this.cancel();
    else if (event.key === "Enter") this.leave(event.shiftKey ? "up" : "down");
    else if (event.key === "Tab") this.leave(event.shiftKey ? "tabBack" : "tab");
    else if (event.key === "ArrowDown" && event.altKey && this.open.column.edit === "day") this.open.box.querySelector("[type=date]").showPicker?.();
    else return;
    event.preventDefault();
  }

  leave(way) {
    const { column, item, input, list } = this.open;
    if (list && input.value !== "") {
      this.open.picked = list.querySelector('[aria-selected="true"]')?.dataset.value;
      if (this.open.picked === undefined) { this.refuse(say("notInList", { text: input.value, name: column.title })); return; }
    }
    const [wasNew, wasBlank] = [item.key === NEW, item.row?.blank];
    const isChanged = this.finish();
    if (wasBlank && !isChanged) { this.page.focus(); return; }
    const { selection, sheet } = this.page;
    const last = sheet.items.length - 1;
    const { place, at } = selection.focus;
    if (way === "down") selection.go(wasNew && isChanged ? sheet.items.length - 1 : Math.min(last, place + 1), at);
    else if (way === "up") selection.go(Math.max(0, place - 1), at);
    else if (way.startsWith("tab") && column.key === "name" && ((!wasNew && !wasBlank) || isChanged)) {
      if (wasNew) selection.go(Math.max(0, this.page.plan.visible.length - 1), at);
      this.page.edits.shift(way === "tab" ? "indent" : "outdent");
    } else selection.go(place, Math.max(0, Math.min(sheet.columns.length - 1, at + (way === "tab" ? 1 : -1))));
    this.page.focus();
  }

  /** What was typed stays in the field, with the reason. */
  refuse(sentence) {
    this.open.input.setAttribute("aria-invalid", "true");
    this.page.say(sentence, "error");
  }

  /** Close and send what was typed; says whether something was. */
  finish() {
    const { page } = this;
    const { column, item, input, stood, was, picked } = this.open;
    const text = picked ?? input.value.trim();
    this.close();
    const isSame = item.row?.blank ? false : picked !== undefined ? item.row && String(item.row[column.key] ?? "") === picked : text === stood.trim();
    const hadFault = item.row?.faults?.has(column.key);
    if (isSame && !hadFault) return false;
    if (item.key === NEW) return this.addNamed(text);
    if (item.row.blank) return page.edits.nameBlank(item.row, text);
    if (column.edit === "choice" && picked === undefined && text !== "") {
      page.say(say("notInList", { text, name: column.title }), "error");
      return false;
    }
    const { data_date: known, today } = page.plan.model.project;
    const chosen = choicesOf(column, page.plan).find(([key]) => String(key) === picked)?.[0];
    page.edits.setField(item.row, column.key, column.edit === "day" ? readDay(text, known ?? today) : (chosen ?? text), was[column.key]);
    return true;
  }

  /** A new row at the end takes the level of the one before it. */
  addNamed(name) {
    if (!name) return false;
    const { plan, edits } = this.page;
    const last = plan.rows.get(plan.order.at(-1));
    const place = last ? { after: last.uid, parent: last.parent, level: last.level } : {};
    edits.addRow({ ...place, fields: { name } });
    return true;
  }

  /** The row under the field got its number. */
  rename(keys) {
    const uid = keys[this.open?.item.key];
    if (uid !== undefined) this.open.item = { ...this.open.item, key: uid, row: this.page.plan.rows.get(uid) };
  }

  cancel() {
    const { row } = this.open.item;
    this.close();
    if (row?.blank) this.page.edits.nameBlank(row, "");
    this.page.focus();
  }

  close() {
    const { cell, box, list } = this.open;
    this.open = null;
    cell.classList.remove("is-editing");
    cell.parentElement?.classList.remove("has-editor");
    box.remove();
    list?.remove();
  }
}
