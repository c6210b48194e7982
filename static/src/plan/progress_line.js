// The line that bends back to how far each running or late row has come at the data date.
import { DAY, dayOf, momentOf } from "./moments.js";
import { s } from "./svg.js";

/** Items stand below each other from `top` on, each `tall` high. */
export function progressLine(items, { scale, tall, top, day }) {
  const line = scale.dayX(dayOf(day) + 1);
  const now = momentOf(day) + DAY;
  const points = items.flatMap(({ row }, at) => {
    const begin = top + at * tall;
    return [`${line},${begin}`, ...(isMeasured(row) ? [`${reachedBy(row, { scale, line, now })},${begin + tall / 2}`] : [])];
  });
  return s("polyline", { class: "time-progress-line", points: [...points, `${line},${top + items.length * tall}`].join(" ") });
}

const isMeasured = (row) => row && !row.isSummary && row.from !== null && row.percent !== null;

function reachedBy(row, { scale, line, now }) {
  const reached = scale.x(row.from) + ((scale.x(row.to) - scale.x(row.from)) * row.percent) / 100;
  const isBehind = row.percent < 100 && row.from < now;
  const isAhead = row.percent > 0 && reached > line;
  return isBehind || isAhead ? reached : line;
}
