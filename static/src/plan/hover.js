// Why a task is where it is: a card at the mouse, a line below the board for the keyboard.
import { h, icon } from "../dom.js";
import { showDuration, showShare } from "./columns.js";
import { showDay } from "./days.js";
import { uidAt } from "./drawing_mouse.js";
import { dependencyFacts } from "./outside.js";
import { say } from "./words.js";

const WAIT_MS = 380;

export class Hover {
  constructor(page) {
    this.page = page;
    const { drawing } = page.board;
    drawing.addEventListener("pointermove", (event) => this.over(event));
    drawing.addEventListener("pointerleave", () => this.hide());
    page.board.scroller.addEventListener("scroll", () => this.hide(), { passive: true });
    addEventListener("keydown", (event) => { if (event.key === "Escape") this.hide(); });
  }

  over(event) {
    if (event.buttons || event.pointerType === "touch") return;
    const uid = uidAt(this.page, event);
    if (uid === this.uid && this.card) return;
    this.hide();
    this.uid = uid;
    if (uid === null) return;
    this.timer = setTimeout(() => this.show(uid, event), WAIT_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.card?.remove();
    this.card = null;
    this.uid = null;
  }

  async show(uid, event) {
    const { page } = this;
    const row = page.plan.rows.get(uid);
    if (!row || row.draft) return;
    const facts = factsOf(row, page.plan);
    const why = h("p", { class: "plan-card-why" });
    this.card = h("div", { class: "plan-card", role: "tooltip" }, h("strong", {}, `${row.wbs ?? ""} ${row.name}`), h("dl", {}, ...facts.flatMap(([title, value]) => [h("dt", {}, title), h("dd", {}, value)])), why);
    document.body.append(this.card);
    this.place(event);
    const sentence = await page.server.reason(uid);
    if (!this.card || this.uid !== uid || !sentence) return;
    why.append(icon("help-circle"), h("span", {}, sentence));
    this.place(event);
  }

  place(event) {
    const { card } = this;
    card.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - card.offsetWidth - 10))}px`;
    const top = event.clientY + 22;
    card.style.top = `${top + card.offsetHeight > innerHeight - 8 ? event.clientY - card.offsetHeight - 14 : top}px`;
  }
}

export function factsOf(row, plan) {
  const { project } = plan.model;
  const facts = [[say("col_start"), showDay(row.start_day)], [say("col_finish"), showDay(row.finish_day)]];
  if (!row.isMilestone) facts.push([say("col_duration"), showDuration(row.minutes, project, row.elapsed)]);
  if (row.percent !== null) facts.push([say("col_percent"), showShare(row.percent)]);
  if (row.total_float !== null && !row.isSummary) facts.push([say("col_total_float"), `${showDuration(row.total_float, project, row.elapsed)}${row.critical ? ` · ${say("critical")}` : row.near_critical ? ` · ${say("nearCritical")}` : ""}`]);
  if (row.owner !== null) facts.push([say("col_owner"), plan.people.get(row.owner) ?? ""]);
  if (row.deadline) facts.push([say("col_deadline"), `${showDay(row.deadline)}${row.deadline_missed ? ` · ${say("deadlineMissed")}` : ""}`]);
  for (const each of plan.dependencies.get(row.uid) ?? []) facts.push([say(each.incoming ? "waitsOutside" : "awaitedOutside"), dependencyFacts(each)]);
  return facts;
}
