// The drawing: bars, links, lines of time; as many rows and as much time as the screen shows.
import { lineOf } from "./bars.js";
import { locale } from "./days.js";
import { dayOf, idleSpans, worksOn } from "./moments.js";
import { progressLine } from "./progress_line.js";
import { headOf, pathOf, routeOf } from "./routes.js";
import { Scale, cellsOf, tiersOf, titleOf } from "./scale.js";
import { s } from "./svg.js";
import { say } from "./words.js";

const HEAD = 46;
const LETTER = 6.8;
const LEAST_SHADE = 4;

export class Gantt {
  constructor({ plan, board, settings }) {
    Object.assign(this, { plan, board, settings });
    this.ghosts = new Map();
    this.chosenLink = null;
    this.headSlide = s("g");
    this.head = s("svg", { class: "plan-time-head", height: HEAD }, this.headSlide);
    this.layers = Object.fromEntries(["shading", "lines", "rows", "links", "bars", "front", "drag"].map((name) => [name, s("g", { class: `layer-${name}` })]));
    this.slide = s("g", {}, ...Object.values(this.layers));
    this.body = s("svg", { class: "plan-time" }, patterns(), this.slide);
    board.drawing.append(this.head, this.body);
    this.rows = new Map();
  }

  /** Lay out the time axis; `perDay` null fits the whole plan. */
  layOut() {
    const [low, high] = this.plan.span();
    const first = Math.floor(low / 1440);
    const last = Math.ceil(high / 1440) + 1;
    const wide = Math.max(200, this.board.drawingWidth || 600);
    const fit = (wide - 60) / Math.max(7, last - first);
    const perDay = Math.min(720, Math.max(0.12, this.settings.perDay ?? Math.min(38, Math.max(fit, 1.25))));
    const before = Math.ceil(36 / perDay) + 1;
    const after = Math.max(Math.ceil(160 / perDay), Math.ceil(wide / perDay) - (last - first) - before);
    this.scale = new Scale(first - before, last + after, perDay);
    this.rows.clear();
    this.layers.bars.replaceChildren();
    this.drawnFrom = null;
  }

  /** The axis grows when rows went beyond it; what is in sight stays. */
  layOutIfNeeded() {
    const [low, high] = this.plan.span();
    if (low / 1440 >= this.scale.first && high / 1440 < this.scale.last - 2) return;
    const day = this.scale.dayAt(this.board.timeLeft);
    this.layOut();
    this.board.size({ rows: this.plan.visible.length + 1, columns: parseFloat(this.board.gridBar.inside.style.width), time: this.scale.width });
    this.board.timeLeft = this.scale.dayX(day);
    this.board.ask(true);
  }

  fitted() {
    const [low, high] = this.plan.span();
    return Math.min(38, Math.max(0.12, ((this.board.drawingWidth || 600) - 60) / Math.max(7, (high - low) / 1440 + 2)));
  }

  /** Draw rows first..last; all of it when time moved far or `isWhole`. */
  draw(first, last, isWhole) {
    const { board } = this;
    const left = board.timeLeft;
    const wide = board.drawingWidth;
    const tall = board.row;
    if (wide <= 0) return;
    if (isWhole || this.drawnFrom === null || Math.abs(left - this.drawnFrom) > wide * 0.6) {
      this.drawnFrom = left;
      this.time = [this.scale.dayAt(left - wide * 0.8), this.scale.dayAt(left + wide * 1.8)];
      isWhole = true;
    }
    if (isWhole || left !== this.headFrom) this.drawHead(left);
    const end = Math.min(last, this.plan.visible.length);
    const height = Math.max(0, last - first) * tall;
    const key = `${first}:${end}:${height}:${wide}`;
    const isSame = !isWhole && key === this.drawnKey && this.drawnVersion === this.version;
    if (!isSame || left !== this.slidTo) {
      this.slidTo = left;
      this.headSlide.setAttribute("transform", `translate(${-left} 0)`);
      this.slide.setAttribute("transform", `translate(${-left} ${-first * tall})`);
    }
    if (isSame) return;
    this.body.setAttribute("height", height);
    this.body.setAttribute("width", wide);
    this.head.setAttribute("width", wide);
    this.body.style.top = `${HEAD + first * tall}px`;
    [this.drawnKey, this.drawnVersion] = [key, this.version];
    this.drawShading(first, last);
    this.drawRows(first, end);
    this.drawLinks(first, end);
    this.drawFront(first, end, last);
  }

  /** Something other than place or time changed. */
  touch() {
    this.version = (this.version ?? 0) + 1;
  }

  /** The two lines above; a title that begins beyond the left edge stays in sight. */
  drawHead(left) {
    this.headFrom = left;
    const { scale } = this;
    const [from, to] = [scale.dayAt(left - 60), scale.dayAt(left + this.board.drawingWidth + 60)];
    const parts = tiersOf(scale.perDay).flatMap((unit, line) => cellsOf(unit, Math.max(from, scale.first), Math.min(to, scale.last), scale.perDay).flatMap((cell) => headCell(cell, line, scale, left)));
    const today = dayOf(this.plan.model.project.today);
    const flag = s("circle", { class: "time-today-dot", cx: scale.dayX(today + 0.5), cy: HEAD - 4, r: 3 });
    this.headSlide.replaceChildren(...parts, flag);
  }

  drawShading(first, last) {
    const { scale, board } = this;
    const [top, height] = [first * board.row, (last - first) * board.row];
    const [from, to] = [Math.floor(this.time[0]), Math.ceil(this.time[1])];
    const unit = tiersOf(scale.perDay)[scale.perDay >= 22 ? 0 : 1];
    this.layers.lines.replaceChildren(...cellsOf(unit, from, to, scale.perDay).map((cell) => s("line", { class: "time-grid", x1: scale.dayX(cell.from), x2: scale.dayX(cell.from), y1: top, y2: top + height })));
    const { project } = this.plan.model.shading;
    this.layers.shading.replaceChildren(...(this.settings.shows.shading ? [...shadesOf(project, scale, { from, to, top, height }), ...this.ownShades(first, last, from, to)] : []));
  }

  /** Rows with a calendar of their own have its times in place of those of the project. */
  ownShades(first, last, from, to) {
    const { scale, board, plan } = this;
    return plan.visible.slice(first, last).flatMap(({ row }, at) => {
      const own = row && row.calendar !== null ? plan.shadingOf(row.calendar) : plan.model.shading.project;
      if (own === plan.model.shading.project) return [];
      const [top, height] = [(first + at) * board.row, board.row];
      const ground = s("rect", { class: "time-ground", x: scale.dayX(from), y: top, width: (to - from) * scale.perDay, height });
      return [ground, ...shadesOf(own, scale, { from, to, top, height })];
    });
  }

  drawRows(first, end) {
    const kept = new Set();
    const lines = [];
    for (let place = first; place < end; place += 1) {
      const item = this.plan.visible[place];
      kept.add(item.key);
      lines.push(s("line", { class: "time-row", x1: this.drawnFrom - this.board.drawingWidth, x2: this.drawnFrom + this.board.drawingWidth * 2, y1: (place + 1) * this.board.row - 0.5, y2: (place + 1) * this.board.row - 0.5 }));
      if (!item.row) continue;
      const stamp = `${item.row.stamp}:${place}:${this.version}:${item.isFaded}`;
      const drawn = this.rows.get(item.key);
      if (drawn?.stamp === stamp) continue;
      const element = this.rowGroup(item, place);
      if (drawn) drawn.element.replaceWith(element);
      else this.layers.bars.append(element);
      this.rows.set(item.key, { element, stamp });
    }
    for (const [key, { element }] of this.rows) {
      if (kept.has(key)) continue;
      element.remove();
      this.rows.delete(key);
    }
    this.layers.rows.replaceChildren(...lines);
  }

  rowGroup(item, place) {
    const { row } = item;
    const lines = this.settings.baselines.map((number) => this.plan.frozen(number, row.uid)).slice(0, 2);
    const shape = { top: place * this.board.row, tall: this.board.row, scale: this.scale, hasLines: this.settings.baselines.length };
    const group = s("g", { class: `time-task${item.isFaded ? " is-faded" : ""}${row.active === false ? " is-inactive" : ""}`, "data-uid": row.uid });
    group.append(...lineOf(row, shape, this, { lines, former: this.ghosts.get(row.uid) }));
    return group;
  }

  /** Where a row's bar lies, for links and for the mouse. */
  boxOf(uid) {
    const place = this.plan.placeOf.get(uid);
    const row = this.plan.rows.get(uid);
    if (place === undefined || !row || row.from === null) return null;
    const middle = place * this.board.row + barMiddle(this.board.row, this.settings.baselines.length);
    const [left, right] = [this.scale.x(row.from), Math.max(this.scale.x(row.from) + 3, this.scale.x(row.to))];
    if (row.isMilestone) {
      const at = row.kind === "START_MILESTONE" ? left : this.scale.x(row.to);
      return { left: at - 6, right: at + 6, middle, top: middle - 7, bottom: middle + 7, place };
    }
    return { left, right, middle, top: middle - 6, bottom: middle + 6, place };
  }

  drawLinks(first, end) {
    if (!this.settings.shows.links) { this.layers.links.replaceChildren(); return; }
    const parts = [];
    const [low, high] = [this.scale.dayX(this.time[0]), this.scale.dayX(this.time[1])];
    for (const link of this.plan.links.values()) {
      const [a, b] = [this.plan.placeOf.get(link.from), this.plan.placeOf.get(link.to)];
      if (a === undefined || b === undefined || Math.max(a, b) < first || Math.min(a, b) > end) continue;
      const [from, to] = [this.boxOf(link.from), this.boxOf(link.to)];
      if (!from || !to || Math.max(from.right, to.right) < low || Math.min(from.left, to.left) > high) continue;
      parts.push(this.linkGroup(link, from, to));
    }
    this.layers.links.replaceChildren(...parts);
  }

  linkGroup(link, from, to) {
    const gutter = (from.place + (to.place > from.place ? 1 : 0)) * this.board.row;
    const points = routeOf(link.type, from, to, gutter);
    const path = pathOf(points);
    return s("g", { class: `${linkClass(link, this)}${this.chosenLink === link.pk ? " is-chosen" : ""}`, "data-link": link.pk }, s("path", { class: "link-target", d: path }), s("path", { class: "link-line", d: path }), s("path", { class: "link-head", d: headOf(points) }));
  }

  /** Lines of today and of the data date, and the line of progress. */
  drawFront(first, end, last) {
    const { scale, board } = this;
    const [top, bottom] = [first * board.row, last * board.row];
    const { project } = this.plan.model;
    const parts = [];
    const upright = (name, day) => s("line", { class: name, x1: scale.dayX(day), x2: scale.dayX(day), y1: top, y2: bottom });
    parts.push(upright("time-today", dayOf(project.today) + 0.5));
    if (project.data_date) parts.push(upright("time-data-date", dayOf(project.data_date) + 1));
    if (project.must_finish) parts.push(upright("time-must-finish", dayOf(project.must_finish) + 1));
    if (project.data_date && this.settings.shows.progressLine) parts.push(progressLine(this.plan.visible.slice(first, end), { scale, tall: board.row, top, day: project.data_date }));
    this.layers.front.replaceChildren(...parts);
  }

  /** Days a task may slip without moving the finish, as an end on the axis. */
  floatEnd(row) {
    const minutes = row.total_float ?? 0;
    if (row.elapsed) return minutes > 0 ? row.to + minutes : null;
    const left = minutes / (this.plan.model.project.hours_per_day * 60);
    return left > 0 ? addDays(this.plan.shadingOf(row.calendar), row.to, left) : null;
  }
}

function addDays(shading, moment, count) {
  let day = Math.floor(moment / 1440);
  let left = Math.min(count, 1500);
  while (left > 0) {
    day += 1;
    if (worksOn(shading, day)) left -= 1;
  }
  return day * 1440 + (moment % 1440);
}

/** How a link is drawn: on the critical path, with slack, or broken by work that began too early. */
export function linkClass(link, { plan, settings }) {
  const isCritical = link.driving && settings.shows.critical && plan.rows.get(link.from).critical && plan.rows.get(link.to).critical;
  const names = ["time-link", isCritical ? "is-critical" : "", link.driving === false ? "is-slack" : "", link.out_of_sequence ? "is-broken" : ""];
  return names.filter(Boolean).join(" ");
}

export const barMiddle = (tall, lines) => (lines ? tall * (lines > 1 ? 0.36 : 0.4) : tall / 2);

/** Time nobody works, where it is wide enough to be seen: weekends down to months, long closures even in years. */
export function shadesOf(shading, scale, { from, to, top, height }) {
  return idleSpans(shading, from, to, scale.isFine).flatMap(([start, end]) => {
    const width = (end - start) * scale.perDay;
    return width < LEAST_SHADE ? [] : [s("rect", { class: "time-idle", x: scale.dayX(start), y: top, width, height })];
  });
}

export function headCell(cell, line, scale, left = 0) {
  const [x, wide] = [scale.dayX(cell.from), (cell.to - cell.from) * scale.perDay];
  const words = titleOf(cell, wide, locale, say("week"));
  const title = s("text", { class: line ? "time-tick" : "time-tick is-major", x: line ? x + wide / 2 : Math.max(x + 7, Math.min(left + 7, x + wide - 8 - words.length * LETTER)), y: line ? 39 : 16, "text-anchor": line ? "middle" : null });
  title.textContent = words;
  return [s("line", { class: "time-tick-line", x1: x, x2: x, y1: line ? 24 : 0, y2: line ? 46 : 24 }), title];
}

function patterns() {
  const hatch = (id, name, turn) => s("pattern", { id, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` }, s("rect", { class: `${name}-ground`, width: 5, height: 5 }), s("line", { class: `${name}-line`, x1: 0, x2: 0, y1: 0, y2: 5 }));
  return s("defs", {}, hatch("plan-critical", "hatch-critical", 45), hatch("plan-near", "hatch-near", 90));
}
