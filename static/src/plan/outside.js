// What a row has to do with milestones of other projects, in words.
import { showDay } from "./days.js";
import { say } from "./words.js";

/** Everything in one sentence, as the mark in the grid says it. */
export const dependencyWords = (each) => `${say(each.incoming ? "waitsOutside" : "awaitedOutside")}: ${dependencyFacts(each)}`;

/** Other milestone, its dates, and the working days left. */
export function dependencyFacts(each) {
  const parts = [each.label];
  if (each.promised) parts.push(say("outsidePromised", { day: showDay(each.promised) }));
  if (each.moved) parts.push(say("outsideForecast", { day: showDay(each.forecast) }));
  parts.push(say("outsideNeeded", { day: showDay(each.need_by) }));
  if (each.slack !== null) parts.push(say("outsideRoom", { days: each.slack }));
  return parts.join(" · ");
}
