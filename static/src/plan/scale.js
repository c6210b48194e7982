// The time axis: where a moment stands on the drawing, and what is written above it.
import { DAY, dateOf, weekNumber, weekdayOf } from "./moments.js";

/** Levels of zoom, in pixels per day. */
export const ZOOMS = [
  ["hour", 720],
  ["shift", 200],
  ["day", 38],
  ["week", 15],
  ["month", 5],
  ["quarter", 2],
  ["year", 0.7],
];
const WORK_BEGINS = 480;
const WORK_LASTS = 540;
const HOURS_FROM = 150;

export class Scale {
  /** `first` and `last` are days; `perDay` pixels. */
  constructor(first, last, perDay) {
    Object.assign(this, { first, last, perDay });
  }

  get width() {
    return (this.last - this.first) * this.perDay;
  }

  get isFine() {
    return this.perDay >= HOURS_FROM;
  }

  dayX(day) {
    return (day - this.first) * this.perDay;
  }

  /** Below the zoom of hours a working day fills its day, so that bars of whole days have whole widths. */
  x(moment) {
    const day = Math.floor(moment / DAY);
    const minute = moment - day * DAY;
    const share = this.isFine ? minute / DAY : Math.min(1, Math.max(0, (minute - WORK_BEGINS) / WORK_LASTS));
    return this.dayX(day + share);
  }

  /** The day under a place, with its share. */
  dayAt(x) {
    return this.first + x / this.perDay;
  }

  /** The level of zoom that comes nearest. */
  get level() {
    const far = (entry) => Math.abs(Math.log(entry[1] / this.perDay));
    return ZOOMS.reduce((best, entry) => (far(entry) < far(best) ? entry : best))[0];
  }
}

const startOf = {
  day: (day) => day,
  week: (day) => day - weekdayOf(day),
  month: (day) => utc(dateOf(day).getUTCFullYear(), dateOf(day).getUTCMonth()),
  quarter: (day) => utc(dateOf(day).getUTCFullYear(), Math.floor(dateOf(day).getUTCMonth() / 3) * 3),
  year: (day) => utc(dateOf(day).getUTCFullYear(), 0),
};
const nextOf = {
  day: (day) => day + 1,
  week: (day) => day + 7,
  month: (day) => utc(dateOf(day).getUTCFullYear(), dateOf(day).getUTCMonth() + 1),
  quarter: (day) => utc(dateOf(day).getUTCFullYear(), dateOf(day).getUTCMonth() + 3),
  year: (day) => utc(dateOf(day).getUTCFullYear() + 1, 0),
};
const utc = (year, month) => Date.UTC(year, month, 1) / 86400000;

/** The units of the two lines above the drawing. */
export function tiersOf(perDay) {
  if (perDay >= HOURS_FROM) return ["day", "hour"];
  if (perDay >= 22) return ["week", "day"];
  if (perDay >= 8) return ["month", "week"];
  if (perDay >= 1.4) return ["year", "month"];
  if (perDay >= 0.45) return ["year", "quarter"];
  return ["", "year"];
}

/** Cells of one line between two days: [{from, to, unit}] in days; hours as shares of days. */
export function cellsOf(unit, from, to, perDay) {
  if (!unit) return [];
  if (unit === "hour") return hoursOf(from, to, perDay);
  const cells = [];
  for (let at = startOf[unit](Math.floor(from)); at < to; at = nextOf[unit](at)) cells.push({ from: at, to: nextOf[unit](at), unit });
  return cells;
}

function hoursOf(from, to, perDay) {
  const step = [1, 2, 3, 6, 12].find((hours) => (perDay / 24) * hours >= 30) ?? 12;
  const cells = [];
  for (let day = Math.floor(from); day < to; day += 1) {
    for (let hour = 0; hour < 24; hour += step) cells.push({ from: day + hour / 24, to: day + (hour + step) / 24, unit: "hour", hour });
  }
  return cells;
}

/** What stands in a cell; `wide` is its width in pixels. */
export function titleOf(cell, wide, language, weekWord) {
  const write = (options) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }).format(dateOf(cell.from)).replace(/\bSept\b/, "Sep");
  if (cell.unit === "hour") return String(cell.hour).padStart(2, "0");
  if (cell.unit === "day" && wide >= 90) return write({ weekday: "short", day: "numeric", month: "long" });
  if (cell.unit === "day") return write({ day: "numeric" }).replace(/\D+$/, "");
  if (cell.unit === "week" && wide >= 140) return `${weekWord} ${weekNumber(cell.from)} · ${write({ day: "numeric", month: "short", year: "numeric" })}`;
  if (cell.unit === "week") return write({ day: "numeric", month: wide > 75 ? "short" : undefined }).replace(/(\d)\D$/, "$1");
  if (cell.unit === "month" && wide >= 110) return write({ month: "long", year: "numeric" });
  if (cell.unit === "month") return write({ month: wide >= 34 ? "short" : "narrow" });
  if (cell.unit === "quarter") return `Q${Math.floor(dateOf(cell.from).getUTCMonth() / 3) + 1}`;
  return write({ year: "numeric" });
}
