// Progress of tasks that have no actual days yet: what the plan suggests, to be changed, kept or left.
import { h } from "../dom.js";
import { columnsOf } from "./columns.js";
import { openDialog } from "./menus.js";
import { say } from "./words.js";

/** Ask row by row; resolves with the step and the days somebody agreed to, or null. */
export function offerDays(page, step, faults) {
  const columns = columnsOf(page.plan);
  const lines = faults.map((fault, at) => lineOf(page, columns, fault, at));
  const content = h("div", {}, h("p", {}, say("daysIntro")), h("div", { class: "plan-conflicts" }, ...lines.map((line) => line.element)));
  return new Promise((resolve) => {
    let isKept = false;
    const keep = () => {
      isKept = lines.every((line) => line.inputs.every((input) => input.reportValidity()));
      return isKept;
    };
    const dialog = openDialog(say("daysTitle"), content, [{ title: say("daysSave"), isMain: true, run: keep }], { isWide: true });
    dialog.addEventListener("close", () => resolve(isKept ? withDays(step, lines) : null));
  });
}

function lineOf(page, columns, fault, at) {
  const inputs = Object.entries(fault.proposed).map(([field, day]) => h("input", { type: "date", class: "form-control", id: `plan-day-${at}-${field}`, "data-field": field, value: day, required: true }));
  const fields = inputs.map((input) => h("p", {}, h("label", { for: input.id }, columns.get(input.dataset.field)?.title ?? input.dataset.field), input));
  const legend = page.plan.rows.get(fault.uid)?.name ?? fault.uid;
  return { element: h("fieldset", { class: "plan-conflict" }, h("legend", {}, String(legend)), ...fields), index: fault.index, inputs };
}

function withDays(step, lines) {
  const changes = step.changes.map((change, index) => {
    const days = lines.filter((line) => line.index === index).flatMap((line) => line.inputs);
    return days.length ? { ...change, fields: { ...change.fields, ...Object.fromEntries(days.map((input) => [input.dataset.field, input.value])) } } : change;
  });
  return { changes };
}
