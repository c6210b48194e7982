// The board: grid and drawing side by side in one scroll, a splitter between them, a bar to scroll each sideways.
import { h } from "../dom.js";
import { say } from "./words.js";

const AHEAD = 10;
// The window moves by so many rows at once: most frames of a scroll draw nothing.
const STEP = 5;

export class Board {
  constructor({ settings, keep }) {
    Object.assign(this, { settings, keep });
    this.gridHead = h("div", { class: "plan-head-row", role: "row", "aria-rowindex": 1 });
    this.gridRows = h("div", { class: "plan-rows", role: "rowgroup" });
    this.grid = h("div", { class: "plan-grid", role: "treegrid", "aria-label": say("gridLabel"), "aria-describedby": "plan-how", "aria-multiselectable": "true" },
      h("div", { class: "plan-grid-head", role: "rowgroup" }, this.gridHead), this.gridRows);
    this.splitter = h("div", { class: "plan-splitter", role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": say("splitter"), "aria-valuemin": 0, "aria-valuemax": 100 });
    this.drawing = h("div", { class: "plan-drawing", "aria-hidden": "true" });
    this.content = h("div", { class: "plan-content" }, this.grid, this.splitter, this.drawing);
    this.scroller = h("div", { class: "plan-scroll" }, this.content);
    this.gridBar = sideways("plan-bar-grid");
    this.drawingBar = sideways("plan-bar-drawing");
    this.foot = h("div", { class: "plan-sideways", "aria-hidden": "true" }, this.gridBar.element, this.drawingBar.element);
    this.element = h("div", { class: "plan-board" }, this.scroller, this.foot);
    this.row = rowHeight();
    this.fit = (width) => width;
    this.listen();
  }

  listen() {
    Object.assign(this, { top: 0, tallness: 0, gridLeft: 0, left: 0 });
    this.scroller.addEventListener("scroll", () => this.ask(false, true), { passive: true });
    this.gridBar.element.addEventListener("scroll", () => this.slide(), { passive: true });
    this.drawingBar.element.addEventListener("scroll", () => this.slide(), { passive: true });
    this.scroller.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.splitter.addEventListener("pointerdown", (event) => this.dragSplit(event));
    this.splitter.addEventListener("keydown", (event) => this.keySplit(event));
    this.splitter.addEventListener("dblclick", () => this.split(null));
    new ResizeObserver(() => this.measure()).observe(this.scroller);
    let touch = null;
    this.scroller.addEventListener("touchstart", (event) => { touch = event.touches.length === 1 ? { x: event.touches[0].clientX, bar: this.barFor(event.target) } : null; }, { passive: true });
    this.scroller.addEventListener("touchmove", (event) => {
      if (!touch) return;
      touch.bar.element.scrollLeft += touch.x - event.touches[0].clientX;
      touch.x = event.touches[0].clientX;
    }, { passive: true });
  }

  barFor(target) {
    return this.drawing.contains(target) ? this.drawingBar : this.gridBar;
  }

  wheel(event) {
    if (event.ctrlKey && this.drawing.contains(event.target)) {
      event.preventDefault();
      this.onZoom(event.deltaY < 0 ? 1 : -1, event.clientX - this.drawing.getBoundingClientRect().left);
      return;
    }
    const sideStep = event.shiftKey && !event.deltaX ? event.deltaY : event.deltaX;
    if (!sideStep) return;
    if (Math.abs(sideStep) > Math.abs(event.deltaY) || event.shiftKey) event.preventDefault();
    this.barFor(event.target).element.scrollLeft += sideStep;
  }

  /** Share the width; null is what fits the screen. */
  split(width) {
    this.settings.split = width === null ? null : Math.round(width);
    this.keep();
    this.measure();
  }

  dragSplit(event) {
    event.preventDefault();
    const left = this.content.getBoundingClientRect().left;
    this.splitter.setPointerCapture(event.pointerId);
    const move = (moved) => this.split(moved.clientX - left);
    this.splitter.addEventListener("pointermove", move);
    this.splitter.addEventListener("pointerup", () => this.splitter.removeEventListener("pointermove", move), { once: true });
  }

  keySplit(event) {
    const step = { ArrowLeft: -40, ArrowRight: 40, Home: -9999, End: 9999 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.split(Math.min(this.scroller.clientWidth, Math.max(0, this.gridWidth + step)));
  }

  /** Widths of the panes; on a phone one of them has it all. */
  measure() {
    const whole = this.scroller.clientWidth;
    if (!whole) return;
    this.row = rowHeight();
    this.isPhone = this.element.parentElement.clientWidth < 640;
    this.element.classList.toggle("is-phone", this.isPhone);
    this.element.classList.toggle("shows-drawing", this.isPhone && this.settings.drawing);
    const asked = this.settings.split ?? this.fit(Math.min(whole * 0.68, 810));
    // Without the grid nothing inside takes the focus, so the drawing itself does, to be scrolled by keys.
    const isBare = this.isPhone && this.settings.drawing;
    for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", say("showDrawing")]]) {
      if (isBare) this.scroller.setAttribute(name, value);
      else this.scroller.removeAttribute(name);
    }
    this.gridWidth = this.isPhone ? (this.settings.drawing ? 0 : whole) : Math.min(whole - 90, Math.max(180, asked));
    this.drawingWidth = this.isPhone ? whole - this.gridWidth : whole - this.gridWidth - 7;
    this.grid.style.width = `${this.gridWidth}px`;
    this.drawing.style.width = `${this.drawingWidth}px`;
    this.gridBar.element.style.width = `${this.gridWidth}px`;
    this.drawingBar.element.style.width = `${this.drawingWidth}px`;
    this.splitter.setAttribute("aria-valuenow", Math.round((this.gridWidth / whole) * 100));
    this.onMeasure?.();
    this.ask(true);
  }

  /** Say how large the insides are: rows, columns in pixels, time in pixels. */
  size({ rows, columns, time }) {
    const height = this.headHeight + rows * this.row + 8;
    this.content.style.height = `${Math.max(height, this.scroller.clientHeight)}px`;
    this.gridBar.inside.style.width = `${columns}px`;
    this.drawingBar.inside.style.width = `${time}px`;
  }

  get headHeight() {
    return 46;
  }

  get timeLeft() {
    return this.left;
  }

  set timeLeft(left) {
    this.drawingBar.element.scrollLeft = left;
    this.left = this.drawingBar.element.scrollLeft;
  }

  /** First and last row to draw: those on the screen and some beyond its edges. */
  get window() {
    const first = Math.floor(this.top / this.row / STEP) * STEP;
    const last = Math.ceil((this.top + this.tallness) / this.row / STEP) * STEP;
    return [Math.max(0, first - AHEAD), last + AHEAD];
  }

  /** Where everything stands, read at once before anything is drawn: reading later would lay out the page twice. */
  read() {
    this.top = this.scroller.scrollTop;
    this.tallness = this.scroller.clientHeight;
    this.left = this.drawingBar.element.scrollLeft;
  }

  slide() {
    this.gridLeft = this.gridBar.element.scrollLeft;
    this.grid.style.setProperty("--slide", `${-this.gridLeft}px`);
    this.grid.style.setProperty("--stay", `${this.gridLeft}px`);
    this.grid.classList.toggle("is-slid", this.gridLeft > 0);
    this.ask();
  }

  /** Draw in the next frame; several wishes are one drawing. */
  ask(isWhole = false, isScroll = false) {
    this.isWhole ||= isWhole;
    this.isChanged ||= !isScroll;
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw(isNews = false) {
    this.isChanged ||= isNews;
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { isWhole, isChanged } = this;
    this.isWhole = this.isChanged = false;
    this.read();
    this.onDraw?.(isWhole, isChanged);
  }

  /** Bring a row into sight. */
  reveal(place) {
    const top = place * this.row;
    const room = this.scroller.clientHeight - this.headHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top + this.row > this.scroller.scrollTop + room) this.scroller.scrollTop = top + this.row - room;
  }
}

function sideways(name) {
  const inside = h("div");
  return { inside, element: h("div", { class: `plan-sideway ${name}`, tabindex: "-1" }, inside) };
}

function rowHeight() {
  if (matchMedia("(pointer: coarse)").matches) return 44;
  return document.documentElement.dataset.density === "compact" ? 26 : 30;
}
