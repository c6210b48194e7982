// What the page shows, in its address: a bookmark, or a link sent to somebody, opens the same rows and columns.
import { columnsOf } from "./columns.js";
import { startSettings } from "./settings.js";

const GROUPS = new Set(["owner", "phase", "state"]);
const OWN = ["q", "show", "mark", "group", "columns", "row"];

/** Show what the address names. Columns of an address are shown, not kept: the person's own come back. */
export function openAddress(page) {
  const asked = new URLSearchParams(location.search);
  const { toolbar, plan, settings } = page;
  const known = columnsOf(plan);
  const columns = (asked.get("columns") ?? "").split(",").map(decodeURIComponent).filter((key) => known.has(key));
  if (columns.length) page.borrow(columns.includes("name") ? columns : ["name", ...columns]);
  toolbar.search.value = asked.get("q") ?? "";
  if ([...toolbar.filter.options].some((option) => option.value === asked.get("show"))) toolbar.filter.value = asked.get("show");
  const group = asked.get("group") ?? settings.group;
  plan.filter = { search: toolbar.search.value, chosen: toolbar.filter.value, mode: asked.has("mark") ? "highlight" : "filter", group: GROUPS.has(group) ? group : "" };
  plan.arrange();
  const place = plan.placeOf.get(Number(asked.get("row")));
  if (place !== undefined) page.selection.go(place, page.selection.focus.at);
}

/** Write what is shown into the address, without a new entry in the history. */
export function writeAddress(page) {
  const { filter } = page.plan;
  const asked = new URLSearchParams(location.search);
  const named = asked.get("row");
  for (const name of OWN) asked.delete(name);
  const put = (name, value) => { if (value) asked.set(name, value); };
  put("q", filter.search.trim());
  put("show", filter.chosen);
  put("mark", filter.mode === "highlight" ? "yes" : "");
  put("group", filter.group);
  const columns = page.settings.columns.join();
  if (columns !== startSettings().columns.join()) asked.set("columns", page.settings.columns.map(encodeURIComponent).join(","));
  if (named && String(page.selection.row?.uid) === named) asked.set("row", named);
  const words = asked.toString().replaceAll("%2C", ",");
  const address = `${location.pathname}${words ? `?${words}` : ""}${location.hash}`;
  if (address !== `${location.pathname}${location.search}${location.hash}`) history.replaceState(history.state, "", address);
}
