// Rows by who does them, by the phase they belong to, or by how far they are, instead of by the outline.
import { say } from "./words.js";

const STATES = ["late", "running", "ahead", "done"];

/** How a plan is grouped: the key of a row's group, the title of a key, the order of keys. */
export function groupingOf(plan) {
  return { owner: byOwner, phase: byPhase, state: byState }[plan.filter.group](plan);
}

function byOwner(plan) {
  const order = (one, other) => (one === "") - (other === "") || one.localeCompare(other);
  return { keyOf: (row) => plan.people.get(row.owner) ?? "", titleOf: (key) => key || say("nobody"), order };
}

/** A phase is a row of the first level; rows of that level without others below stand together at the end. */
function byPhase(plan) {
  const top = (row) => plan.above(row.uid).at(-1) ?? null;
  const order = (one, other) => (one === null) - (other === null) || plan.number.get(one) - plan.number.get(other);
  const titleOf = (uid) => (uid === null ? say("groupNoPhase") : `${plan.rows.get(uid).wbs ?? ""} ${plan.rows.get(uid).name ?? ""}`.trim());
  return { keyOf: top, titleOf, order };
}

function byState(plan) {
  const keyOf = (row) => (row.actual_finish ? "done" : plan.isLate(row) ? "late" : row.actual_start ? "running" : "ahead");
  return { keyOf, titleOf: (key) => say(`state_${key}`), order: (one, other) => STATES.indexOf(one) - STATES.indexOf(other) };
}
