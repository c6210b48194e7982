// What people do to the plan, as steps for the server; what waits is shown on its row.
import { choicesOf, columnsOf, seenValue, sentValue } from "./columns.js";
import { say } from "./words.js";

export class Edits {
  constructor(page) {
    this.page = page;
    this.counter = Date.now() % 1000000;
  }

  get plan() {
    return this.page.plan;
  }

  newKey() {
    this.counter += 1;
    return `n${this.counter}`;
  }

  send(changes, note = "") {
    if (changes.length > MOST_CHANGES) { this.page.say(say("tooManyChanges", { count: MOST_CHANGES }), "error"); return Promise.resolve(null); }
    return changes.length ? this.page.sender.send({ changes, note }) : Promise.resolve(null);
  }

  /** A change of one field, with the value it had. */
  fieldChange(row, key, text, seen = seenValue(columnsOf(this.plan).get(key), row, this.plan)) {
    return { act: "set", uid: row.uid, fields: { [key]: text }, was: { [key]: seen } };
  }

  /** Fields of steps on their way and of the open editor, with what their cells show now. */
  held(steps) {
    const { open } = this.page.editor;
    const sets = steps.flatMap((step) => step.changes ?? []).filter((change) => change.act === "set");
    if (open?.item.row) sets.push({ uid: open.item.row.uid, was: open.was });
    const columns = columnsOf(this.plan);
    return sets.flatMap(({ uid, was }) => Object.keys(was).map((key) => ({ uid, was, column: columns.get(key), stood: this.seenNow(uid, columns.get(key)) })));
  }

  /** What an own step changed is known to those behind it: nobody conflicts with themselves. */
  seeAgain(held, { keys, isAlone }) {
    for (const { uid, was, column, stood } of held) {
      const now = this.seenNow(keys[uid] ?? uid, column);
      if (now !== undefined && was[column.key] === stood && (isAlone || uid in keys)) was[column.key] = now;
    }
  }

  seenNow(uid, column) {
    const row = this.plan.rows.get(uid);
    return row && column ? seenValue(column, row, this.plan) : undefined;
  }

  setField(row, key, text, seen = undefined) {
    row.faults?.delete(key);
    if (row.refused) return this.sendAgain(row.refused, { row, key, text, seen });
    if (row.draft && row.failed) return this.retryDraft(row, key, text);
    return this.send([this.fieldChange(row, key, text, seen)]);
  }

  /** A new row behind the one with the focus, or at the end. */
  addRow({ after = null, before = null, parent = null, level = 1, fields }) {
    const key = this.newKey();
    return { key, sent: this.send([{ act: "add", key, after, before, parent, fields, level }]) };
  }

  retryDraft(row, key, text) {
    const fields = { ...row.fields, [key]: text };
    const { after, before, parent, level } = row;
    this.plan.dropDraft(row.uid);
    return this.addRow({ after, before, parent, level, fields }).sent;
  }

  /** A refused step of many cells goes again whole, with what was mended and without new rows that were deleted. */
  sendAgain(step, mended = null) {
    const { plan } = this;
    const gone = new Map(step.changes.filter((change) => change.act === "add" && !plan.rows.has(change.key)).map((change) => [change.key, change.after]));
    const standing = (after) => (gone.has(after) ? standing(gone.get(after)) : after);
    const changes = step.changes.filter((change) => !gone.has(change.key)).map((change) => {
      const again = change.act === "add" ? { ...change, after: standing(change.after) } : change;
      return mended && subjectOf(change) === mended.row.uid ? withField(again, mended) : again;
    });
    return plan.together(() => { this.dropWaiting(step, {}); return this.send(changes, step.note); });
  }

  /** An empty row above the one with the focus; it comes to be when it gets a name. */
  insertAbove() {
    const { page, plan } = this;
    const { row } = page.selection;
    const at = Math.max(0, page.sheet.columns.findIndex((column) => column.key === "name"));
    if (!row || row.draft || plan.filter.group) page.selection.go(page.sheet.items.length - 1, at);
    else {
      const key = this.newKey();
      plan.addDraft({ uid: key, draft: true, blank: true, parent: row.parent, after: null, before: row.uid, level: row.level, kind: "TASK", active: true, calendar: null, owner: null, fields: {}, ...shownFields({}) });
      page.selection.go(plan.placeOf.get(key), at);
    }
    page.board.draw(true);
    page.editor.begin("");
  }

  /** The empty row gets its name, or goes again. */
  nameBlank(row, name) {
    const { page, plan } = this;
    const { parent, before, level } = row;
    plan.dropDraft(row.uid);
    const made = name ? this.addRow({ before, parent, level, fields: { name } }) : null;
    page.selection.go(plan.placeOf.get(made?.key ?? before) ?? 0, page.selection.focus.at);
    return Boolean(made);
  }

  /** Del: what stands in the chosen cells goes, where a cell may be empty. */
  clearCells() {
    const { page, plan } = this;
    const { top, bottom, left, right } = page.selection.range();
    const changes = [];
    for (let place = top; place <= bottom; place += 1) {
      const row = plan.visible[place]?.row;
      if (!row) continue;
      for (const column of page.sheet.columns.slice(left, right + 1)) {
        if (page.editor.mayEdit(column, row) && mayBeEmpty(column, plan) && (column.show(row, plan) !== "" || row.faults?.has(column.key))) changes.push(this.fieldChange(row, column.key, ""));
      }
    }
    return changes.length ? this.send(joined(changes)) : page.say(say("neverEmpty"));
  }

  remove() {
    const chosen = this.page.selection.heads();
    const { plan } = this;
    const failed = chosen.filter((uid) => plan.rows.get(uid)?.failed);
    const steps = new Set(failed.map((uid) => plan.rows.get(uid).refused).filter(Boolean));
    const gone = plan.order.filter((uid) => [uid, ...plan.above(uid)].some((each) => failed.includes(each)));
    plan.together(() => gone.forEach((uid) => plan.dropDraft(uid)));
    for (const step of steps) this.sendAgain(step);
    const uids = chosen.filter((uid) => !failed.includes(uid));
    return uids.length ? this.send([{ act: "delete", uids }]) : null;
  }

  shift(act) {
    const uids = this.page.selection.heads();
    if (!uids.length) return null;
    const stays = act === "indent" ? uids.some((uid) => !this.plan.rowAbove(uid, new Set(uids))) : uids.some((uid) => this.plan.rows.get(uid).parent === null);
    return stays ? this.page.say(say(act === "indent" ? "noRowAbove" : "isOutermost")) : this.send([{ act, uids }]);
  }

  /** Alt and an arrow: the branch changes places with the sister above or below. */
  step(way) {
    const uids = this.page.selection.heads();
    if (!uids.length) return null;
    const edge = way < 0 ? uids[0] : uids.at(-1);
    const beside = this.plan.sister(edge, way);
    if (beside === null) return this.page.say(say(way < 0 ? "isFirst" : "isLast"));
    const after = way < 0 ? this.plan.sister(beside, -1) : beside;
    return this.send([{ act: "move", uids, parent: this.plan.rows.get(edge).parent, after }]);
  }

  /** Cut or copied branches behind the row with the focus. */
  /** Put branches behind the row in focus; false where they cannot be put. */
  placeBranches(act, uids) {
    const row = this.page.selection.row;
    const after = row ? row.uid : (this.plan.order.filter((uid) => this.plan.rows.get(uid).level === 1).at(-1) ?? null);
    if (act === "move" && uids.includes(after)) {
      this.page.say(say("ontoItself"), "error");
      return false;
    }
    this.send([{ act, uids, parent: row?.parent ?? null, after }]);
    return true;
  }

  /** The chosen rows as a chain of finish-to-start links, in the order of the plan. */
  linkChosen() {
    const uids = this.page.selection.uids();
    if (uids.length < 2) return this.page.say(say("linkNeedsTwo"));
    const known = new Set([...this.plan.links.values()].filter((link) => link.type === "FS").map((link) => `${link.from} ${link.to}`));
    const pairs = uids.slice(1).map((uid, at) => ({ act: "link", from: uids[at], to: uid, type: "FS", lag: "" })).filter((pair) => !known.has(`${pair.from} ${pair.to}`));
    return pairs.length ? this.send(pairs) : this.page.say(say("linkedAlready"));
  }

  unlinkChosen() {
    const chosen = new Set(this.page.selection.uids());
    const many = chosen.size > 1;
    const hits = [...this.plan.links.values()].filter((link) => (many ? chosen.has(link.from) && chosen.has(link.to) : chosen.has(link.from) || chosen.has(link.to)));
    return hits.length ? this.send(hits.map((link) => ({ act: "unlink", pk: link.pk }))) : this.page.say(say("noLinks"));
  }

  link(from, to, type, lag = "") {
    return this.send([{ act: "link", from, to, type, lag }]);
  }

  relink(link, type, lag, was) {
    return this.send([{ act: "relink", pk: link.pk, type, lag, was }]);
  }

  unlink(link) {
    return this.send([{ act: "unlink", pk: link.pk }]);
  }

  /** Ctrl+D: the first cell of the choice into all below it. */
  fillDown() {
    const { page, plan } = this;
    const { top, bottom, left, right } = page.selection.range();
    const source = plan.visible[top]?.row;
    if (!source || bottom === top) return page.say(say("fillNeedsMore"));
    const changes = [];
    for (let place = top + 1; place <= bottom; place += 1) {
      const row = plan.visible[place]?.row;
      if (!row) continue;
      for (const column of page.sheet.columns.slice(left, right + 1)) {
        if (page.editor.mayEdit(column, row)) changes.push(this.fieldChange(row, column.key, sentValue(column, source, plan)));
      }
    }
    return changes.length ? this.send(joined(changes)) : page.say(say("readOnly"), "error");
  }

  /** Values of changed cells as they wait; new rows as drafts. */
  showWaiting(step) {
    const adds = (step.changes ?? []).some((change) => change.act === "add");
    if (adds) this.plan.together(() => this.markWaiting(step));
    else this.markWaiting(step);
    this.page.board.draw(true);
  }

  markWaiting(step) {
    for (const change of step.changes ?? []) {
      if (change.act === "add" && !this.plan.rows.has(change.key)) {
        this.plan.addDraft({ uid: change.key, draft: true, parent: change.parent, after: change.after, before: change.before, level: change.level ?? 1, kind: "TASK", active: true, calendar: null, owner: null, fields: change.fields, ...shownFields(change.fields) });
      }
      if (change.act !== "set") continue;
      const row = this.plan.rows.get(change.uid);
      if (!row) continue;
      row.waiting ??= new Map();
      for (const [key, value] of Object.entries(change.fields)) row.waiting.set(key, this.shownText(key, value));
      row.stamp += 1;
    }
  }

  /** A choice waits with its title, not with its number. */
  shownText(key, value) {
    const column = columnsOf(this.plan).get(key);
    if (column?.edit !== "choice") return String(value ?? "");
    return choicesOf(column, this.plan).find(([each]) => String(each) === String(value))?.[1] ?? String(value ?? "");
  }

  dropWaiting(step, keys) {
    const adds = (step.changes ?? []).some((change) => change.act === "add");
    if (adds) this.plan.together(() => this.dropMarks(step, keys));
    else this.dropMarks(step, keys);
  }

  dropMarks(step, keys) {
    for (const change of step.changes ?? []) {
      if (change.act === "add") {
        if (this.page.selection.key === change.key && keys[change.key]) this.page.selection.key = keys[change.key];
        this.plan.dropDraft(change.key);
      }
      const row = change.act === "set" ? (this.plan.rows.get(change.uid) ?? this.plan.rows.get(keys[change.uid])) : null;
      if (!row) continue;
      delete row.refused;
      for (const key of Object.keys(change.fields)) { row.waiting?.delete(key); row.faults?.delete(key); }
      row.stamp += 1;
    }
  }

  /** Keep what was typed, with the sentence on its cell. */
  showFaults(step, faults, sentence) {
    const isMany = faults.length > 0 && !isOfOneCell(step);
    (step.changes ?? []).forEach((change, index) => {
      const own = faults.filter((fault) => fault.index === index);
      const row = this.plan.rows.get(subjectOf(change));
      if (!row) return;
      if (isMany) row.refused = step;
      row.faults ??= new Map();
      for (const key of Object.keys(change.fields ?? {})) {
        const fault = own.find((each) => each.field === key);
        if (fault || (!faults.length && change.act === "set")) row.faults.set(key, fault?.message ?? sentence);
      }
      for (const fault of own) if (!row.faults.has(cellOf(change, fault))) row.faults.set(cellOf(change, fault), fault.message);
      if (change.act === "add") {
        row.failed = true;
        if (!row.faults.size && !isMany) row.faults.set("name", sentence);
      }
      row.stamp += 1;
    });
    this.page.board.draw(true);
  }

  /** A step of many cells is refused for one: go there and say which it is; null for a step of one cell. */
  toFault(step, fault) {
    const change = step.changes?.[fault?.index];
    const row = change && !isOfOneCell(step) ? this.plan.rows.get(subjectOf(change)) : null;
    if (!row) return null;
    const { page, plan } = this;
    const field = cellOf(change, fault);
    const at = page.sheet.columns.findIndex((column) => column.key === field);
    const place = plan.placeOf.get(row.uid);
    if (place !== undefined) page.selection.go(place, at < 0 ? page.selection.focus.at : at);
    page.say(say("faultIn", { row: row.name.length > 60 ? `${row.name.slice(0, 60)} …` : row.name, column: columnsOf(plan).get(field)?.title ?? "", sentence: fault.message }), "error");
    return row;
  }

  /** Esc on a cell with an error: what was typed is let go. */
  letGo(row, key) {
    if (!row?.faults?.has(key)) return false;
    if (row.refused) {
      this.dropWaiting(row.refused, {});
      this.page.say(say("stepLetGo"));
    } else {
      row.faults.delete(key);
      row.waiting?.delete(key);
      row.stamp += 1;
    }
    this.page.status.show();
    this.page.board.draw(true);
    return true;
  }
}

/** The field whose text is refused: one that was typed, even where the rule speaks of another one. */
function cellOf(change, fault) {
  const typed = Object.keys(change.fields ?? {});
  return typed.includes(fault.field) ? fault.field : (typed[0] ?? fault.field);
}

/** The row a change is about. */
const subjectOf = (change) => (change.act === "add" ? change.key : change.uid);

/** What the server takes in one step. */
const MOST_CHANGES = 5000;

const isOfOneCell = (step) => step.changes?.length === 1 && Object.keys(step.changes[0].fields ?? {}).length < 2;

/** A change with another value of a field. */
function withField(change, { key, text, seen }) {
  const fields = { ...change.fields, [key]: text };
  return change.act === "set" ? { ...change, fields, was: { ...change.was, [key]: seen ?? change.was[key] } } : { ...change, fields };
}

/** Changes of one row become one. */
export function joined(changes) {
  const byRow = new Map();
  for (const change of changes) {
    const known = byRow.get(change.uid);
    if (known) {
      Object.assign(known.fields, change.fields);
      Object.assign(known.was, change.was);
    } else byRow.set(change.uid, { ...change, fields: { ...change.fields }, was: { ...change.was } });
  }
  return [...byRow.values()];
}

function mayBeEmpty(column, plan) {
  if (column.edit !== "choice") return !NEVER_EMPTY.has(column.key);
  return choicesOf(column, plan).some(([value]) => value === "");
}

const NEVER_EMPTY = new Set(["name", "duration", "percent", "start", "finish"]);
const shownFields = (fields) => ({ name: fields.name ?? "", preds: fields.preds ?? "", notes: fields.notes ?? "", waiting: new Map(Object.entries(fields).filter(([key]) => key !== "name")) });
