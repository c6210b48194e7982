// Type and lag of one link.
import { h } from "../dom.js";
import { openDialog } from "./menus.js";
import { say } from "./words.js";

const TYPES = ["FS", "SS", "FF", "SF"];

/** The lag as it is typed: minutes of work in days of the project, elapsed ones with "ed", shares with "%". */
export function lagText(link, project) {
  if (link.lag_percent !== null && link.lag_percent !== undefined) return `${Number(link.lag_percent)}%`;
  if (!link.lag) return "";
  const days = link.lag / (link.elapsed ? 1440 : project.hours_per_day * 60);
  return `${Number(days.toFixed(3))}${link.elapsed ? "ed" : "d"}`;
}

export function editLink(page, link) {
  if (!link) return;
  const { plan, gantt } = page;
  const lag = lagText(link, plan.model.project);
  gantt.chosenLink = link.pk;
  gantt.touch();
  page.board.ask();
  const mayEdit = plan.model.may.edit;
  const type = h("select", { class: "form-select", id: "plan-link-type", disabled: !mayEdit }, ...TYPES.map((each) => h("option", { value: each, selected: each === link.type }, `${each} · ${say(`type${each}`)}`)));
  const field = h("input", { class: "form-control", id: "plan-link-lag", value: lag, disabled: !mayEdit, placeholder: "0d", autocomplete: "off" });
  field.value = lag;
  const name = (uid) => `${plan.rows.get(uid)?.wbs ?? ""} ${plan.rows.get(uid)?.name ?? ""}`;
  const content = h("div", { class: "plan-link-form" },
    h("p", { class: "plan-link-ends" }, h("strong", {}, name(link.from)), h("span", {}, " → "), h("strong", {}, name(link.to))),
    link.out_of_sequence ? h("p", { class: "alert alert-warning" }, say("outOfSequence")) : null,
    h("label", { class: "form-label", for: "plan-link-type" }, say("linkType")), type,
    h("label", { class: "form-label", for: "plan-link-lag" }, say("linkLag")), field,
    h("p", { class: "form-text" }, say("linkLagHint")));
  const save = () => page.edits.relink(link, type.value, field.value.trim(), { type: link.type, lag });
  const buttons = mayEdit ? [{ title: say("linkRemove"), run: () => page.edits.unlink(link) }, { title: say("save"), isMain: true, run: save }] : [{ title: say("close"), isMain: true }];
  const dialog = openDialog(say("linkTitle"), content, buttons);
  dialog.addEventListener("close", () => { gantt.chosenLink = null; gantt.touch(); page.board.ask(); });
  if (mayEdit) field.focus();
}
