// Two people changed the same field: both values side by side, and who wins.
import { h } from "../dom.js";
import { columnsOf } from "./columns.js";
import { openDialog } from "./menus.js";
import { say } from "./words.js";

/** Ask field by field; resolves with the step of what is kept of mine, or null. */
export function askAboutConflicts(page, step, conflicts) {
  const columns = columnsOf(page.plan);
  const boxes = conflicts.map((conflict, at) => lineOf(page, columns, conflict, at));
  const content = h("div", {}, h("p", {}, say("conflictIntro")), h("div", { class: "plan-conflicts" }, ...boxes.map((box) => box.element)));
  return new Promise((resolve) => {
    let isKept = false;
    const keep = () => { isKept = true; };
    const dialog = openDialog(say("conflictTitle"), content, [{ title: say("conflictSave"), isMain: true, run: keep }], { isWide: true });
    dialog.addEventListener("close", () => {
      const mine = isKept ? conflicts.filter((conflict, at) => boxes[at].isMine()) : [];
      resolve(insisted(step, conflicts, mine));
    });
  });
}

function lineOf(page, columns, conflict, at) {
  const row = page.plan.rows.get(conflict.uid);
  const name = `plan-conflict-${at}`;
  const choice = (value, title, isTheirs) => {
    const radio = h("input", { type: "radio", class: "form-check-input", name, value: isTheirs ? "theirs" : "mine", checked: isTheirs });
    return { radio, element: h("label", { class: "plan-conflict-choice" }, radio, h("span", {}, h("strong", {}, title), h("span", { class: "plan-conflict-value" }, String(value ?? "") || "–"))) };
  };
  const theirs = choice(conflict.theirs, conflict.by ? say("conflictTheirs", { name: conflict.by }) : say("conflictSomebody"), true);
  const mine = choice(conflict.mine, say("conflictMine"), false);
  const element = h("fieldset", { class: "plan-conflict" }, h("legend", {}, `${row?.name ?? conflict.uid}: ${columns.get(conflict.field)?.title ?? conflict.field}`), theirs.element, mine.element);
  return { element, isMine: () => mine.radio.checked };
}

/** The step again: fields in conflict that are given up are left out, the others say that their value is known. */
function insisted(step, conflicts, mine) {
  const changes = step.changes.map((change, index) => {
    const [fields, was] = [{ ...change.fields }, { ...change.was }];
    for (const conflict of conflicts.filter((each) => each.index === index)) {
      if (mine.includes(conflict)) was[conflict.field] = conflict.theirs;
      else delete fields[conflict.field];
    }
    return change.fields ? { ...change, fields, was } : change;
  });
  const kept = changes.filter((change) => change.act !== "set" || Object.keys(change.fields).length);
  return kept.length ? { changes: kept } : null;
}
