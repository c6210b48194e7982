// What the signs of the drawing mean, as the same shapes with words.
import { h } from "../dom.js";
import { diamond } from "./bars.js";
import { s } from "./svg.js";
import { say } from "./words.js";

const bar = (name) => s("rect", { class: name, x: 4, y: 4, width: 36, height: 12, rx: 2.5 });

const baseline = (index, y) => s("rect", { class: `time-baseline is-line-${index}`, x: 4 + index * 4, y, width: 32, height: 4, rx: 1 });

const SIGNS = [
  ["legendTask", () => [bar("time-bar"), s("rect", { class: "time-done", x: 4, y: 7, width: 18, height: 6, rx: 1.5 })]],
  ["legendRest", () => [s("path", { class: "time-rest", d: "M16 10H28" }), s("rect", { class: "time-bar", x: 4, y: 4, width: 12, height: 12, rx: 2.5 }), s("rect", { class: "time-bar", x: 28, y: 4, width: 12, height: 12, rx: 2.5 })]],
  ["legendCritical", () => [bar("time-bar is-critical"), s("rect", { class: "time-edge is-critical", x: 4, y: 4, width: 3, height: 12 })]],
  ["legendNear", () => [bar("time-bar is-near")]],
  ["legendSummary", () => [s("path", { class: "time-summary", d: "M4 15V5H40V15L35 10H9Z" })]],
  ["legendMilestone", () => [diamond(22, 10, 6.5, "time-milestone")]],
  ["legendBaseline", () => [baseline(0, 5), baseline(1, 11)]],
  ["legendIdle", () => [s("rect", { class: "time-idle", x: 4, y: 2, width: 36, height: 16 })]],
  ["legendFloat", () => [s("path", { class: "time-float", d: "M4 10H38m0 -3.5v7" })]],
  ["legendDeadline", () => [s("path", { class: "time-deadline", d: "M22 10l4.5 -7h-9z" }), s("line", { class: "time-deadline-stem", x1: 22, x2: 22, y1: 10, y2: 17 })]],
  ["legendConstraint", () => [s("path", { class: "time-constraint", d: "M18 2H22V18h-4" })]],
  ["legendOutside", () => [s("path", { class: "time-outside", d: "M4 10H26m-3.5 -3l3.5 3l-3.5 3M28 1v18" })]],
  ["legendOutsideMoved", () => [s("path", { class: "time-outside is-moved", d: "M10 3H32M32 3v16" })]],
  ["legendLink", () => [s("g", { class: "time-link" }, s("path", { class: "link-line", d: "M4 10H36" }), s("path", { class: "link-head", d: "M40 10l-5 -3.5v7z" }))]],
  ["legendSlack", () => [s("g", { class: "time-link is-slack" }, s("path", { class: "link-line", d: "M4 10H36" }), s("path", { class: "link-head", d: "M40 10l-5 -3.5v7z" }))]],
  ["legendBroken", () => [s("g", { class: "time-link is-broken" }, s("path", { class: "link-line", d: "M4 10H36" }), s("path", { class: "link-head", d: "M40 10l-5 -3.5v7z" }))]],
  ["legendToday", () => [s("line", { class: "time-today", x1: 22, x2: 22, y1: 0, y2: 20 })]],
  ["legendDataDate", () => [s("line", { class: "time-data-date", x1: 22, x2: 22, y1: 0, y2: 20 })]],
  ["legendMustFinish", () => [s("line", { class: "time-must-finish", x1: 22, x2: 22, y1: 0, y2: 20 })]],
  ["legendProgress", () => [s("polyline", { class: "time-progress-line", points: "28,0 28,4 12,10 28,16 28,20" })]],
  ["legendGhost", () => [bar("time-ghost")]],
];

export function legend({ plan, settings }) {
  const chosen = plan.model.baselines.filter((line) => settings.baselines.includes(line.number));
  return SIGNS.flatMap(([name, draw]) => (name === "legendBaseline" && chosen.length ? chosen.map((line) => ofBaseline(line, settings)) : [entry(draw(), say(name))]));
}

/** A baseline that is shown, by its name. */
function ofBaseline(line, settings) {
  return entry([baseline(settings.baselines.indexOf(line.number), 8)], line.name || say("baselineNumber", { number: line.number }));
}

function entry(shapes, words) {
  return h("span", { class: "plan-legend-entry" }, s("svg", { class: "plan-sign", width: 44, height: 20, viewBox: "0 0 44 20", "aria-hidden": "true" }, ...shapes), h("span", {}, words));
}
