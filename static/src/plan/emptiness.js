// What stands where rows would be: how to begin an empty plan, the way back from a filter nothing fits.
import { h, icon } from "../dom.js";
import { say } from "./words.js";

export class Emptiness {
  constructor(page) {
    this.page = page;
    this.element = h("div", { class: "plan-empty", role: "status", hidden: true });
    page.board.scroller.before(this.element);
  }

  show() {
    const { plan } = this.page;
    const isNew = plan.order.length === 0;
    const isNarrow = !isNew && plan.visible.length === 0;
    const kind = isNew ? (plan.model.may.edit ? "new" : "bare") : isNarrow ? "narrow" : "";
    if (kind === this.kind) return;
    this.kind = kind;
    this.element.hidden = !kind;
    if (kind) this.element.replaceChildren(...this[kind]());
  }

  new() {
    return this.begun("emptyHow");
  }

  bare() {
    return this.begun("emptyBare");
  }

  /** Who may not write rows may still be somebody who may import them. */
  begun(how) {
    const address = this.page.element.dataset.import;
    return [icon("list-tree"), h("p", {}, h("strong", {}, say("emptyTitle")), say(how)), address ? h("a", { class: "btn btn-sm", href: address }, icon("file-import"), say("emptyImport")) : null].filter(Boolean);
  }

  narrow() {
    const button = h("button", { type: "button", class: "btn btn-sm" }, say("emptyAll"));
    button.addEventListener("click", () => { this.page.toolbar.widen(); this.page.focus(); });
    return [icon("search"), h("p", {}, h("strong", {}, say("emptyNarrow"))), button];
  }
}
