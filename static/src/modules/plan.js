// The plan page, see ../plan/page.js.
import { PlanPage } from "../plan/page.js";

export function start(element) {
  element.page = new PlanPage(element);
}
