// The plan on paper: as many rows as a sheet holds, each sheet with head, time axis and number; a legend on the last.
import { h } from "../dom.js";
import { showDay } from "./days.js";
import { legend } from "./legend.js";
import { drawingOf, hatch, wholeScale } from "./picture.js";
import { say } from "./words.js";

const ROWS = 26;
const WIDE = 840;

/** Sheets stand on the page only while it is printed. */
export function listenToPaper(page) {
  addEventListener("beforeprint", () => lay(page));
  addEventListener("afterprint", () => {
    document.getElementById("plan-paper")?.remove();
    document.documentElement.classList.remove("prints-plan");
  });
}

export function printPlan(page) {
  lay(page);
  print();
}

function footOf(page) {
  const foot = h("footer", { class: "plan-sheet-foot" }, ...legend(page));
  hatch(foot, "paper");
  return foot;
}

function lay(page) {
  document.getElementById("plan-paper")?.remove();
  const { plan } = page;
  const { project } = plan.model;
  const scale = wholeScale(plan, WIDE);
  const count = Math.max(1, Math.ceil(plan.visible.length / ROWS));
  const sheets = Array.from({ length: count }, (_, at) => h("section", { class: "plan-sheet" },
    h("header", { class: "plan-sheet-head" }, h("strong", {}, `${project.code} ${project.name}`), h("span", {}, project.data_date ? say("paperDataDate", { day: showDay(project.data_date) }) : ""), h("span", {}, say("paperPage", { page: at + 1, pages: count }))),
    drawingOf(page, { first: at * ROWS, last: Math.min(plan.visible.length, (at + 1) * ROWS), scale, name: "paper" }),
    footOf(page)));
  document.documentElement.classList.add("prints-plan");
  document.body.append(h("div", { id: "plan-paper", "aria-hidden": "true" }, ...sheets));
}
