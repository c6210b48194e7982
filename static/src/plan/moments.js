// Moments of a plan are local wall-clock time: minutes since 1970 without a time zone. Days are whole numbers.
export const DAY = 1440;
const pad = (number) => String(number).padStart(2, "0");

/** "2026-03-02T08:00" or "2026-03-02" as minutes; null stays null. */
export function momentOf(text) {
  if (!text) return null;
  const hours = text.length > 10 ? Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16)) : 0;
  return dayOf(text) * DAY + hours;
}

export function dayOf(text) {
  return text ? Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10))) / 86400000 : null;
}

export const dateOf = (day) => new Date(day * 86400000);

export function isoDay(day) {
  const date = dateOf(day);
  return `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
}

export function isoMoment(moment) {
  const rest = moment - Math.floor(moment / DAY) * DAY;
  return `${isoDay(Math.floor(moment / DAY))}T${pad(Math.floor(rest / 60))}:${pad(rest % 60)}`;
}

/** Monday is 0. */
export const weekdayOf = (day) => (((day + 3) % 7) + 7) % 7;

/** Week number of ISO 8601. */
export function weekNumber(day) {
  const thursday = day - weekdayOf(day) + 3;
  const first = Date.UTC(dateOf(thursday).getUTCFullYear(), 0, 1) / 86400000;
  return Math.floor((thursday - first) / 7) + 1;
}

const WHOLE = [[0, DAY]];

/** When a calendar works, in minutes of each day: {week: [7 × [[480, 720], …]], days: {"2026-03-09": []}}. */
const hoursOn = (shading, day) => shading?.days?.[isoDay(day)] ?? shading?.week?.[weekdayOf(day)] ?? WHOLE;

export const worksOn = (shading, day) => hoursOn(shading, day).length > 0;

/** When nobody works between two days, as [from, to] in days; with `isFine` the hours of working days too. */
export function idleSpans(shading, from, to, isFine = false) {
  const found = [];
  let free = from;
  const work = (begin, end) => {
    if (begin > free) found.push([free, Math.min(begin, to)]);
    free = Math.max(free, end);
  };
  // A night shift reaches into the next day.
  for (let day = from - 1; day < to; day += 1) {
    const hours = hoursOn(shading, day);
    if (isFine) for (const [begin, end] of hours) work(day + begin / DAY, day + end / DAY);
    else if (hours.length && day >= from) work(day, day + 1);
  }
  work(to, to);
  return found;
}

/** The day that many working days after (or before) a day; a day without work counts from the next one. */
export function addWorkingDays(shading, day, count) {
  const step = count < 0 ? -1 : 1;
  let left = Math.abs(Math.round(count));
  let at = day;
  for (let tries = 0; left > 0 && tries < 20000; tries += 1) {
    at += step;
    if (worksOn(shading, at)) left -= 1;
  }
  return at;
}

/** Working days from one day to a later one (negative to an earlier one). */
export function workingDaysBetween(shading, from, to) {
  const [low, high] = from < to ? [from, to] : [to, from];
  let count = 0;
  for (let day = low; day < high; day += 1) if (worksOn(shading, day)) count += 1;
  return from < to ? count : -count || 0;
}
