// The line below the board: what the last step did, why the row is where it is, what waits.
import { h, icon } from "../dom.js";
import { say } from "./words.js";

const WHY_MS = 350;
const SYMBOLS = {
  saved: () => icon("cloud-check"),
  saving: () => icon("loader-2"),
  waiting: () => icon("cloud-off"),
  signedOut: () => icon("lock"),
  notSaved: () => icon("alert-octagon"),
};

export class StatusLine {
  constructor(page) {
    this.page = page;
    this.text = h("span", { class: "plan-status-text" });
    this.undo = h("button", { type: "button", class: "btn btn-sm plan-status-undo", hidden: true }, say("undo"));
    this.undo.addEventListener("click", () => { this.page.sender.undo(); this.page.focus(); });
    this.why = h("span", { class: "plan-status-why" });
    this.count = h("span", { class: "plan-status-count num" });
    this.state = h("span", { class: "plan-status-state", role: "status" });
    this.element = h("div", { class: "plan-status" }, h("span", { class: "plan-status-left" }, this.text, this.undo, this.why), this.count, this.state);
  }

  show() {
    const { plan, sender } = this.page;
    const all = plan.order.length;
    const hits = plan.hits?.size;
    this.count.textContent = hits === undefined ? say("rows", { count: all }) : say("rowsFound", { count: hits, all });
    const isRefused = [...plan.rows.values()].some((row) => row.faults?.size);
    const state = sender && (sender.state !== "saved" || !isRefused) ? sender.state : isRefused ? "notSaved" : "saved";
    if (this.shown === `${state}${sender?.queue.length}`) return;
    this.shown = `${state}${sender?.queue.length}`;
    this.state.className = `plan-status-state is-${state}`;
    this.state.title = sender?.isKept === false ? say("notKept") : "";
    const title = state !== "waiting" ? say(state) : sender.queue.length ? say("waiting", { count: sender.queue.length }) : say("noConnection");
    this.state.replaceChildren(SYMBOLS[state](), h("span", {}, title));
  }

  /** What a step did, with the way back. */
  effect(sentence, step) {
    this.say(sentence || say("nothingMoves"), "effect");
    this.undo.hidden = Boolean(step.undo) || !this.page.sender.canUndo;
  }

  say(sentence, tone) {
    this.text.className = `plan-status-text is-${tone}`;
    this.text.replaceChildren(...(tone === "error" ? [icon("alert-octagon")] : tone === "effect" ? [icon("arrows-move-horizontal")] : []), h("span", { title: sentence }, sentence));
    this.undo.hidden = true;
    this.why.replaceChildren();
  }

  /** The row with the focus, and why it starts when it does. */
  choose(row) {
    clearTimeout(this.timer);
    this.why.replaceChildren();
    const column = this.page.sheet.columns[this.page.selection.focus.at];
    const fault = row?.faults?.get(column?.key);
    if (fault) { this.say(fault, "error"); return; }
    if (!row || row.draft || row.isSummary) return;
    this.timer = setTimeout(async () => {
      if (!this.page.plan.rows.has(row.uid)) return;
      const sentence = await this.page.server.reason(row.uid);
      if (sentence && this.page.selection.row?.uid === row.uid) this.why.replaceChildren(icon("help-circle"), h("span", { title: sentence }, sentence));
    }, WHY_MS);
  }
}
