// The plan as the page holds it: rows, links, outline, what is folded away, filtered and searched.
import { groupingOf } from "./grouping.js";
import { momentOf } from "./moments.js";

const MILESTONES = new Set(["START_MILESTONE", "FINISH_MILESTONE"]);

export class Plan extends EventTarget {
  constructor(model) {
    super();
    this.folded = new Set();
    this.filter = { chosen: "", search: "", mode: "filter", group: "" };
    this.baselines = new Map();
    this.ownFields = null;
    this.summaries = null;
    this.drafts = [];
    this.take(model);
  }

  /** Hold a whole model, as the page brings it or the server sends it again. */
  take(model) {
    this.model = model;
    this.columns = model.columns;
    this.revision = model.revision;
    this.people = new Map(model.people);
    this.calendars = new Map(model.calendars);
    const former = this.rows;
    this.rows = new Map();
    this.order = [];
    for (const values of model.rows) {
      const row = this.rowOf(values);
      const known = former?.get(row.uid);
      if (known?.waiting) row.waiting = known.waiting;
      if (known?.faults) row.faults = known.faults;
      if (known?.refused) row.refused = known.refused;
      this.rows.set(row.uid, row);
      this.order.push(row.uid);
    }
    this.links = new Map();
    this.takeLinks(model.links);
    this.takeDependencies(model.dependencies);
    for (const draft of this.drafts) this.place(draft);
    this.arrange();
  }

  /** What milestones of other projects have to do with rows here, by row. */
  takeDependencies(dependencies) {
    this.dependencies = new Map();
    for (const values of dependencies?.rows ?? []) {
      const found = Object.fromEntries(dependencies.columns.map((name, at) => [name, values[at]]));
      this.dependencies.set(found.uid, [...(this.dependencies.get(found.uid) ?? []), found]);
    }
  }

  rowOf(values) {
    const row = Object.fromEntries(this.columns.map((name, at) => [name, values[at]]));
    return this.dated(row);
  }

  dated(row) {
    row.from = momentOf(row.start);
    row.to = momentOf(row.finish);
    row.spans = row.pieces?.map(([from, to, work]) => [momentOf(from), momentOf(to), work]) ?? null;
    row.isSummary = row.kind === "SUMMARY";
    row.isMilestone = MILESTONES.has(row.kind);
    row.stamp = (row.stamp ?? 0) + 1;
    return row;
  }

  takeLinks(links) {
    this.linkColumns = links?.columns ?? this.linkColumns ?? [];
    for (const values of links?.rows ?? []) {
      const link = Object.fromEntries(this.linkColumns.map((name, at) => [name, values[at]]));
      this.links.set(link.pk, link);
    }
    for (const pk of links?.gone ?? []) this.links.delete(pk);
  }

  /** Bring in what the server says changed; returns the rows whose dates moved with their former bars. */
  merge(answer) {
    const moved = new Map();
    for (const values of answer.rows ?? []) {
      const row = this.rowOf(values);
      const known = this.rows.get(row.uid);
      if (known && (known.from !== row.from || known.to !== row.to)) moved.set(row.uid, { from: known.from, to: known.to });
      if (known) Object.assign(known, row, { stamp: known.stamp + 1 });
      else this.rows.set(row.uid, row);
    }
    for (const uid of answer.gone ?? []) this.rows.delete(uid);
    if (answer.order) this.order = [...answer.order];
    this.order = this.order.filter((uid) => this.rows.has(uid));
    this.takeLinks(answer.links);
    for (const [pk, link] of this.links) if (!this.rows.has(link.from) || !this.rows.has(link.to)) this.links.delete(pk);
    for (const draft of this.drafts) this.place(draft);
    this.revision = answer.revision;
    this.arrange();
    return moved;
  }

  /** Show a row that the server does not know yet behind its neighbor. */
  place(draft) {
    if (!this.rows.has(draft.uid)) {
      this.rows.set(draft.uid, this.dated(draft));
    }
    this.order = this.order.filter((uid) => uid !== draft.uid);
    const behind = draft.before !== null ? this.order.indexOf(draft.before) : this.endOf(draft.after);
    this.order.splice(behind < 0 ? this.order.length : behind, 0, draft.uid);
  }

  addDraft(draft) {
    this.drafts.push(draft);
    this.place(draft);
    this.arrange();
  }

  dropDraft(key) {
    this.drafts = this.drafts.filter((draft) => draft.uid !== key);
    this.rows.delete(key);
    this.order = this.order.filter((uid) => uid !== key);
    this.arrange();
  }

  /** The place in the order behind a row and all below it; -1 for none. */
  endOf(uid) {
    const at = this.order.indexOf(uid);
    if (at < 0) return -1;
    const { level } = this.rows.get(uid);
    let end = at + 1;
    while (end < this.order.length && this.rows.get(this.order[end]).level > level) end += 1;
    return end;
  }

  /** Rows above a row, nearest first. */
  above(uid) {
    const found = [];
    for (let at = this.rows.get(uid)?.parent; at !== null && at !== undefined; at = this.rows.get(at)?.parent) found.push(at);
    return found;
  }

  /** The sister before (-1) or behind (1) a row. */
  sister(uid, step) {
    const row = this.rows.get(uid);
    const sisters = this.order.filter((each) => this.rows.get(each).parent === row.parent);
    return sisters[sisters.indexOf(uid) + step] ?? null;
  }

  /** The nearest sister above that is not of `but`: what an indented row becomes part of. */
  rowAbove(uid, but) {
    let above = this.sister(uid, -1);
    while (above !== null && but.has(above)) above = this.sister(above, -1);
    return above;
  }

  /** How many rows a branch has. */
  sizeOf(uid) {
    return this.number.has(uid) ? this.endOf(uid) - this.number.get(uid) : 1;
  }

  hasChildren(uid) {
    const next = this.order[this.order.indexOf(uid) + 1];
    return next !== undefined && this.rows.get(next).parent === uid;
  }

  /** Several changes of rows, laid out once; returns what `work` does. */
  together(work) {
    if (this.isHeld) return work();
    this.isHeld = true;
    let done;
    try {
      done = work();
    } finally {
      this.isHeld = false;
    }
    this.arrange();
    return done;
  }

  /** Lay out what is to be seen; tells everybody who listens. */
  arrange() {
    if (this.isHeld) return;
    this.number = new Map(this.order.map((uid, at) => [uid, at]));
    const isHit = this.matcher();
    this.hits = isHit ? new Set(this.order.filter((uid) => isHit(this.rows.get(uid)))) : null;
    this.visible = this.filter.group ? this.grouped() : this.outlined();
    this.placeOf = new Map(this.visible.map((item, at) => [item.key, at]));
    this.dispatchEvent(new Event("arranged"));
  }

  outlined() {
    const isNarrow = this.hits && this.filter.mode === "filter";
    const kept = isNarrow ? new Set([...this.hits].flatMap((uid) => [uid, ...this.above(uid)])) : null;
    const items = [];
    let hiddenBelow = Infinity;
    for (const uid of this.order) {
      const row = this.rows.get(uid);
      if (row.level > hiddenBelow) continue;
      hiddenBelow = Infinity;
      if (kept && !kept.has(uid)) continue;
      items.push({ key: uid, row, level: row.level, isFaded: this.hits !== null && !this.hits.has(uid) });
      if (!isNarrow && this.folded.has(uid)) hiddenBelow = row.level;
    }
    return items;
  }

  grouped() {
    const groups = new Map();
    const { keyOf, titleOf, order } = groupingOf(this);
    for (const uid of this.order) {
      const row = this.rows.get(uid);
      if (row.isSummary || (this.hits && this.filter.mode === "filter" && !this.hits.has(uid))) continue;
      const of = keyOf(row);
      if (!groups.has(of)) groups.set(of, []);
      groups.get(of).push({ key: uid, row, level: 2, isFaded: this.hits !== null && !this.hits.has(uid) });
    }
    return [...groups.keys()].sort(order).flatMap((of) => {
      const key = `group:${of}`;
      const head = { key, group: titleOf(of), count: groups.get(of).length, level: 1, row: null };
      return this.folded.has(key) ? [head] : [head, ...groups.get(of)];
    });
  }

  matcher() {
    const { chosen, search } = this.filter;
    const words = search.trim().toLocaleLowerCase();
    const isChosen = this.chosenMatcher(chosen);
    if (!words && !isChosen) return null;
    return (row) => row.blank || ((!isChosen || isChosen(row)) && (!words || `${row.wbs} ${row.name ?? ""}`.toLocaleLowerCase().includes(words)));
  }

  chosenMatcher(chosen) {
    const isOpen = (row) => !row.isSummary && row.actual_finish === null && !row.draft;
    if (chosen === "mine") return (row) => row.owner !== null && row.owner === this.model.mine;
    if (chosen === "late") return (row) => this.isLate(row);
    if (chosen === "critical") return (row) => !row.isSummary && row.critical === true;
    if (chosen === "near") return (row) => !row.isSummary && row.near_critical === true;
    if (chosen === "ownerless") return (row) => isOpen(row) && row.owner === null;
    if (chosen === "milestones") return (row) => row.isMilestone;
    if (chosen === "open") {
      const [into, out] = [new Set(), new Set()];
      for (const link of this.links.values()) { into.add(link.to); out.add(link.from); }
      return (row) => isOpen(row) && (!into.has(row.uid) || !out.has(row.uid));
    }
    return null;
  }

  /** Whether a row should be finished by the data date, or today, and is not. */
  isLate(row) {
    const { data_date: known, today } = this.model.project;
    const isDue = row.finish_day !== null && (known ? row.finish_day <= known : row.finish_day < today);
    return isDue && !row.isSummary && !row.draft && row.actual_finish === null;
  }

  fold(key, isFolded = !this.folded.has(key)) {
    if (isFolded) this.folded.add(key);
    else this.folded.delete(key);
    this.arrange();
  }

  foldTo(level) {
    this.folded = new Set(level ? this.order.filter((uid) => this.rows.get(uid).isSummary && this.rows.get(uid).level >= level) : []);
    this.arrange();
  }

  /** First and last moment of rows, baselines and lines. */
  span() {
    let [low, high] = [Infinity, -Infinity];
    const see = (moment) => {
      if (moment === null || moment === undefined) return;
      low = Math.min(low, moment);
      high = Math.max(high, moment);
    };
    for (const row of this.rows.values()) [row.from, row.to, momentOf(row.deadline)].forEach(see);
    const { project } = this.model;
    [project.start, project.data_date, project.must_finish].forEach((text) => see(momentOf(text)));
    for (const lines of this.baselines.values()) for (const line of lines.values()) [line.from, line.to].forEach(see);
    return low === Infinity ? [momentOf(project.today), momentOf(project.today)] : [low, high];
  }

  /** What a baseline holds of a row; of a summary, from the first to the last it holds below it (SCH-30). */
  frozen(number, uid) {
    const lines = this.baselines.get(number);
    if (!lines || !this.rows.get(uid)?.isSummary) return lines?.get(uid);
    const below = this.order.slice(this.number.get(uid) + 1, this.endOf(uid)).flatMap((each) => lines.get(each) ?? []).filter((line) => line.from !== null && line.to !== null);
    if (!below.length) return undefined;
    const [first, last] = [below.reduce((one, other) => (other.from < one.from ? other : one)), below.reduce((one, other) => (other.to > one.to ? other : one))];
    return { from: first.from, start_day: first.start_day, to: last.to, finish_day: last.finish_day };
  }

  /** Whether a row follows a calendar that no row had when the plan was read: its days off are not known here. */
  lacksShading() {
    return [...this.rows.values()].some((row) => row.calendar && !(row.calendar in this.model.shading));
  }

  shadingOf(calendar) {
    return this.model.shading[calendar] ?? this.model.shading.project;
  }
}
