// The grid: rows of cells, as many as the screen shows.
import { h, icon } from "../dom.js";
import { columnsOf, mayType, startWidth } from "./columns.js";
import { dependencyWords } from "./outside.js";
import { say } from "./words.js";

const NUMBER = 44;
const PHONE = ["name", "finish", "percent"];
const NEW = "new";

export class Sheet {
  constructor({ plan, board, settings, selection }) {
    Object.assign(this, { plan, board, settings, selection });
    this.drawn = new Map();
    this.own = new Set();
    this.cut = new Set();
  }

  /** Columns in the order of the person. */
  get columns() {
    if (this.known) return this.known;
    const all = columnsOf(this.plan);
    const keys = this.board.isPhone ? PHONE : this.settings.columns;
    const known = keys.map((key) => all.get(key)).filter(Boolean);
    this.known = (known.length ? known : [all.get("name")]).map((column) => ({ ...column, start: startWidth(column, this.plan) }));
    return this.known;
  }

  /** Rows that can have the focus: what is visible, and the empty row at the end. */
  get items() {
    const isOpen = this.plan.model.may.edit && !this.plan.filter.group && !this.plan.hits;
    return isOpen ? [...this.plan.visible, { key: NEW, row: null, level: 1 }] : this.plan.visible;
  }

  itemAt(place) {
    return place < this.plan.visible.length ? this.plan.visible[place] : this.items[place];
  }

  placeOf(key) {
    return key === NEW ? this.plan.visible.length : (this.plan.placeOf.get(key) ?? -1);
  }

  /** Whether what a column shows grew wider than the room it was given. */
  get isOutgrown() {
    return this.columns.some((column) => column.widthIn?.(this.plan) > column.start);
  }

  widthOf(column) {
    if (this.board.isPhone) return column.key === "name" ? Math.max(120, this.board.gridWidth - 176) : column.key === "percent" ? 72 : 104;
    return this.settings.widths[column.key] ?? column.start;
  }

  get numberWidth() {
    return this.board.isPhone ? 0 : NUMBER;
  }

  get width() {
    return this.numberWidth + this.columns.reduce((sum, column) => sum + this.widthOf(column), 0);
  }

  /** The right edge of the last column that has room within a width; the width itself where none has. */
  edgeWithin(width) {
    let edge = this.numberWidth;
    for (const column of this.columns) {
      if (edge + this.widthOf(column) > width) break;
      edge += this.widthOf(column);
    }
    return edge > this.numberWidth ? edge : width;
  }

  /** Lay out columns anew; all rows are drawn again. */
  layOut() {
    this.known = null;
    const { grid, gridHead } = this.board;
    const widths = this.columns.map((column) => `${this.widthOf(column)}px`);
    grid.style.setProperty("--columns", [this.board.isPhone ? "0" : `${NUMBER}px`, ...widths].join(" "));
    grid.style.setProperty("--wide", `${this.width}px`);
    grid.style.setProperty("--tall", `${this.board.row}px`);
    grid.setAttribute("aria-colcount", this.columns.length);
    // What stands left of the name, and the name, stay where they are while the grid is moved sideways.
    const frozen = this.columns.findIndex((column) => column.key === "name");
    this.frozen = frozen >= 0 && frozen < 3 ? frozen : -1;
    gridHead.replaceChildren(h("div", { class: "plan-corner is-frozen", role: "presentation" }), ...this.columns.map((column, at) => this.headOf(column, at)));
    // The rows are made anew: the keyboard goes back into the cell it was in.
    this.owesFocus ||= this.board.gridRows.contains(document.activeElement);
    this.drawn.clear();
    this.board.gridRows.replaceChildren();
  }

  headOf(column, at) {
    const name = `plan-th${column.isNumber ? " is-number" : ""}${at <= this.frozen ? " is-frozen" : ""}`;
    return h("div", { class: name, role: "columnheader", "aria-colindex": at + 1, "data-key": column.key, title: column.title },
      h("span", { class: "plan-th-title" }, column.title), h("span", { class: "plan-th-edge", "data-edge": column.key, "aria-hidden": "true" }));
  }

  /** Rows first..last; while only the place changed, rows that stay are left alone. */
  draw(first, last, isChanged) {
    if (!isChanged && first === this.first && last === this.last) return;
    [this.first, this.last] = [first, last];
    const { grid, gridRows } = this.board;
    const items = this.items;
    const fresh = new Set();
    if (isChanged) grid.setAttribute("aria-rowcount", items.length + 1);
    const kept = new Set();
    let hadFocus = this.owesFocus && document.activeElement === document.body;
    this.owesFocus = false;
    for (let place = first; place < Math.min(last, items.length); place += 1) {
      const item = items[place];
      kept.add(item.key);
      let drawn = this.drawn.get(item.key);
      if (drawn && !isChanged) continue;
      fresh.add(item.key);
      const stamp = this.stampOf(item);
      // A row somebody is typing into is drawn again when the field closes.
      if (!drawn || (drawn.stamp !== stamp && !drawn.element.classList.contains("has-editor"))) {
        const element = this.rowElement(item, place);
        hadFocus ||= Boolean(drawn?.element.contains(document.activeElement));
        if (drawn) drawn.element.replaceWith(element);
        else gridRows.append(element);
        drawn = { element, stamp };
        this.drawn.set(item.key, drawn);
      }
      if (drawn.place !== place) {
        drawn.place = place;
        drawn.element.style.setProperty("--top", `${place * this.board.row}px`);
        drawn.element.setAttribute("aria-rowindex", place + 2);
        drawn.element.dataset.place = place;
      }
    }
    for (const [key, { element }] of this.drawn) {
      if (kept.has(key)) continue;
      const isHere = element.contains(document.activeElement);
      if (isHere && this.placeOf(key) >= 0) continue;
      hadFocus ||= isHere;
      element.remove();
      this.drawn.delete(key);
    }
    this.mark(fresh);
    if (!hadFocus) return;
    const cell = this.cellElement(this.selection.focus.place, this.selection.focus.at);
    if (cell) cell.focus({ preventScroll: true });
    else this.owesFocus = true;
  }

  /** Rows that were new are known by their numbers now; a field that is open over one stays open. */
  rename(keys) {
    for (const [key, uid] of Object.entries(keys)) {
      const drawn = this.drawn.get(key);
      if (!drawn?.element.classList.contains("has-editor")) continue;
      this.drawn.delete(key);
      this.drawn.set(uid, drawn);
      drawn.element.dataset.uid = uid;
    }
  }

  stampOf(item) {
    const row = item.row;
    return row ? `${row.stamp}|${item.level}|${item.isFaded ? 1 : 0}|${this.plan.folded.has(item.key)}|${this.plan.hasChildren(item.key)}` : `${item.count}|${this.plan.folded.has(item.key)}|${this.plan.order.length > 0}`;
  }

  rowElement(item, place) {
    const { row } = item;
    const isParent = item.group !== undefined || (row && !this.plan.filter.group && this.plan.hasChildren(row.uid));
    const names = ["plan-row"];
    if (row?.isSummary) names.push("is-summary");
    if (row && row.active === false) names.push("is-inactive");
    if (item.isFaded) names.push("is-faded");
    else if (this.plan.hits && row) names.push("is-hit");
    if (item.group !== undefined) names.push("is-group");
    if (item.key === NEW) names.push("is-new");
    if (isWaiting(row)) names.push("is-waiting");
    const element = h("div", { class: names.join(" "), role: "row", "aria-level": item.level, "aria-expanded": isParent ? String(!this.plan.folded.has(item.key)) : null, "aria-rowindex": place + 2, "data-uid": String(item.key) });
    element.append(h("div", { class: "plan-number is-frozen", role: "presentation", "data-number": "yes" }, this.numberOf(item)));
    if (item.group !== undefined) element.append(this.groupCell(item));
    else element.append(...this.columns.map((column, at) => this.cell(item, column, at, isParent)));
    return element;
  }

  numberOf(item) {
    const { row } = item;
    if (!row) return "";
    if (row.faults?.size) return icon("alert-octagon");
    if (isWaiting(row)) return icon("cloud-up");
    return row.draft ? "" : String(row.uid);
  }

  groupCell(item) {
    const toggle = this.toggleOf(item);
    return h("div", { class: "plan-cell plan-group", role: "gridcell", "aria-colindex": 1, "aria-colspan": this.columns.length, tabindex: "-1", "data-at": "0" },
      toggle, h("span", { class: "plan-text" }, item.group), h("span", { class: "plan-group-count" }, String(item.count)));
  }

  cell(item, column, at, isParent) {
    const { row } = item;
    const fault = row?.faults?.get(column.key);
    const waiting = row?.waiting?.get(column.key);
    const text = waiting ?? (row ? column.show(row, this.plan) : "");
    const canType = mayType(column, row, this.plan);
    const names = ["plan-cell", column.isNumber ? "is-number" : "", at <= this.frozen ? "is-frozen" : "", fault ? "has-fault" : "", waiting !== undefined && !fault ? "is-waiting" : ""];
    const cell = h("div", { class: names.filter(Boolean).join(" "), role: "gridcell", "aria-colindex": at + 1, tabindex: "-1", "data-at": at, "aria-readonly": canType ? null : "true", "aria-invalid": fault ? "true" : null });
    if (column.key === "name") this.fillName(cell, item, text, isParent);
    else cell.append(h("span", { class: "plan-text" }, text));
    const why = text === "" && row ? column.why?.(row, this.plan) : null;
    if (why) cell.append(h("span", { class: "undefined", title: say(`reason_${why}`) }, "—", h("span", { class: "visually-hidden" }, say(`reason_${why}`))));
    if (fault) cell.append(h("span", { class: "plan-fault" }, icon("alert-octagon"), h("span", { class: "visually-hidden" }, fault)));
    if (column.key === "percent" && row && (row.percent ?? null) !== null && !row.isMilestone) cell.prepend(share(row.percent));
    return cell;
  }

  fillName(cell, item, text, isParent) {
    const { row } = item;
    cell.classList.add("plan-name-cell");
    cell.style.setProperty("--level", this.plan.filter.group ? 1 : item.level - 1);
    if (item.key === NEW) {
      cell.append(h("span", { class: "plan-toggle" }, icon("plus")), h("span", { class: "plan-text plan-hint" }, this.plan.order.length ? say("newRow") : say("firstRow")));
      return;
    }
    cell.append(isParent ? this.toggleOf(item) : h("span", { class: "plan-toggle" }));
    if (row.isMilestone) cell.append(h("span", { class: "plan-kind", title: say("milestone") }, icon("diamond"), h("span", { class: "visually-hidden" }, say("milestone"))));
    cell.append(h("span", { class: "plan-text" }, text));
    if (row.critical && !row.isSummary) cell.append(mark("is-critical", "flame", say("critical")));
    else if (row.near_critical && !row.isSummary) cell.append(mark("is-near", "activity", say("nearCritical")));
    if (row.deadline_missed) cell.append(mark("is-critical", "alarm", say("deadlineMissed")));
    for (const each of this.plan.dependencies.get(row.uid) ?? []) cell.append(mark(each.moved || (each.slack ?? 0) < 0 ? "is-critical" : "", "outside", dependencyWords(each)));
    if (row.notes) cell.append(mark("", "note", say("hasNotes")));
  }

  toggleOf(item) {
    const isFolded = this.plan.folded.has(item.key);
    return h("span", { class: `plan-toggle can-toggle${isFolded ? " is-folded" : ""}`, "data-toggle": "yes", "aria-hidden": "true" }, icon("chevron-down"));
  }

  /** Mark branches that were cut and not yet pasted. */
  showCut(heads) {
    this.cut = new Set(heads);
    this.mark(this.drawn.keys());
  }

  /** Show focus and selection on what is drawn, and what is cut. */
  mark(keys) {
    const { focus } = this.selection;
    const range = this.selection.range();
    for (const key of keys) {
      const { element, place } = this.drawn.get(key);
      const isRow = this.selection.hasRow(place, key);
      element.classList.toggle("is-current", focus.place === place);
      element.classList.toggle("is-cut", this.cut.size > 0 && [key, ...this.plan.above(key)].some((uid) => this.cut.has(uid)));
      element.setAttribute("aria-selected", String(isRow));
      for (const cell of element.querySelectorAll("[data-at]")) {
        const at = Number(cell.dataset.at);
        const isFocus = focus.place === place && (focus.at === at || element.classList.contains("is-group"));
        cell.tabIndex = isFocus ? 0 : -1;
        cell.classList.toggle("is-focus", isFocus);
        cell.classList.toggle("is-chosen", isRow && !isFocus && (this.selection.isWhole || this.selection.extra.has(key) || (at >= range.left && at <= range.right)));
      }
    }
  }

  /** The element of a cell that is drawn; the first of a group's row. */
  cellElement(place, at) {
    for (const { element, place: found } of this.drawn.values()) {
      if (found === place) return element.querySelector(`[data-at="${at}"]`) ?? element.querySelector("[data-at]");
    }
    return null;
  }
}

/** Whether the server has not answered yet to what was done to a row. */
const isWaiting = (row) => Boolean(row && !row.faults?.size && ((row.draft && !row.blank) || row.waiting?.size));

function share(percent) {
  const bar = h("span", { class: "plan-share", "aria-hidden": "true" }, h("span"));
  bar.firstChild.style.width = `${Math.min(100, percent)}%`;
  return bar;
}

const mark = (name, symbol, title) => h("span", { class: `plan-mark ${name}`, title }, MARKS[symbol](), h("span", { class: "visually-hidden" }, title));
const MARKS = { flame: () => icon("flame"), activity: () => icon("activity"), alarm: () => icon("alarm"), note: () => icon("note"), outside: () => icon("git-branch") };
export { NEW };
