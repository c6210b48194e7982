// The tools above the board.
import { h, icon } from "../dom.js";
import { menuOf } from "./commands.js";
import { openMenu } from "./menus.js";
import { say } from "./words.js";

const FILTERS = ["", "mine", "late", "critical", "near", "ownerless", "open", "milestones"];
const MENUS = {
  outline: () => icon("list-tree"),
  view: () => icon("eye"),
  paper: () => icon("printer"),
};

export class Toolbar {
  constructor(page) {
    this.page = page;
    const mayEdit = page.plan.model.may.edit;
    this.buttons = new Map();
    const groups = mayEdit ? [["undo", "redo"], ["insert", "outdent", "indent", "linkChosen", "unlinkChosen", "remove"]] : [];
    this.search = h("input", { type: "search", class: "plan-search-field", placeholder: say("search"), "aria-label": say("search"), autocomplete: "off" });
    this.filter = h("select", { class: "plan-filter-field", "aria-label": say("filter") }, ...FILTERS.map((name) => h("option", { value: name }, say(name ? `filter_${name}` : "filterNone"))));
    this.mode = h("button", { type: "button", class: "icon-button plan-mode", "aria-pressed": "false", "aria-label": say("highlight"), title: say("highlight"), hidden: true }, icon("highlight"));
    this.zoomText = h("span", {});
    this.zoomButton = h("button", { type: "button", class: "btn btn-sm plan-zoom", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": say("zoom") }, this.zoomText, icon("chevron-down"));
    this.phone = h("button", { type: "button", class: "btn btn-sm plan-phone-switch", "aria-pressed": "false" }, icon("chart-bar"), h("span", {}, say("showDrawing")));
    this.element = h("div", { class: "plan-tools d-print-none", role: "toolbar", "aria-label": say("tools") },
      ...groups.map((names) => h("div", { class: "plan-tool-group" }, ...names.map((name) => this.button(name)))),
      h("label", { class: "tool-search plan-search" }, icon("search"), this.search),
      h("div", { class: "plan-tool-group plan-filter" }, this.filter, this.mode),
      this.menuButton("outline"),
      h("span", { class: "plan-space" }),
      this.phone,
      h("div", { class: "plan-tool-group plan-zooms" }, this.button("zoomOut"), this.zoomButton, this.button("zoomIn"), this.button("fit")),
      this.menuButton("view"), this.menuButton("paper"), this.button("help"), this.button("maximize"));
    this.listen();
    this.rove(this.element.querySelector("button"));
  }

  button(name) {
    const command = this.page.commands.byName(name);
    const button = h("button", { type: "button", class: `icon-button plan-tool is-${name}`, "aria-label": command.title, title: `${command.title} (${command.keys})`, "data-command": name }, command.symbol());
    button.addEventListener("click", () => { if (!command.isOff?.()) { command.run(); if (name !== "help" && !this.page.editor.open) this.page.focus(); } });
    this.buttons.set(name, button);
    return button;
  }

  menuButton(name) {
    const button = h("button", { type: "button", class: `btn btn-sm plan-menu-button is-${name}`, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": say(`menu_${name}`) }, MENUS[name](), name === "paper" ? null : h("span", { class: "plan-button-text" }, say(`menu_${name}`)));
    button.addEventListener("click", () => openMenu(button, menuOf(this.page, name), say(`menu_${name}`)));
    return button;
  }

  /** Show the rows that search and filter leave. */
  narrow() {
    const { plan } = this.page;
    [plan.filter.search, plan.filter.chosen] = [this.search.value, this.filter.value];
    plan.arrange();
    this.page.revealHit();
  }

  /** Show all rows again. */
  widen() {
    this.search.value = this.filter.value = "";
    this.narrow();
  }

  listen() {
    const { page } = this;
    const narrow = () => this.narrow();
    this.search.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(narrow, 120); });
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); clearTimeout(this.timer); this.search.value = ""; narrow(); page.focus(); }
      if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); clearTimeout(this.timer); narrow(); page.toHit(); }
    });
    this.filter.addEventListener("change", narrow);
    this.filter.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") { this.filter.value = ""; narrow(); }
      page.focus();
    });
    this.element.addEventListener("keydown", (event) => this.walk(event));
    this.mode.addEventListener("click", () => {
      page.plan.filter.mode = page.plan.filter.mode === "filter" ? "highlight" : "filter";
      page.plan.arrange();
      page.revealHit();
    });
    this.zoomButton.addEventListener("click", () => openMenu(this.zoomButton, menuOf(page, "zoom"), say("zoom")));
    this.phone.addEventListener("click", () => {
      page.settings.drawing = !page.settings.drawing;
      page.keep();
      page.board.measure();
      page.showStart();
    });
  }

  beginSearch() {
    this.search.focus();
    this.search.select();
  }

  /** Arrows go from button to button; Tab passes them at once, as it passes fields (toolbar pattern of WAI-ARIA). */
  walk(event) {
    const buttons = [...this.element.querySelectorAll("button")].filter((button) => button.offsetParent);
    const at = buttons.indexOf(document.activeElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape") this.page.focus();
    if (to === undefined) return;
    event.preventDefault();
    const wanted = buttons[(to + buttons.length) % buttons.length];
    this.rove(wanted);
    wanted.focus();
  }

  /** One button of the tools is a stop of Tab. */
  rove(wanted) {
    for (const button of this.element.querySelectorAll("button")) button.tabIndex = button === wanted ? 0 : -1;
  }

  show() {
    const { plan, gantt, settings } = this.page;
    for (const [name, button] of this.buttons) {
      const isOff = Boolean(this.page.commands.byName(name).isOff?.());
      button.setAttribute("aria-disabled", String(isOff));
    }
    this.mode.hidden = plan.hits === null;
    this.mode.setAttribute("aria-pressed", String(plan.filter.mode === "highlight"));
    this.filter.parentElement.classList.toggle("is-set", Boolean(plan.filter.chosen));
    this.zoomText.textContent = say(`zoom_${gantt.scale.level}`);
    this.zoomButton.setAttribute("aria-label", `${say("zoom")}: ${this.zoomText.textContent}`);
    this.phone.setAttribute("aria-pressed", String(settings.drawing));
    this.element.classList.toggle("shows-drawing", settings.drawing);
  }
}
