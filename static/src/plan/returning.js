// What a closed window left unsent: said clearly, sent at once while it is fresh, asked about when it is old.
import { h, icon } from "../dom.js";
import { forget, leftBehind } from "../outbox.js";
import { locale } from "./days.js";
import { say } from "./words.js";

const FRESH_MS = 15 * 60 * 1000;
const written = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

export async function takeBackWhatWaits(page) {
  const found = (await leftBehind()).filter((entry) => entry.code === page.plan.model.project.code);
  if (!found.length) return;
  const steps = found.flatMap((entry) => entry.waiting);
  const facts = { count: steps.length, moment: written.format(new Date(found[0].at)) };
  const send = () => {
    page.sender.takeOver(steps, Object.assign({}, ...found.map((entry) => entry.keys)));
    found.forEach(forget);
  };
  if (Date.now() - found.at(-1).at < FRESH_MS) {
    send();
    note(page, say("returned", facts), [[say("close"), () => {}]]);
  } else note(page, say("returnedAsk", facts), [[say("returnedSend"), send, true], [say("returnedDrop"), () => found.forEach(forget)]]);
}

function note(page, sentence, choices) {
  const element = h("div", { class: "plan-notice", role: "status" }, icon("cloud-off"), h("p", {}, sentence));
  for (const [title, run, isMain] of choices) {
    const button = h("button", { type: "button", class: `btn btn-sm${isMain ? " btn-primary" : ""}` }, title);
    button.addEventListener("click", () => { element.remove(); run(); page.board.measure(); page.focus(); });
    element.append(button);
  }
  page.toolbar.element.after(element);
  page.board.measure();
}
