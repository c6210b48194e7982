// The plan page: puts plan, grid, drawing, tools and the server together.
import { announce, h } from "../dom.js";
import { openAddress, writeAddress } from "./address.js";
import { Board } from "./board.js";
import { commandsOf } from "./commands.js";
import { Editor } from "./editor.js";
import { Edits } from "./edits.js";
import { Emptiness } from "./emptiness.js";
import { Gantt } from "./gantt.js";
import { Hover } from "./hover.js";
import { listenToKeys } from "./keyboard.js";
import { momentOf } from "./moments.js";
import { listenToPaper } from "./paper.js";
import { Plan } from "./plan.js";
import { takeBackWhatWaits } from "./returning.js";
import { listenToGrid } from "./grid_mouse.js";
import { listenToDrawing } from "./drawing_mouse.js";
import { comeBack, leaveMark } from "./places.js";
import { Selection } from "./selection.js";
import { Sender } from "./sender.js";
import { Server } from "./server.js";
import { keepSettings, loadSettings } from "./settings.js";
import { Sheet } from "./sheet.js";
import { StatusLine } from "./status_line.js";
import { Toolbar } from "./toolbar.js";
import { watch } from "./watch.js";
import { learnWords, say } from "./words.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const GHOSTS_MS = 9000;

export class PlanPage {
  constructor(element) {
    this.element = element;
    const words = read("plan-words");
    learnWords(words.sentences);
    this.settings = loadSettings();
    const model = read("plan-model");
    // Without an address for changes the page only shows.
    if (!element.dataset.changes) Object.assign(model.may, { edit: false, delete: false, progress: false, progress_own: false });
    this.plan = new Plan(model);
    this.plan.choices = words.choices;
    this.plan.baselineOf = (uid) => this.plan.frozen(this.settings.baselines[0] ?? this.currentBaseline, uid);
    this.server = new Server(element.dataset.api, element.dataset.tasks);
    this.selection = new Selection(this.plan);
    this.board = new Board({ settings: this.settings, keep: () => this.keep() });
    this.sheet = new Sheet(this);
    this.gantt = new Gantt(this);
    this.status = new StatusLine(this);
    this.sender = new Sender(this);
    this.edits = new Edits(this);
    this.editor = new Editor(this);
    this.commands = commandsOf(this);
    this.toolbar = new Toolbar(this);
    this.hover = new Hover(this);
    this.emptiness = new Emptiness(this);
    this.build();
  }

  build() {
    document.body.classList.add("plan-page");
    const how = h("p", { id: "plan-how", class: "visually-hidden" }, say("how"));
    this.element.replaceChildren(this.toolbar.element, this.board.element, this.status.element, how);
    this.board.onDraw = (isWhole, isChanged) => this.draw(isWhole, isChanged);
    this.board.onMeasure = () => this.layOut();
    this.board.fit = (width) => this.sheet.edgeWithin(width);
    this.board.onZoom = (step, at) => this.zoom(step, at);
    this.plan.addEventListener("arranged", () => this.arranged());
    listenToKeys(this);
    listenToGrid(this);
    listenToDrawing(this);
    listenToPaper(this);
    document.addEventListener("click", (event) => { if (event.target.closest?.("[data-theme-set], [data-density-toggle]")) this.board.measure(); });
    this.board.measure();
    this.layOut();
    this.selection.go(0, Math.max(0, this.sheet.columns.findIndex((column) => column.key === "name")));
    this.board.draw(true);
    this.selection.addEventListener("changed", () => this.chosen());
    comeBack(this);
    openAddress(this);
    this.showStart();
    this.status.show();
    this.emptiness.show();
    takeBackWhatWaits(this);
    this.bringExtras();
    watch(this);
    addEventListener("pagehide", () => leaveMark(this));
    this.element.dataset.ready = "yes";
    writeAddress(this);
  }

  get currentBaseline() {
    return this.plan.model.baselines.find((line) => line.current)?.number ?? this.plan.model.baselines[0]?.number;
  }

  keep() {
    keepSettings(this.settings);
  }

  /** Show the columns of an address; the person's own stay kept. */
  borrow(columns) {
    const { settings } = this;
    if (columns.join() === settings.columns.join()) return;
    settings.borrowed = { columns: settings.columns };
    settings.columns = columns;
    this.layOut();
  }

  /** Take columns the person chose. */
  ownColumns(columns) {
    this.settings.columns = columns;
    delete this.settings.borrowed;
  }

  /** Group rows, or show the outline again; the choice is kept. */
  group(name) {
    this.plan.filter.group = this.settings.group = name;
    this.keep();
    this.plan.arrange();
    this.layOut();
  }

  /** Columns, time axis and sizes anew. */
  layOut() {
    this.sheet.layOut();
    this.gantt.layOut();
    this.gantt.touch();
    this.sizes();
    this.board.slide();
    this.toolbar?.show();
    if (this.element.dataset.ready) writeAddress(this);
  }

  sizes() {
    this.board.size({ rows: this.sheet.items.length, columns: this.sheet.width, time: this.gantt.scale.width });
  }

  arranged() {
    this.selection.follow();
    if (this.sheet.isOutgrown) this.sheet.layOut();
    this.sizes();
    this.gantt.touch();
    this.status.show();
    this.emptiness.show();
    this.toolbar.show();
    this.board.ask();
    if (this.element.dataset.ready) writeAddress(this);
  }

  draw(isWhole, isChanged) {
    const [first, last] = this.board.window;
    this.sheet.draw(first, Math.max(last, 1), isWhole || isChanged);
    this.gantt.draw(first, last, isWhole);
  }

  /** After a move of the focus: bring it into sight, tell the tools. */
  chosen() {
    this.board.reveal(this.selection.focus.place);
    this.board.draw(true);
    this.revealColumn();
    if (!this.editor.open && this.board.grid.contains(document.activeElement)) this.focus();
    this.toolbar.show();
    this.status.choose(this.selection.row);
  }

  /** Put the keyboard into the cell that has the focus. */
  focus() {
    const { place, at } = this.selection.focus;
    this.board.reveal(place);
    if (this.board.frame || !this.sheet.cellElement(place, at)) this.board.draw(true);
    this.sheet.cellElement(place, at)?.focus({ preventScroll: true });
  }

  revealColumn() {
    const at = this.selection.focus.at;
    const { sheet, board } = this;
    if (at === 0) board.gridBar.element.scrollLeft = 0;
    if (at <= sheet.frozen) return;
    const widths = sheet.columns.map((column) => sheet.widthOf(column));
    const left = sheet.numberWidth + widths.slice(0, at).reduce((sum, wide) => sum + wide, 0);
    const stays = sheet.numberWidth + widths.slice(0, sheet.frozen + 1).reduce((sum, wide) => sum + wide, 0);
    const bar = board.gridBar.element;
    if (left - bar.scrollLeft < stays) bar.scrollLeft = left - stays;
    else if (left + widths[at] - bar.scrollLeft > board.gridWidth) bar.scrollLeft = left + widths[at] - board.gridWidth;
  }

  /** The answer of the server in the plan, in the place of what waited for it; what moved keeps its former bar for a while. */
  take(answer, { isOwn = true, drop = null } = {}) {
    const moved = this.plan.together(() => { drop?.(); return this.plan.merge(answer); });
    this.gantt.ghosts = moved;
    this.gantt.layOutIfNeeded();
    this.sizes();
    this.flash(answer.effect?.uids ?? [...moved.keys()], isOwn ? "has-moved" : "was-changed");
    clearTimeout(this.ghostTimer);
    this.ghostTimer = setTimeout(() => this.dropGhosts(), GHOSTS_MS);
    if (this.settings.columns.some((key) => key === "physical" || key.startsWith("own:"))) this.bringExtras({ isChanged: true });
    return moved;
  }

  dropGhosts() {
    this.gantt.ghosts = new Map();
    this.gantt.touch();
    this.board.ask();
  }

  flash(uids, name) {
    this.board.draw(true);
    for (const uid of uids) {
      const drawn = this.sheet.drawn.get(uid)?.element;
      drawn?.classList.add(name);
      drawn?.addEventListener("animationend", () => drawn.classList.remove(name), { once: true });
    }
  }

  /** Read the plan again as it is now. */
  async reload() {
    const answer = await this.server.read();
    if (answer.model) this.takeModel(answer.model);
    return answer;
  }

  takeModel(model) {
    const before = new Map(this.plan.rows);
    this.plan.take(model);
    const changed = this.plan.order.filter((uid) => JSON.stringify(before.get(uid), PLAIN) !== JSON.stringify(this.plan.rows.get(uid), PLAIN));
    this.gantt.layOutIfNeeded();
    this.sizes();
    this.flash(changed, "was-changed");
    this.bringExtras({ isChanged: true });
    return changed;
  }

  /** Baselines, own fields and what summaries earned are read when they are looked at. */
  async bringExtras({ isChanged = false } = {}) {
    const { settings, plan } = this;
    const known = new Set(plan.model.baselines.map((line) => line.number));
    const needs = new Set(settings.baselines.filter((each) => known.has(each)));
    if (settings.columns.some((key) => key.startsWith("baseline_") || key === "variance") && this.currentBaseline !== undefined) needs.add(settings.baselines[0] ?? this.currentBaseline);
    for (const each of needs) {
      if (plan.baselines.has(each)) continue;
      const lines = await this.server.baseline(each);
      if (lines) plan.baselines.set(each, new Map(lines.rows.map((values) => [values[0], { start_day: values[3], finish_day: values[4], from: momentOf(values[1]), to: momentOf(values[2]) }])));
    }
    if ((isChanged || !plan.ownFields) && settings.columns.some((key) => key.startsWith("own:"))) {
      const found = await this.server.ownFields();
      if (found) plan.ownFields = new Map(found.rows);
    }
    if (settings.columns.includes("physical")) {
      const found = await this.server.summaries();
      if (found) plan.summaries = new Map(found.rows.map(([uid, physical, reason]) => [uid, { physical, reason }]));
    }
    if (needs.size || plan.ownFields || plan.summaries) this.redraw();
  }

  redraw() {
    for (const row of this.plan.rows.values()) row.stamp += 1;
    this.gantt.touch();
    this.board.ask(true);
  }

  /** What stays where it is while zooming: the row with the focus if its bar is in sight, else the middle. */
  get zoomPoint() {
    const { row } = this.selection;
    const x = row && row.from !== null ? this.gantt.scale.x(row.from) - this.board.timeLeft : -1;
    return x >= 0 && x <= this.board.drawingWidth ? x : this.board.drawingWidth / 2;
  }

  /** Change how much time a pixel is; the moment under `at` stays where it is. */
  zoom(step, at = this.zoomPoint) {
    const day = this.gantt.scale.dayAt(this.board.timeLeft + at);
    const perDay = typeof step === "number" ? this.gantt.scale.perDay * (step > 0 ? 1.5 : 1 / 1.5) : step.perDay;
    this.settings.perDay = Math.min(720, Math.max(0.12, perDay));
    this.keep();
    this.gantt.layOut();
    this.sizes();
    this.board.timeLeft = this.gantt.scale.dayX(day) - at;
    this.board.ask(true);
    this.toolbar.show();
  }

  fit() {
    this.zoom({ perDay: this.gantt.fitted() });
    this.goToMoment(this.plan.span()[0], 24);
  }

  goToMoment(moment, gap = this.board.drawingWidth / 3) {
    if (moment === null) return;
    this.board.timeLeft = this.gantt.scale.x(moment) - gap;
    this.board.ask(true);
  }

  /** At the start the bars of the first rows stand in sight. */
  showStart() {
    const top = Math.floor(this.board.scroller.scrollTop / this.board.row);
    const starts = this.plan.visible.slice(top, top + 20).flatMap((item) => (item.row && item.row.from !== null ? [item.row.from] : []));
    if (starts.length) this.goToMoment(Math.min(...starts), 24);
  }

  /** The line of the data date, or today. */
  goToNow() {
    const { project } = this.plan.model;
    this.goToMoment(momentOf(project.data_date ?? project.today));
  }

  /** Go to the next row that search or filter found, or the one before. */
  nextHit(way = 1) {
    const { selection, hitPlaces: places } = this;
    if (!places.length) return this.say(say("noHit"));
    const { place } = selection.focus;
    const next = (way > 0 ? places.find((each) => each > place) : places.findLast((each) => each < place)) ?? places.at(way > 0 ? 0 : -1);
    return this.show(next);
  }

  /** From the search into the grid: the found row with the focus, or the first one found. */
  toHit() {
    const { selection, hitPlaces: places } = this;
    if (!places.length) return this.plan.hits ? this.say(say("noHit")) : this.focus();
    return this.show(places.includes(selection.focus.place) ? selection.focus.place : places[0]);
  }

  get hitPlaces() {
    const { plan } = this;
    return plan.hits ? plan.visible.flatMap((item, place) => (item.row && plan.hits.has(item.row.uid) ? [place] : [])) : [];
  }

  /** Where rows are highlighted and none of them is in sight, the first one comes into it. */
  revealHit() {
    const { board, plan, hitPlaces: places } = this;
    const [first, last] = board.window;
    const isSeen = places.some((place) => place >= first && place < last);
    if (plan.filter.mode === "highlight" && places.length && !isSeen) board.reveal(places[0]);
  }

  show(place) {
    this.selection.go(place, this.selection.focus.at);
    this.goToMoment(this.plan.visible[place].row.from);
    this.focus();
  }

  /** The page of the task; the way back leads to its row. */
  openTask() {
    const { row } = this.selection;
    if (row && !row.draft) location.assign(`${this.element.dataset.rows}${row.uid}/`);
  }

  say(sentence, tone = "info") {
    this.status.say(sentence, tone);
    announce(sentence);
  }
}

const HIDDEN = new Set(["stamp", "waiting", "faults", "version"]);
const PLAIN = (key, value) => (HIDDEN.has(key) ? undefined : value);
