// The mouse on the drawing: move and stretch bars, link them, choose links. Each of these is a command in the grid too.
import { h } from "../dom.js";
import { mayType } from "./columns.js";
import { editLink } from "./link_editor.js";
import { addWorkingDays, isoDay, isoMoment, worksOn } from "./moments.js";
import { s } from "./svg.js";
import { showDay } from "./days.js";
import { say } from "./words.js";

const TRIAL_MS = 220;

export function listenToDrawing(page) {
  const { drawing } = page.board;
  drawing.addEventListener("pointerdown", (event) => press(page, event));
  drawing.addEventListener("pointermove", (event) => hoverCursor(page, event));
  drawing.addEventListener("dblclick", (event) => {
    const uid = uidAt(page, event);
    const row = page.plan.rows.get(uid);
    if (row) page.goToMoment(row.from);
  });
  drawing.addEventListener("contextmenu", (event) => {
    const uid = uidAt(page, event);
    if (uid === null) return;
    event.preventDefault();
    page.selection.go(page.plan.placeOf.get(uid), page.selection.focus.at);
    page.focus();
    page.commands.openRowMenu({ x: event.clientX, y: event.clientY });
  });
}

/** The row under the mouse. */
export function uidAt(page, event) {
  const { board } = page;
  const top = event.clientY - board.drawing.getBoundingClientRect().top - board.headHeight;
  const item = top >= 0 ? page.plan.visible[Math.floor(top / board.row)] : null;
  return item?.row?.uid ?? null;
}

const timeX = (page, event) => event.clientX - page.board.drawing.getBoundingClientRect().left + page.board.timeLeft;

/** What a press at this place would take hold of. */
function gripAt(page, event) {
  const uid = uidAt(page, event);
  const box = uid === null ? null : page.gantt.boxOf(uid);
  const row = page.plan.rows.get(uid);
  if (!box || !row || row.draft) return null;
  const x = timeX(page, event);
  const end = event.target.dataset?.end;
  if (end) return { kind: "link", uid, end };
  if (row.isSummary || x < box.left - 4 || x > box.right + 4) return null;
  if (row.isMilestone) return { kind: event.shiftKey ? "link" : "move", uid, end: "F" };
  if (x > box.right - 6 && box.right - box.left > 10) return { kind: "stretch", uid };
  return { kind: "move", uid };
}

function hoverCursor(page, event) {
  if (event.buttons) return;
  const grip = page.plan.model.may.edit ? gripAt(page, event) : null;
  const isLink = event.target.closest?.(".time-link");
  page.board.drawing.dataset.grip = isLink ? "link-line" : (grip?.kind ?? "");
}

function press(page, event) {
  if (event.button !== 0) return;
  if (page.editor.open) page.editor.finish();
  const line = event.target.closest?.(".time-link");
  if (line && !event.target.dataset.end) {
    event.preventDefault();
    editLink(page, page.plan.links.get(Number(line.dataset.link)), { x: event.clientX, y: event.clientY });
    return;
  }
  const uid = uidAt(page, event);
  const grip = gripAt(page, event);
  if (uid !== null) page.selection.go(page.plan.placeOf.get(uid), page.selection.focus.at, { extend: event.shiftKey && !grip });
  if (event.pointerType === "touch") return;
  if (uid !== null) page.focus();
  if (!grip || !page.plan.model.may.edit) { pan(page, event); return; }
  event.preventDefault();
  if (grip.kind === "link") drag(page, event, new LinkDrag(page, grip));
  else drag(page, event, new BarDrag(page, grip, timeX(page, event)));
}

/** Drag empty space to move through time. */
function pan(page, event) {
  event.preventDefault();
  const [start, left] = [event.clientX, page.board.timeLeft];
  const move = (moved) => { page.board.timeLeft = left + start - moved.clientX; };
  const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
}

function drag(page, event, held) {
  const [startX, startY] = [event.clientX, event.clientY];
  let isMoving = false;
  page.hover.hide();
  const move = (moved) => {
    isMoving ||= Math.hypot(moved.clientX - startX, moved.clientY - startY) > 4;
    if (isMoving) held.move(moved);
  };
  const stop = (isKept, ended) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("keydown", esc, true);
    page.gantt.layers.drag.replaceChildren();
    held.tip.remove();
    clearTimeout(held.timer);
    if (isMoving && isKept) held.drop(ended);
  };
  const up = (ended) => stop(true, ended);
  const esc = (pressed) => { if (pressed.key === "Escape") { pressed.stopPropagation(); stop(false); } };
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("keydown", esc, true);
}

function makeTip() {
  const tip = h("div", { class: "plan-tip", role: "status" });
  document.body.append(tip);
  return tip;
}

function moveTip(tip, event) {
  tip.style.left = `${Math.min(event.clientX + 16, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.min(event.clientY + 18, innerHeight - tip.offsetHeight - 8)}px`;
}

class BarDrag {
  constructor(page, { kind, uid }, x) {
    Object.assign(this, { page, kind, uid, x, tip: makeTip() });
    this.row = page.plan.rows.get(uid);
    this.box = page.gantt.boxOf(uid);
  }

  move(event) {
    const { page, row, kind, box } = this;
    const { scale } = page.gantt;
    const by = timeX(page, event) - this.x;
    const [left, right] = kind === "move" ? [box.left + by, box.right + by] : [box.left, Math.max(box.left + 3, box.right + by)];
    const wide = row.isMilestone ? 12 : right - left;
    page.gantt.layers.drag.replaceChildren(s("rect", { class: "time-dragged", x: left, y: box.top, width: wide, height: box.bottom - box.top, rx: 2.5 }));
    const value = kind === "move" ? this.startAt(row.isMilestone ? left + 6 : left) : this.finishAt(right);
    if (value !== this.value) {
      this.value = value;
      const words = say(kind === "move" ? "dragStart" : "dragFinish", { day: scale.isFine ? value.replace("T", " ") : showDay(value) });
      this.tip.replaceChildren(h("strong", {}, row.name), h("span", {}, words), h("span", { class: "plan-tip-effect" }, "…"));
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), TRIAL_MS);
    }
    moveTip(this.tip, event);
  }

  /** The working day nearest to where the bar begins. */
  startAt(x) {
    const { scale } = this.page.gantt;
    if (scale.isFine) return isoMoment(Math.round((scale.dayAt(x) * 1440) / 15) * 15);
    const shading = this.page.plan.shadingOf(this.row.calendar);
    const day = Math.round(scale.dayAt(x));
    return isoDay(worksOn(shading, day) ? day : addWorkingDays(shading, day, 1));
  }

  finishAt(x) {
    const { scale } = this.page.gantt;
    if (scale.isFine) return isoMoment(Math.round((scale.dayAt(x) * 1440) / 15) * 15);
    const shading = this.page.plan.shadingOf(this.row.calendar);
    const day = Math.round(scale.dayAt(x)) - 1;
    return isoDay(worksOn(shading, day) ? day : addWorkingDays(shading, day, -1));
  }

  get change() {
    return this.page.edits.fieldChange(this.row, this.kind === "move" ? "start" : "finish", this.value);
  }

  /** What would move, before it is kept. */
  async ask() {
    const { value } = this;
    const { page } = this;
    const { status, body } = await page.server.change({ key: crypto.randomUUID(), changes: [this.change] }, page.plan.revision, { trial: true });
    if (value !== this.value || !this.tip.isConnected) return;
    const line = this.tip.querySelector(".plan-tip-effect");
    if (line) line.textContent = status === 200 ? body.effect?.sentence || say("nothingMoves") : (body?.faults?.[0]?.message ?? body?.error?.message ?? "");
  }

  drop() {
    const key = this.kind === "move" ? "start" : "finish";
    const column = this.page.sheet.columns.find((each) => each.key === key) ?? { key, edit: "day", taskOnly: true };
    if (!this.value || !mayType(column, this.row, this.page.plan)) return;
    this.page.edits.setField(this.row, key, this.value);
  }
}

class LinkDrag {
  constructor(page, { uid, end }) {
    Object.assign(this, { page, uid, end, tip: makeTip() });
    const box = page.gantt.boxOf(uid);
    this.from = [end === "F" ? box.right : box.left, box.middle];
  }

  move(event) {
    const { page } = this;
    const rect = page.board.drawing.getBoundingClientRect();
    const to = [timeX(page, event), event.clientY - rect.top - page.board.headHeight];
    const uid = uidAt(page, event);
    const row = page.plan.rows.get(uid);
    const box = row && uid !== this.uid ? page.gantt.boxOf(uid) : null;
    this.target = box ? { uid, end: to[0] > (box.left + box.right) / 2 && !row.isMilestone ? "F" : "S" } : null;
    const line = s("path", { class: "time-linking", d: `M${this.from[0]} ${this.from[1]}L${to[0]} ${to[1]}` });
    const frame = box ? s("rect", { class: "time-target", x: box.left - 4, y: box.top - 3, width: box.right - box.left + 8, height: box.bottom - box.top + 6, rx: 4 }) : null;
    page.gantt.layers.drag.replaceChildren(...[line, frame].filter(Boolean));
    const words = this.target ? say(`link${this.end}${this.target.end}`, { from: page.plan.rows.get(this.uid).name, to: row.name }) : say("linkTo");
    this.tip.replaceChildren(h("span", {}, words));
    moveTip(this.tip, event);
  }

  drop() {
    if (this.target) this.page.edits.link(this.uid, this.target.uid, `${this.end}${this.target.end}`);
  }
}
