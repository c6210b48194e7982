// The whole drawing as a picture: names at the left, time above.
import { lineOf } from "./bars.js";
import { showDay } from "./days.js";
import { dayOf } from "./moments.js";
import { barMiddle, headCell, linkClass, shadesOf } from "./gantt.js";
import { progressLine } from "./progress_line.js";
import { Scale, cellsOf, tiersOf } from "./scale.js";
import { s } from "./svg.js";
import { headOf, pathOf, routeOf } from "./routes.js";
import { say } from "./words.js";

// A title in the head needs some room; an earlier one is cut by the next cell.
const LEAST_CELL = 64;
export const PICTURE = { names: 300, head: 46, row: 24 };
const TITLE = 40;
const PAINT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "paint-order", "opacity", "fill-opacity", "font-size", "font-weight", "font-family"];

/** The scale that brings the whole plan into so many pixels. */
export function wholeScale(plan, wide) {
  const [low, high] = plan.span();
  const [first, last] = [Math.floor(low / 1440) - 1, Math.ceil(high / 1440) + 2];
  const perDay = Math.min(40, wide / (last - first));
  const room = Math.ceil(90 / perDay);
  return new Scale(first, last + room, wide / (last - first + room));
}

/** Rows first..last of the plan as one drawing with its head; `name` begins the ids of its patterns. */
export function drawingOf(page, { first = 0, last = page.plan.visible.length, scale, name = "plan" }) {
  const { plan, settings } = page;
  const { names, head, row: tall } = PICTURE;
  const items = plan.visible.slice(first, last);
  const height = head + items.length * tall;
  const wide = names + scale.width;
  const shading = s("g");
  const inside = s("g", { transform: `translate(${names} ${head})` }, shading);
  const [from, to] = [scale.first, scale.last];
  if (settings.shows.shading) shading.append(...shadesOf(plan.model.shading.project, scale, { from: Math.floor(from), to: Math.ceil(to), top: 0, height: items.length * tall }));
  const picture = { settings: { ...settings, shows: { ...settings.shows } }, plan, scale, floatEnd: (row) => page.gantt.floatEnd(row) };
  const labels = [];
  items.forEach((item, at) => {
    const top = at * tall;
    labels.push(s("line", { class: "time-row", x1: 0, x2: wide, y1: head + top + tall, y2: head + top + tall }), nameText(item, head + top + tall / 2 + 4));
    if (!item.row) return;
    const shape = { top, tall, scale, hasLines: settings.baselines.length };
    const lines = settings.baselines.map((number) => plan.frozen(number, item.row.uid)).slice(0, 2);
    inside.append(...lineOf(item.row, shape, picture, { lines }).filter((part) => !part.dataset.end));
  });
  if (settings.shows.links) shading.after(...linkParts(page, scale, first, last));
  const { project } = plan.model;
  const upright = (name, day) => s("line", { class: name, x1: scale.dayX(day), x2: scale.dayX(day), y1: 0, y2: items.length * tall });
  inside.append(upright("time-today", dayOf(project.today) + 0.5));
  if (project.data_date) inside.append(upright("time-data-date", dayOf(project.data_date) + 1));
  if (project.must_finish) inside.append(upright("time-must-finish", dayOf(project.must_finish) + 1));
  if (project.data_date && settings.shows.progressLine) inside.append(progressLine(items, { scale, tall, top: 0, day: project.data_date }));
  const top = s("g", { transform: `translate(${names} 0)` }, ...tiersOf(scale.perDay).flatMap((unit, line) => cellsOf(unit, from, to, scale.perDay).filter((cell) => scale.dayX(Math.min(cell.to, to)) - scale.dayX(Math.max(cell.from, from)) >= LEAST_CELL || cell.to <= to).flatMap((cell) => headCell(cell, line, scale))));
  if (name !== "plan") hatch(inside, name);
  return s("svg", { class: "plan-picture", viewBox: `0 0 ${wide} ${height}`, width: wide, height }, s("rect", { class: "picture-ground", width: wide, height }), top, inside, s("rect", { class: "picture-side", width: names - 1, height }), s("line", { class: "time-row", x1: names, x2: names, y1: 0, y2: height }), ...labels, patternsOf(page, name));
}

function patternsOf(page, name) {
  const patterns = page.gantt.body.querySelector("defs").cloneNode(true);
  for (const pattern of patterns.children) pattern.id = pattern.id.replace(/^plan-/, `${name}-`);
  return patterns;
}

/** Patterns of the page itself are not drawn while the page is hidden, so a drawing on paper brings its own. */
export function hatch(inside, name) {
  for (const tone of ["critical", "near"]) {
    for (const bar of inside.querySelectorAll(`.time-bar.is-${tone}`)) bar.style.fill = `url("#${name}-${tone}")`;
  }
}

function nameText(item, y) {
  const text = s("text", { class: `picture-name${item.row?.isSummary || item.group !== undefined ? " is-summary" : ""}`, x: 8 + (item.level - 1) * 12, y });
  const words = item.group ?? `${item.row.wbs ?? ""}  ${item.row.name ?? ""}`;
  const room = Math.floor((PICTURE.names - 20 - (item.level - 1) * 12) / 6.3);
  text.textContent = words.length > room ? `${words.slice(0, room - 1)}…` : words;
  return text;
}

function linkParts(page, scale, first, last) {
  const { plan, settings } = page;
  const { row: tall } = PICTURE;
  const box = (uid) => {
    const [place, row] = [plan.placeOf.get(uid), plan.rows.get(uid)];
    if (place === undefined || place < first || place >= last || row.from === null) return null;
    const middle = (place - first) * tall + barMiddle(tall, settings.baselines.length);
    const at = scale.x(row.to);
    return row.isMilestone ? { left: at - 6, right: at + 6, middle, top: middle - 7, bottom: middle + 7, place } : { left: scale.x(row.from), right: Math.max(scale.x(row.from) + 3, at), middle, top: middle - 6, bottom: middle + 6, place };
  };
  return [...plan.links.values()].flatMap((link) => {
    const [from, to] = [box(link.from), box(link.to)];
    if (!from || !to) return [];
    const points = routeOf(link.type, from, to, (from.place - first + (to.place > from.place ? 1 : 0)) * tall);
    return [s("g", { class: linkClass(link, page) }, s("path", { class: "link-line", d: pathOf(points) }), s("path", { class: "link-head", d: headOf(points) }))];
  });
}

/** Save as SVG or PNG; the colors are written into the shapes, so that the file stands alone. */
export async function savePicture(page, kind) {
  const { plan } = page;
  const [low, high] = plan.span();
  const wide = Math.min(6000, Math.max(900, ((high - low) / 1440) * Math.min(page.gantt.scale.perDay, 20)));
  const drawing = titled(drawingOf(page, { scale: wholeScale(plan, wide) }), plan.model.project);
  document.body.append(drawing);
  paint(drawing);
  drawing.remove();
  drawing.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const text = new XMLSerializer().serializeToString(drawing);
  const blob = kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await pixels(text, drawing);
  if (!blob) { page.say(say("pictureFailed"), "error"); return; }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${plan.model.project.code}-plan.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 20000);
}

/** The drawing below a line that says which plan it is and as of when. */
function titled(drawing, project) {
  const [wide, tall] = [Number(drawing.getAttribute("width")), Number(drawing.getAttribute("height"))];
  const title = s("text", { class: "picture-title", x: 8, y: 26 });
  title.textContent = `${project.code} ${project.name}`;
  const day = s("text", { class: "picture-name", x: wide - 8, y: 26, "text-anchor": "end" });
  day.textContent = project.data_date ? say("paperDataDate", { day: showDay(project.data_date) }) : showDay(project.today);
  const whole = s("svg", { class: "plan-picture", viewBox: `0 0 ${wide} ${tall + TITLE}`, width: wide, height: tall + TITLE }, s("rect", { class: "picture-ground", width: wide, height: TITLE }), title, day);
  whole.append(s("g", { transform: `translate(0 ${TITLE})` }, ...drawing.childNodes));
  return whole;
}

function paint(drawing) {
  const elements = [drawing, ...drawing.querySelectorAll("*")];
  for (const element of elements) {
    const seen = getComputedStyle(element);
    for (const name of PAINT) {
      const value = seen.getPropertyValue(name);
      if (value && !(name === "stroke-dasharray" && value === "none") && !(name.endsWith("opacity") && value === "1")) element.setAttribute(name, value.replace(/^url\("?#?[^#]*#([^")]+)"?\)$/, "url(#$1)"));
    }
  }
  // Only now: what is inside looks as it does because of the classes around it.
  for (const element of elements) element.removeAttribute("class");
}

async function pixels(text, drawing) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  const isRead = await image.decode().then(() => true, () => false);
  if (!isRead) return null;
  const [wide, tall] = [Number(drawing.getAttribute("width")), Number(drawing.getAttribute("height"))];
  const zoom = Math.min(2, 16000 / Math.max(wide, tall));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(wide * zoom), Math.round(tall * zoom)];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}
