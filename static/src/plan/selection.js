// Which cell has the focus, and which rows and cells are chosen with it.

export class Selection extends EventTarget {
  constructor(plan) {
    super();
    this.plan = plan;
    this.focus = { place: 0, at: 1 };
    this.anchor = { ...this.focus };
    this.extra = new Set();
    this.isWhole = false;
    this.isMarking = false;
    this.key = plan.visible[0]?.key ?? "new";
  }

  /** The rectangle between anchor and focus. */
  range() {
    const { focus, anchor } = this;
    return {
      top: Math.min(focus.place, anchor.place),
      bottom: Math.max(focus.place, anchor.place),
      left: Math.min(focus.at, anchor.at),
      right: Math.max(focus.at, anchor.at),
    };
  }

  hasRow(place, key) {
    if (this.isMarking) return this.extra.has(key);
    const { top, bottom } = this.range();
    return (place >= top && place <= bottom) || this.extra.has(key);
  }

  /** Go to a cell; `extend` keeps the anchor, `isWhole` chooses whole rows. */
  go(place, at, { extend = false, isWhole = false, keepExtra = false } = {}) {
    this.focus = { place, at };
    if (!extend) this.anchor = { ...this.focus };
    if (extend || isWhole) this.isMarking = false;
    if (!keepExtra && !extend && !this.isMarking) this.extra.clear();
    this.isWhole = isWhole || this.isMarking || (extend && this.isWhole);
    this.key = this.plan.visible[place]?.key ?? "new";
    this.dispatchEvent(new Event("changed"));
  }

  /** Ctrl and space: the row is marked or not; marks stay while arrows move, until Esc or another choice. */
  markRow() {
    const { key, extra } = this;
    this.isMarking = true;
    if (key === "new" || !extra.delete(key)) extra.add(key);
    extra.delete("new");
    this.isMarking = extra.size > 0;
    this.isWhole = this.isMarking;
    this.dispatchEvent(new Event("changed"));
  }

  /** One cell is chosen, the one with the focus. */
  only() {
    this.isMarking = false;
    this.go(this.focus.place, this.focus.at);
  }

  /** All rows; the focus goes to the first, in the column it was in. */
  chooseAll() {
    const { at } = this.focus;
    this.isMarking = false;
    this.anchor = { place: Math.max(0, this.plan.visible.length - 1), at };
    this.focus = { place: 0, at };
    this.extra.clear();
    this.isWhole = true;
    this.key = this.plan.visible[0]?.key ?? "new";
    this.dispatchEvent(new Event("changed"));
  }

  /** Ctrl and a click: one row more or less. */
  toggle(place, at) {
    const { top, bottom } = this.range();
    for (let each = top; each <= bottom; each += 1) this.extra.add(this.plan.visible[each]?.key);
    const key = this.plan.visible[place]?.key;
    if (this.extra.has(key) && this.extra.size > 1) this.extra.delete(key);
    else this.extra.add(key);
    this.go(place, at, { isWhole: true, keepExtra: true });
    if (!this.extra.has(key)) {
      const first = this.plan.placeOf.get([...this.extra][0]);
      if (first !== undefined) this.go(first, at, { isWhole: true, keepExtra: true });
    }
  }

  /** The focus stays on its row when rows move; a row that is gone leaves it to the one in its place. */
  follow() {
    const place = this.key === "new" ? this.plan.visible.length : this.plan.placeOf.get(this.key);
    const wanted = place ?? Math.min(this.focus.place, this.plan.visible.length);
    if (wanted === this.focus.place && this.anchor.place <= this.plan.visible.length) return;
    this.focus.place = Math.max(0, wanted);
    this.anchor = { ...this.focus };
    // A row that a filter hides is remembered: it has the focus again when it is seen again.
    if (!this.plan.rows.has(this.key)) this.key = this.plan.visible[this.focus.place]?.key ?? "new";
  }

  /** Which rows the choice reaches from and to, to find them again under the numbers the server gives. */
  get home() {
    return { key: this.key, end: this.plan.visible[this.anchor.place]?.key ?? "new" };
  }

  seek({ key, end }, numbers) {
    const place = this.plan.placeOf.get(numbers[key]);
    if (place === undefined) return;
    this.key = numbers[key];
    this.focus = { ...this.focus, place };
    this.anchor = { ...this.focus, place: this.plan.placeOf.get(numbers[end] ?? end) ?? place };
    this.dispatchEvent(new Event("changed"));
  }

  /** Numbers of the chosen rows in the order of the plan, without drafts of which nothing is known yet. */
  uids() {
    const { top, bottom } = this.range();
    const found = this.plan.visible.filter((item, place) => item.row && this.hasRow(place, item.key));
    return found.map((item) => item.row.uid).sort((one, other) => this.plan.number.get(one) - this.plan.number.get(other)).filter(() => top <= bottom);
  }

  /** The same without rows whose parent is chosen too: the heads of branches. */
  heads() {
    const chosen = this.uids();
    const known = new Set(chosen);
    return chosen.filter((uid) => !this.plan.above(uid).some((parent) => known.has(parent)));
  }

  get row() {
    return this.plan.visible[this.focus.place]?.row ?? null;
  }
}
