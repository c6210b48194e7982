// Colors and numbers of the charts, from the tokens of the page.
const NAMES = { GREEN: "--green-fill", AMBER: "--amber-fill", RED: "--red-fill", GREY: "--grey-fill", BLUE: "--blue-fill", ACCENT: "--accent" };
export const LETTERS = { GREEN: "G", AMBER: "A", RED: "R", GREY: "–", BLUE: "✓" };
export const FONT = '"Inter Variable", "Inter", sans-serif';

/** The tokens a chart needs, read now, so that a change of theme is one redraw. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  return {
    of: (color) => token(NAMES[String(color ?? "ACCENT").toUpperCase()] ?? "--accent"),
    ink: token("--ink"),
    soft: token("--ink-soft"),
    faint: token("--ink-faint"),
    line: token("--line"),
    card: token("--surface-card"),
    sunken: token("--surface-sunken"),
    accent: token("--accent"),
    on: (color) => token(color === "AMBER" ? "--on-amber" : "--on-fill"),
  };
}

/** 1234567 -> "1.2M" in the language of the page. */
export function short(value) {
  return new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

export function long(value, unit = "") {
  if (value === null || value === undefined) return "—";
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(value);
  return unit ? `${number} ${unit}` : number;
}
