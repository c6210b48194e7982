// Steps on their way to the server: one after the other, kept in this browser until they are answered.
import { announce } from "../dom.js";
import { keepWaiting } from "../outbox.js";
import { columnsOf } from "./columns.js";
import { askAboutConflicts, insisted } from "./conflicts.js";
import { offerDays } from "./missing_days.js";
import { say } from "./words.js";

const RETRY_MS = 4000;

const ACTS = { move: "rowsPlaced", link: "linksMade", unlink: "linksRemoved", relink: "linksChanged" };

/** What a step did to rows and links, in a sentence; changed fields are seen in their cells. */
function doneBy(step, answer, plan) {
  if (step.undo) return say(step.isRedo ? "redone" : "undone");
  const uid = plan.columns.indexOf("uid");
  const counts = { rowsAdded: (answer.rows ?? []).filter((values) => !plan.rows.has(values[uid])).length, rowsDeleted: answer.gone?.length ?? 0 };
  const sizeOf = (uids) => (uids ? uids.reduce((sum, each) => sum + plan.sizeOf(each), 0) : 1);
  for (const { act, uids } of step.changes) if (ACTS[act]) counts[ACTS[act]] = (counts[ACTS[act]] ?? 0) + sizeOf(uids);
  return Object.entries(counts).filter(([, count]) => count).map(([name, count]) => say(name, { count })).join(" ");
}

/** Why a step cannot be undone, by whose change, and how to go on. */
function leftOut(sentence, body, plan) {
  const columns = columnsOf(plan);
  const what = (body?.conflicts ?? []).slice(0, 3).map((each) => `${plan.rows.get(each.uid)?.name ?? each.uid}: ${columns.get(each.field)?.title ?? each.field}${each.by ? ` (${each.by})` : ""}`);
  return [sentence, what.length ? `${what.join("; ")}.` : "", say("stepLeftOut")].filter(Boolean).join(" ");
}

export class Sender extends EventTarget {
  constructor(page) {
    super();
    this.page = page;
    this.code = page.plan.model.project.code;
    this.queue = [];
    this.keys = this.recall("keys") ?? {};
    this.done = this.recall("done") ?? [];
    this.undone = this.recall("undone") ?? [];
    this.state = "saved";
    addEventListener("online", () => this.pump());
  }

  recall(name) {
    try {
      return JSON.parse(sessionStorage.getItem(`pmo.plan.${this.code}.${name}`));
    } catch {
      return null;
    }
  }

  keep() {
    try {
      const kept = { keys: this.keys, done: this.done, undone: this.undone };
      for (const [name, value] of Object.entries(kept)) sessionStorage.setItem(`pmo.plan.${this.code}.${name}`, JSON.stringify(value));
    } catch {
      // A full or closed store only means that a window opened again cannot undo.
    }
    this.isKept = keepWaiting(this.code, this.queue, this.keys);
    this.page.status.show();
    this.page.toolbar.show();
  }

  /** Steps of a window that was closed before the server had them; those of this window come behind. */
  takeOver(steps, keys) {
    Object.assign(this.keys, keys);
    this.queue.splice(this.isBusy ? 1 : 0, 0, ...steps);
    for (const step of steps) this.page.edits.showWaiting(step);
    this.keep();
    this.pump();
  }

  /** Send a step: {changes, label} or {undo: number}; resolves with its answer or null. */
  send(step) {
    step.key = crypto.randomUUID();
    this.queue.push(step);
    this.page.edits.showWaiting(step);
    this.keep();
    return new Promise((resolve) => {
      this.waits ??= new Map();
      this.waits.set(step.key, resolve);
      this.pump();
    });
  }

  async pump() {
    if (this.isBusy || !this.queue.length) return;
    this.isBusy = true;
    clearTimeout(this.timer);
    const step = this.queue[0];
    this.setState("saving");
    const { status, body } = await this.page.server.change(this.resolved(step), this.page.plan.revision);
    this.isBusy = false;
    if (status === 0 || status === 401 || status === 429 || status >= 500) {
      this.setState(status === 401 ? "signedOut" : "waiting");
      this.timer = setTimeout(() => this.pump(), RETRY_MS);
      return;
    }
    this.queue.shift();
    if (status === 200 || status === 201) this.answered(step, body);
    else await this.refused(step, status, body);
    this.waits?.get(step.key)?.(status < 300 ? body : null);
    this.waits?.delete(step.key);
    this.setState(this.queue.length ? "saving" : "saved");
    this.keep();
    if (this.queue.length) this.pump();
    else if (this.isBehind) this.catchUp();
  }

  async catchUp() {
    this.isBehind = false;
    await this.page.reload();
  }

  answered(step, answer) {
    const { page } = this;
    if (answer.base !== undefined && answer.base !== page.plan.revision) this.isBehind = true;
    const { keys = {} } = answer;
    Object.assign(this.keys, keys);
    const { home } = page.selection;
    const done = answer.change ? doneBy(step, answer, page.plan) : "";
    const held = page.edits.held(this.queue);
    page.sheet.rename(keys);
    page.take(answer, { drop: () => page.edits.dropWaiting(step, keys) });
    if (page.plan.lacksShading()) this.isBehind = true;
    page.editor.rename(keys);
    page.edits.seeAgain(held, { keys, isAlone: !this.isBehind });
    page.selection.seek(home, keys);
    if (answer.change) {
      if (step.undo) (step.isRedo ? this.done : this.undone).push(answer.change);
      else {
        this.done.push(answer.change);
        this.undone = [];
      }
    }
    const sentence = [done, answer.effect?.sentence, step.note].filter(Boolean).join(" ");
    page.status.effect(sentence, step);
    if (sentence) announce(sentence);
  }

  async refused(step, status, body) {
    const { page } = this;
    if (status === 409 && step.changes && body?.conflicts?.length) {
      page.edits.dropWaiting(step, {});
      const mine = await askAboutConflicts(page, body.conflicts);
      await page.reload();
      const kept = insisted(page, step, body.conflicts, mine);
      if (kept) this.send(kept);
      return;
    }
    const offers = (body?.faults ?? []).filter((fault) => Object.keys(fault.proposed ?? {}).length);
    if (step.changes && offers.length && offers.length === body.faults.length) {
      const kept = await offerDays(page, step, offers);
      page.edits.dropWaiting(step, {});
      if (kept) this.send(kept);
      else page.say(body.faults[0].message, "error");
      page.board.draw(true);
      return;
    }
    const sentence = body?.error?.message ?? body?.error?.detail ?? say(status === 403 ? "mayNot" : "refused");
    // What others changed since stays theirs: such a step is left out, so that those before it can be undone.
    const isOver = step.undo && (status === 409 || status === 404);
    if (step.undo && !isOver) (step.isRedo ? this.undone : this.done).push(step.undo);
    page.edits.showFaults(step, body?.faults ?? [], sentence);
    if (isOver) page.say(leftOut(sentence, body, page.plan), "error");
    else page.edits.toFault(step, body?.faults?.[0]) ?? page.say([body?.faults?.[0]?.message ?? sentence, body?.faults?.[0]?.code === "REASON_NEEDED" ? say("reasonThere") : ""].filter(Boolean).join(" "), "error");
    if (status === 409 || status === 404) await page.reload();
  }

  /** The step with numbers instead of keys of rows that were new when it was made. */
  resolved(step) {
    const swap = (value) => {
      if (typeof value === "string" && value in this.keys && /^n\d/.test(value)) return this.keys[value];
      if (Array.isArray(value)) return value.map(swap);
      return value;
    };
    if (step.undo) return step;
    const own = new Set(step.changes.filter((change) => change.act === "add").map((change) => change.key));
    const names = ["uid", "uids", "parent", "after", "before", "from", "to"];
    const changes = step.changes.map((change) => Object.fromEntries(Object.entries(change).filter(([name]) => name !== "level").map(([name, value]) => [name, names.includes(name) && !own.has(value) ? swap(value) : value])));
    return { ...step, changes };
  }

  setState(state) {
    if (this.state === state) return;
    const was = this.state;
    this.state = state;
    this.page.status.show();
    if (state === "waiting") announce(say("offline"));
    if (was === "waiting" && state === "saved") announce(say("backOnline"));
  }

  get canUndo() {
    return this.done.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  undo() {
    const number = this.done.pop();
    if (number) this.send({ undo: number, isRedo: false });
  }

  redo() {
    const number = this.undone.pop();
    if (number) this.send({ undo: number, isRedo: true });
  }
}
