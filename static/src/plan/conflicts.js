// Two people changed the same field: both values side by side, and who wins.
import { h } from "../dom.js";
import { columnsOf, saidValue, shownValue } from "./columns.js";
import { lagText } from "./link_editor.js";
import { openDialog } from "./menus.js";
import { say } from "./words.js";

const LINK_FIELDS = { type: () => say("linkType"), lag: () => say("linkLag") };

/** Ask field by field; resolves with the conflicts in which mine is kept. */
export function askAboutConflicts(page, conflicts) {
  const columns = columnsOf(page.plan);
  const boxes = conflicts.map((conflict, at) => lineOf(page, columns, conflict, at));
  const content = h("div", {}, h("p", {}, say("conflictIntro")), h("div", { class: "plan-conflicts" }, ...boxes.map((box) => box.element)));
  return new Promise((resolve) => {
    let isKept = false;
    const keep = () => { isKept = true; };
    const dialog = openDialog(say("conflictTitle"), content, [{ title: say("conflictSave"), isMain: true, run: keep }], { isWide: true });
    dialog.addEventListener("close", () => {
      resolve(isKept ? conflicts.filter((conflict, at) => boxes[at].isMine()) : []);
    });
  });
}

function lineOf(page, columns, conflict, at) {
  const row = page.plan.rows.get(conflict.uid);
  const name = `plan-conflict-${at}`;
  const column = columns.get(conflict.field);
  const choice = (value, title, isTheirs) => {
    const radio = h("input", { type: "radio", class: "form-check-input", name, value: isTheirs ? "theirs" : "mine", checked: isTheirs });
    return { radio, element: h("label", { class: "plan-conflict-choice" }, radio, h("span", {}, h("strong", {}, title), h("span", { class: "plan-conflict-value" }, shownValue(column, value, row, page.plan) || "–"))) };
  };
  const theirs = choice(conflict.theirs, conflict.by ? say("conflictTheirs", { name: conflict.by }) : say("conflictSomebody"), true);
  const mine = choice(conflict.mine, say("conflictMine"), false);
  const element = h("fieldset", { class: "plan-conflict" }, h("legend", {}, `${row?.name ?? conflict.uid}: ${column?.title ?? LINK_FIELDS[conflict.field]?.() ?? conflict.field}`), theirs.element, mine.element);
  return { element, isMine: () => mine.radio.checked };
}

/** The step again: fields in conflict that are given up are left out, the others say that their value is known. */
export function insisted(page, step, conflicts, mine) {
  const kept = step.changes.map((change, index) => {
    const own = conflicts.filter((each) => each.index === index);
    const again = { set: setAgain, relink: linkAgain }[change.act];
    return own.length && again ? again(page, change, own, mine) : change;
  });
  const changes = kept.filter(Boolean);
  return changes.length ? { changes } : null;
}

function setAgain(page, change, own, mine) {
  const [fields, was] = [{ ...change.fields }, { ...change.was }];
  for (const conflict of own) {
    if (mine.includes(conflict)) was[conflict.field] = saidValue(columnsOf(page.plan).get(conflict.field), conflict.theirs, page.plan.rows.get(conflict.uid), page.plan);
    else delete fields[conflict.field];
  }
  return Object.keys(fields).length ? { ...change, fields, was } : null;
}

/** A link takes what is kept of mine onto what it is now. */
function linkAgain({ plan }, change, own, mine) {
  const link = plan.links.get(change.pk);
  if (!link || !own.some((each) => mine.includes(each))) return null;
  const now = { type: link.type, lag: lagText(link, plan.model.project) };
  const isGivenUp = (field) => own.some((each) => each.field === field && !mine.includes(each));
  return { ...change, type: isGivenUp("type") ? now.type : change.type, lag: isGivenUp("lag") ? now.lag : change.lag, was: now };
}
