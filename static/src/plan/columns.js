// The columns of the grid: what each shows, what typing into it means.
import { showDay } from "./days.js";
import { DAY, dayOf, workingDaysBetween } from "./moments.js";
import { say } from "./words.js";

const language = document.documentElement.lang || "en";
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const money = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const shares = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
export const showShare = (value) => (value === null || value === undefined ? "" : `${shares.format(value)}\u00a0%`);
export const number = (value) => (value === null || value === undefined || value === "" ? "" : numbers.format(Number(value)));

/** Working minutes as people say them: "3 d", elapsed ones "3 ed". */
export function showDuration(minutes, project, isElapsed) {
  if (minutes === null || minutes === undefined) return "";
  return isElapsed ? `${number(minutes / DAY)} ${say("unitElapsed")}` : `${number(minutes / (project.hours_per_day * 60))} ${say("unitDay")}`;
}

/** The same as it is typed and sent: "3d". */
function typedDuration(minutes, project, isElapsed) {
  if (minutes === null || minutes === undefined) return "";
  const value = isElapsed ? minutes / DAY : minutes / (project.hours_per_day * 60);
  return `${Number(value.toFixed(4))}${isElapsed ? "ed" : "d"}`;
}

const listed = (name) => (plan) => plan.choices[name];
const COLUMNS = {
  wbs: { width: 56, widthIn: wbsWidth, show: (row) => row.wbs ?? "" },
  uid: { width: 72, isNumber: true, show: (row) => (row.draft ? "" : String(row.uid)) },
  name: { width: 220, edit: "text", show: (row) => row.name ?? "" },
  duration: { width: 68, isNumber: true, edit: "text", taskOnly: true, show: (row, plan) => (row.isMilestone ? "" : showDuration(row.minutes, plan.model.project, row.elapsed)), type: (row, plan) => typedDuration(row.minutes, plan.model.project, row.elapsed) },
  start: { width: 104, isNumber: true, edit: "day", taskOnly: true, show: (row) => showDay(row.start_day), type: (row) => row.start_day ?? "" },
  finish: { width: 104, isNumber: true, edit: "day", taskOnly: true, show: (row) => showDay(row.finish_day), type: (row) => row.finish_day ?? "" },
  percent: { width: 80, isNumber: true, edit: "text", needs: "progress", taskOnly: true, show: (row) => showShare(row.percent), type: (row) => typed(row.percent) },
  physical: { width: 86, isNumber: true, edit: "text", needs: "progress", taskOnly: true, show: (row, plan) => showShare(row.isSummary ? plan.summaries?.get(row.uid)?.physical : row.physical), type: (row) => typed(row.physical), why: (row, plan) => (row.isSummary ? plan.summaries?.get(row.uid)?.reason : null) },
  remaining: { width: 86, isNumber: true, edit: "text", needs: "progress", taskOnly: true, show: (row, plan) => showDuration(row.remaining, plan.model.project, row.elapsed), type: (row, plan) => typedDuration(row.remaining, plan.model.project, row.elapsed) },
  actual_start: { width: 104, isNumber: true, edit: "day", needs: "progress", taskOnly: true, show: (row) => showDay(row.actual_start), type: (row) => (row.actual_start ?? "").slice(0, 10) },
  actual_finish: { width: 104, isNumber: true, edit: "day", needs: "progress", taskOnly: true, show: (row) => showDay(row.actual_finish), type: (row) => (row.actual_finish ?? "").slice(0, 10) },
  preds: { width: 104, edit: "text", show: (row) => row.preds ?? "" },
  constraint: { width: 150, edit: "choice", taskOnly: true, choices: listed("constraint"), show: (row, plan) => titled(plan.choices.constraint, row.constraint, "ASAP") },
  constraint_day: { width: 104, isNumber: true, edit: "day", taskOnly: true, show: (row) => showDay(row.constraint_day), type: (row) => row.constraint_day ?? "" },
  deadline: { width: 104, isNumber: true, edit: "day", taskOnly: true, show: (row) => showDay(row.deadline), type: (row) => (row.deadline ?? "").slice(0, 10) },
  calendar: { width: 120, edit: "choice", choices: (plan) => [["", say("projectCalendar")], ...plan.calendars], show: (row, plan) => plan.calendars.get(row.calendar) ?? "" },
  owner: { width: 140, edit: "choice", choices: (plan) => [["", say("nobody")], ...plan.people], show: (row, plan) => plan.people.get(row.owner) ?? "" },
  work: { width: 78, isNumber: true, edit: "text", taskOnly: true, show: (row) => (row.work === null || row.work === undefined ? "" : `${number(row.work)} ${say("unitHour")}`), type: (row) => typed(row.work) },
  interruptions: { width: 190, edit: "text", taskOnly: true, show: (row) => restsOf(row, showDay), type: (row) => restsOf(row, (day) => day) },
  total_float: { width: 84, isNumber: true, show: (row, plan) => showDuration(row.total_float, plan.model.project, row.elapsed) },
  free_float: { width: 84, isNumber: true, show: (row, plan) => showDuration(row.free_float, plan.model.project, row.elapsed) },
  kind: { width: 120, edit: "choice", taskOnly: true, choices: listed("kind"), show: (row, plan) => titled(plan.choices.kind, row.kind, null) },
  baseline_start: { width: 104, isNumber: true, show: (row, plan) => showDay(plan.baselineOf(row.uid)?.start_day) },
  baseline_finish: { width: 104, isNumber: true, show: (row, plan) => showDay(plan.baselineOf(row.uid)?.finish_day) },
  variance: { width: 90, isNumber: true, show: varianceOf },
  cost: { width: 104, isNumber: true, edit: "text", needs: "money", taskOnly: true, show: (row) => (row.cost === null || row.cost === undefined ? "" : money.format(Number(row.cost))), type: (row) => typed(row.cost) },
  technique: { width: 130, edit: "choice", taskOnly: true, choices: listed("technique"), show: (row, plan) => (row.isSummary ? "" : titled(plan.choices.technique, row.technique, null)) },
  notes: { width: 200, edit: "text", show: (row) => row.notes ?? "" },
};

const [LETTER, AROUND, MOST] = [7.4, 18, 150];

/** The longest code of the plan has room. */
function wbsWidth(plan) {
  const longest = Math.max(0, ...[...plan.rows.values()].map((row) => row.wbs?.length ?? 0));
  return Math.min(MOST, Math.max(COLUMNS.wbs.width, Math.ceil(longest * LETTER + AROUND)));
}

/** How wide a column is until somebody makes it wider. */
export const startWidth = (column, plan) => column.widthIn?.(plan) ?? column.width;

/** Days without work: "2 Mar – 5 Mar; 10 Mar". */
function restsOf(row, write) {
  return (row.interruptions ?? []).map(([first, last]) => (first === last ? write(first) : `${write(first)} – ${write(last)}`)).join("; ");
}

function typed(value) {
  return value === null || value === undefined ? "" : String(Number(value));
}

function titled(choices, value, silent) {
  if (value === silent || value === null || value === undefined) return "";
  return choices.find(([key]) => key === value)?.[1] ?? value;
}

/** Working days by which the finish lies behind the baseline. */
function varianceOf(row, plan) {
  const line = plan.baselineOf(row.uid);
  if (!line?.finish_day || !row.finish_day) return "";
  const late = workingDaysBetween(plan.shadingOf(row.calendar), dayOf(line.finish_day), dayOf(row.finish_day));
  return `${late > 0 ? "+" : ""}${number(late)} ${say("unitDay")}`;
}

/** Files bring days and moments as computers write them. */
function ownText(text) {
  const found = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?(?::\d{2})?$/.exec(text);
  return found ? [showDay(found[1]), found[2]].filter(Boolean).join(" ") : text;
}

/** All columns of this plan by key, the project's own fields among them. */
export function columnsOf(plan) {
  const known = Object.entries(COLUMNS).map(([key, column]) => [key, { key, title: say(`col_${key}`), ...column }]);
  const own = (plan.model.own_fields ?? []).map((field) => {
    const type = (row) => String(plan.ownFields?.get(row.uid)?.[field] ?? "");
    return [`own:${field}`, { key: `own:${field}`, title: field, width: 110, edit: "text", show: (row) => ownText(type(row)), type }];
  });
  const hidden = plan.model.may.money ? [] : ["cost"];
  return new Map([...known, ...own].filter(([key]) => !hidden.includes(key)));
}

/** The value a person saw, exact to the minute. */
export function seenValue(column, row, plan) {
  const minutes = { duration: row.minutes, remaining: row.remaining }[column.key];
  return minutes !== undefined && minutes !== null && !row.elapsed ? `${minutes}m` : sentValue(column, row, plan);
}

/** The value as it is sent: a choice by its key, the rest as it is typed. */
export const sentValue = (column, row, plan) => (column.edit === "choice" ? (row[column.key] ?? "") : typedValue(column, row, plan));

/** What a list of choices offers: pairs of key and title. */
export const choicesOf = (column, plan) => (typeof column?.choices === "function" ? [...column.choices(plan)] : []);

/** A value of the server as the grid would show it. */
export function shownValue(column, value, row, plan) {
  if (value === null || value === undefined || value === "") return "";
  if (column?.edit === "choice") return choicesOf(column, plan).find(([key]) => String(key) === String(value))?.[1] ?? String(value);
  if (LENGTHS.has(column?.key)) return showDuration(Number(value), plan.model.project, row?.elapsed);
  return column?.edit === "day" ? showDay(String(value)) : String(value);
}

/** The same value as a change says it. */
export const saidValue = (column, value, row, plan) => (LENGTHS.has(column?.key) && value !== null ? (row?.elapsed ? typedDuration(value, plan.model.project, true) : `${value}m`) : value);

const LENGTHS = new Set(["duration", "remaining"]);

/** What the cell's editor begins with. */
export const typedValue = (column, row, plan) => (column.type ? column.type(row, plan) : column.edit === "choice" ? String(row[column.key] ?? "") : column.show(row, plan));

/** Whether the person may type into this cell. */
export function mayType(column, row, plan) {
  const { may } = plan.model;
  if (!column?.edit) return false;
  if (!row) return may.edit && column.key === "name";
  if (column.needs === "progress") return !row.isSummary && !row.draft && (may.progress || (may.progress_own && row.owner === plan.model.mine && row.owner !== null));
  if (!may.edit) return false;
  return !(row.isSummary && column.taskOnly);
}

