// Days as people of this page's language write them.
import { dateOf, dayOf, isoDay } from "./moments.js";

const pageLanguage = typeof document === "undefined" ? "en" : document.documentElement.lang || "en";
export const locale = pageLanguage === "en" ? "en-GB" : pageLanguage;
const shape = pageLanguage === "en" ? { day: "numeric", month: "short", year: "numeric" } : { day: "2-digit", month: "2-digit", year: "numeric" };
const written = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...shape });
const monthNames = Array.from({ length: 12 }, (_, month) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "long" }).format(new Date(Date.UTC(2026, month, 1))).toLocaleLowerCase());

/** "2026-02-03" or a moment of that day as people read it; September in three letters, as everywhere else. */
export const showDay = (text) => (text ? written.format(dateOf(dayOf(text))).replace("Sept ", "Sep ") : "");

/**
 * What was typed as an ISO day; words that are no day stay as they are, for the server to judge.
 * Day comes before month; a year left out is that of `near`.
 */
export function readDay(typed, near) {
  const text = typed.replace(/^\p{L}{2,3}[.,]* +(?=\d)/u, ""); // "Mon 02/03/26" of Microsoft Project
  const known = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (known) return isoOr(text, known[1], known[2], known[3]);
  const numbers = /^(\d{1,2})[./ -](\d{1,2})[./ -]?(\d{4}|\d{2})?$/.exec(text);
  if (numbers) return isoOr(text, yearOf(numbers[3], near), numbers[2], numbers[1]);
  const words = /^(\d{1,2})[. -]*([^\d\s.-]{3,})[. -]*(\d{4}|\d{2})?$/u.exec(text);
  const month = words ? monthNames.findIndex((name) => name.startsWith(words[2].toLocaleLowerCase().slice(0, 3))) : -1;
  return month < 0 ? text : isoOr(text, yearOf(words[3], near), month + 1, words[1]);
}

const yearOf = (typed, near) => (typed ? (typed.length === 2 ? `20${typed}` : typed) : near.slice(0, 4));

function isoOr(text, year, month, day) {
  if (Number(year) < 1000) return text; // Date.UTC takes them for years of the last century
  const found = isoDay(Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86400000);
  return Number(found.slice(5, 7)) === Number(month) ? found : text;
}
