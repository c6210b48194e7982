// What one row looks like on the drawing.
import { dayOf } from "./moments.js";
import { barMiddle } from "./gantt.js";
import { s } from "./svg.js";

const HALF = 6;

/** All that stands on the line of a row, what lies on top last: marks are not hidden by a bar. */
export const lineOf = (row, shape, gantt, { lines, former = null }) => [...baselineBars(lines, row, shape), ...ghostOf(former, row, shape), ...floatOf(row, shape, gantt), ...barOf(row, shape, gantt), ...marksOf(row, shape, gantt)];

/** The bar, the diamond or the bracket of a row. */
function barOf(row, shape, gantt) {
  if (row.from === null || row.to === null) return [];
  const middle = shape.top + barMiddle(shape.tall, shape.hasLines);
  const { scale } = shape;
  const tone = gantt.settings.shows.critical && !row.isSummary ? (row.critical ? " is-critical" : row.near_critical ? " is-near" : "") : "";
  const [left, right] = [scale.x(row.from), Math.max(scale.x(row.from) + 3, scale.x(row.to))];
  if (row.isMilestone) {
    const at = row.kind === "START_MILESTONE" ? left : scale.x(row.to);
    return [diamond(at, middle, 6.5, `time-milestone${tone}${row.percent >= 100 ? " is-reached" : ""}`), label(at + 12, middle, row.name)];
  }
  if (row.isSummary) return bracket(left, right, middle, row);
  const parts = piecesOf(row, scale, left, right).flatMap(([from, to, done], at, all) => [
    at ? s("path", { class: `time-rest${tone}`, d: `M${all[at - 1][1]} ${middle}H${from}` }) : null,
    s("rect", { class: `time-bar${tone}${row.kind === "LEVEL_OF_EFFORT" ? " is-effort" : ""}`, x: from, y: middle - HALF, width: to - from, height: HALF * 2, rx: 2.5 }),
    done > 0 ? s("rect", { class: `time-done${tone}`, x: from, y: middle - 3, width: done, height: 6, rx: 1.5 }) : null,
  ]).filter(Boolean);
  if (tone === " is-critical") parts.push(s("rect", { class: "time-edge is-critical", x: left, y: middle - HALF, width: Math.min(3, right - left), height: HALF * 2 }));
  parts.push(s("circle", { class: "time-handle", cx: left - 6, cy: middle, r: 3.5, "data-end": "S" }), s("circle", { class: "time-handle", cx: right + 6, cy: middle, r: 3.5, "data-end": "F" }));
  // On a phone the drawing stands alone, so its bars say their names.
  const words = gantt.board?.isPhone ? row.name : scale.perDay > 3 ? gantt.plan.people.get(row.owner) : "";
  if (words) parts.push(label(right + 13, middle, words));
  return parts;
}

/** Where each piece of a bar begins and ends, and how much of it is done: what is done fills the work of one after the other. */
export function piecesOf(row, scale, left, right) {
  const spans = (row.spans ?? []).map(([from, to, work]) => [scale.x(from), Math.max(scale.x(from) + 2, scale.x(to)), work]);
  const pieces = spans.length > 1 ? spans : [[left, right, 1]];
  let done = (pieces.reduce((sum, [, , work]) => sum + work, 0) * Math.min(100, row.percent ?? 0)) / 100;
  return pieces.map(([from, to, work]) => {
    const part = Math.min(done, work);
    done -= part;
    return [from, to, ((to - from) * part) / work];
  });
}

function bracket(left, right, middle, row) {
  const [top, low] = [middle - 5, middle + 5];
  const tip = Math.min(5, (right - left) / 2);
  const path = `M${left} ${low}V${top}H${right}V${low}L${right - tip} ${middle}H${left + tip}Z`;
  const done = ((right - left) * Math.min(100, row.percent ?? 0)) / 100;
  return [s("path", { class: "time-summary", d: path }), done > 0 ? s("rect", { class: "time-summary-done", x: left, y: top + 1.5, width: done, height: 2 }) : null].filter(Boolean);
}

export const diamond = (x, y, half, name) => s("path", { class: name, d: `M${x} ${y - half}L${x + half} ${y}L${x} ${y + half}L${x - half} ${y}Z` });

function label(x, y, words) {
  const text = s("text", { class: "time-label", x, y: y + 3.5 });
  text.textContent = words ?? "";
  return text;
}

/** Thin bars of up to two baselines below the bar. */
function baselineBars(lines, row, shape) {
  return lines.flatMap((line, index) => {
    if (!line || line.from === null || line.to === null) return [];
    const y = shape.top + shape.tall * (shape.hasLines > 1 ? 0.62 : 0.68) + index * 5;
    const [left, right] = [shape.scale.x(line.from), Math.max(shape.scale.x(line.from) + 2, shape.scale.x(line.to))];
    const name = `time-baseline is-line-${index}`;
    return row.isMilestone ? [diamond(right, y + 2, 3.5, name)] : [s("rect", { class: name, x: left, y, width: right - left, height: 4, rx: 1 })];
  });
}

/** The bar where it was before the last step. */
function ghostOf(former, row, shape) {
  if (!former || former.from === null || former.to === null) return [];
  const middle = shape.top + barMiddle(shape.tall, shape.hasLines);
  const [left, right] = [shape.scale.x(former.from), Math.max(shape.scale.x(former.from) + 3, shape.scale.x(former.to))];
  return row.isMilestone ? [diamond(right, middle, 6.5, "time-ghost")] : [s("rect", { class: "time-ghost", x: left, y: middle - HALF, width: right - left, height: HALF * 2, rx: 2.5 })];
}

/** An arrow from another project to its promised date, or from a milestone to another project. */
export function dependencyMarks(found, row, shape) {
  const middle = shape.top + barMiddle(shape.tall, shape.hasLines);
  return found.flatMap((each) => {
    const tone = each.slack !== null && each.slack < 0 ? " is-late" : "";
    if (!each.incoming) {
      const x = shape.scale.x(row.to);
      return [s("path", { class: `time-outside${tone}`, d: `M${x} ${middle + 7}v5h11m-3.5 -3l3.5 3l-3.5 3` })];
    }
    if (!each.promised) return [];
    const x = shape.scale.dayX(dayOf(each.promised) + 1);
    const parts = [s("path", { class: `time-outside${tone}`, d: `M${x - 17} ${middle}H${x - 1}m-3.5 -3l3.5 3l-3.5 3M${x} ${middle - 9}v18` })];
    if (each.moved) {
      const to = shape.scale.dayX(dayOf(each.forecast) + 1);
      parts.push(s("path", { class: "time-outside is-moved", d: `M${x} ${middle - 9}H${to}M${to} ${middle - 9}v18` }));
    }
    return parts;
  });
}

/** How far a row may slip without moving the finish. */
function floatOf(row, { top, tall, hasLines, scale }, gantt) {
  if (!gantt.settings.shows.float || row.isSummary || row.to === null) return [];
  const end = gantt.floatEnd(row);
  return end === null ? [] : [s("path", { class: "time-float", d: `M${scale.x(row.to)} ${top + barMiddle(tall, hasLines)}H${scale.x(end)}m0 -3.5v7` })];
}

/** Deadline, other projects and constraint. */
function marksOf(row, shape, gantt) {
  const parts = [];
  if (row.from === null || row.to === null) return parts;
  const { scale } = shape;
  const middle = shape.top + barMiddle(shape.tall, shape.hasLines);
  if (row.deadline) {
    const x = scale.dayX(dayOf(row.deadline) + 1);
    parts.push(s("path", { class: `time-deadline${row.deadline_missed ? " is-missed" : ""}`, d: `M${x} ${middle + 2}l4.5 -7h-9z` }));
    parts.push(s("line", { class: `time-deadline-stem${row.deadline_missed ? " is-missed" : ""}`, x1: x, x2: x, y1: middle + 2, y2: middle + 8 }));
  }
  const outside = gantt.plan.dependencies.get(row.uid);
  if (outside) parts.push(...dependencyMarks(outside, row, shape));
  if (row.constraint_day && row.constraint && row.constraint !== "ASAP" && row.constraint !== "ALAP") {
    const day = dayOf(row.constraint_day);
    const isFinish = ["FNET", "FNLT", "MFO"].includes(row.constraint);
    const isFloor = row.constraint.endsWith("NET");
    const x = scale.dayX(day + (isFinish ? 1 : 0));
    const way = isFloor ? -4 : 4;
    parts.push(s("path", { class: "time-constraint", d: `M${x + way} ${middle - 9}H${x}V${middle + 9}h${way}` }));
  }
  return parts;
}
