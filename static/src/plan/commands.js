// Everything a person can do here, each with its key: for toolbar, menus, keyboard and the panel of keys.
import { h, icon } from "../dom.js";
import { chooseColumns } from "./chooser.js";
import { showHelp } from "./help.js";
import { legend } from "./legend.js";
import { editLink } from "./link_editor.js";
import { openDialog, openMenu } from "./menus.js";
import { printPlan } from "./paper.js";
import { savePicture } from "./picture.js";
import { ZOOMS } from "./scale.js";
import { say } from "./words.js";

const GROUPS = [["owner", "groupOwner"], ["phase", "groupPhase"], ["state", "groupState"]];
const ctrl = (key, shift = false) => (event) => (event.ctrlKey || event.metaKey) && !event.altKey && event.shiftKey === shift && event.key.toLowerCase() === key;
// A letter with Alt is another sign on some keyboards; its key stays the same.
const alt = (key) => (event) => event.altKey && !event.ctrlKey && (event.key === key || event.code === `Key${key.toUpperCase()}`);
const either = (...tests) => (event) => tests.some((test) => test(event));
const functional = (key, { isCtrl = false, isShift = false } = {}) => (event) => event.key === key && (event.ctrlKey || event.metaKey) === isCtrl && event.shiftKey === isShift && !event.altKey;
const bare = (key) => (event) => !event.altKey && !event.ctrlKey && !event.metaKey && event.key === key;

export function commandsOf(page) {
  const mayEdit = () => page.plan.model.may.edit;
  const locked = () => !mayEdit();
  const list = [
    { name: "undo", keys: "Ctrl Z", test: ctrl("z"), symbol: () => icon("arrow-back-up"), run: () => page.sender.undo(), isOff: () => !page.sender.canUndo },
    { name: "redo", keys: "Ctrl Y", test: (event) => ctrl("y")(event) || ctrl("z", true)(event), symbol: () => icon("arrow-forward-up"), run: () => page.sender.redo(), isOff: () => !page.sender.canRedo },
    { name: "insert", keys: "Ins", test: bare("Insert"), symbol: () => icon("plus"), run: () => page.edits.insertAbove(), isOff: locked },
    { name: "remove", keys: "Del", test: bare("Delete"), symbol: () => icon("trash"), run: () => page.edits.remove(), isOff: () => !mayEdit() || !page.plan.model.may.delete },
    { name: "indent", keys: "Tab", symbol: () => icon("indent-increase"), run: () => page.edits.shift("indent"), isOff: locked },
    { name: "outdent", keys: "Shift Tab", symbol: () => icon("indent-decrease"), run: () => page.edits.shift("outdent"), isOff: locked },
    { name: "up", keys: "Alt ↑", test: alt("ArrowUp"), symbol: () => icon("arrow-up"), run: () => page.edits.step(-1), isOff: locked },
    { name: "down", keys: "Alt ↓", test: alt("ArrowDown"), symbol: () => icon("arrow-down"), run: () => page.edits.step(1), isOff: locked },
    { name: "indentAlt", keys: "Alt →", test: alt("ArrowRight"), run: () => page.edits.shift("indent"), isOff: locked, isHidden: true },
    { name: "outdentAlt", keys: "Alt ←", test: alt("ArrowLeft"), run: () => page.edits.shift("outdent"), isOff: locked, isHidden: true },
    { name: "linkChosen", keys: "Ctrl L", test: either(ctrl("l"), functional("F2", { isCtrl: true })), symbol: () => icon("link"), run: () => page.edits.linkChosen(), isOff: locked },
    { name: "unlinkChosen", keys: "Ctrl Shift L", test: either(ctrl("l", true), functional("F2", { isCtrl: true, isShift: true })), symbol: () => icon("unlink"), run: () => page.edits.unlinkChosen(), isOff: locked },
    { name: "fillDown", keys: "Ctrl D", test: ctrl("d"), symbol: () => icon("arrow-bar-to-down"), run: () => page.edits.fillDown(), isOff: locked },
    { name: "find", keys: "Ctrl F", test: ctrl("f"), symbol: () => icon("search"), run: () => page.toolbar.beginSearch(), isGlobal: true },
    { name: "findNext", keys: "F3", test: functional("F3"), run: () => page.nextHit(1), isGlobal: true, isHidden: true },
    { name: "findPrevious", keys: "Shift F3", test: functional("F3", { isShift: true }), run: () => page.nextHit(-1), isGlobal: true, isHidden: true },
    { name: "filter", keys: "Alt F", test: alt("f"), run: () => page.toolbar.filter.focus(), isGlobal: true, isHidden: true },
    { name: "columns", keys: "Alt C", test: alt("c"), symbol: () => icon("columns-3"), run: () => chooseColumns(page) },
    { name: "chooseAll", keys: "Ctrl A", test: ctrl("a"), run: () => page.selection.chooseAll(), isHidden: true },
    { name: "open", keys: "Shift F2", test: functional("F2", { isShift: true }), symbol: () => icon("external-link"), run: () => page.openTask(), isOff: () => !page.selection.row || page.selection.row.draft },
    { name: "zoomIn", keys: "+", test: (event) => event.altKey && event.key === "+", symbol: () => icon("zoom-in"), run: () => page.zoom(1) },
    { name: "zoomOut", keys: "−", test: (event) => event.altKey && event.key === "-", symbol: () => icon("zoom-out"), run: () => page.zoom(-1) },
    { name: "fit", keys: "Alt 0", test: alt("0"), symbol: () => icon("arrows-horizontal"), run: () => page.fit() },
    { name: "toTask", keys: "Ctrl G", test: ctrl("g"), symbol: () => icon("crosshair"), run: () => page.selection.row && page.goToMoment(page.selection.row.from) },
    { name: "toNow", keys: "Alt T", test: alt("t"), symbol: () => icon("calendar-event"), run: () => page.goToNow() },
    { name: "help", keys: "?", test: bare("?"), symbol: () => icon("keyboard"), run: () => showHelp() },
    { name: "maximize", keys: "Alt M", test: alt("m"), symbol: () => icon("arrows-maximize"), run: () => maximize(page) },
  ];
  for (const command of list) command.title = say(`cmd_${command.name}`);
  list.find((each) => each.name === "zoomIn").keys = "Alt +";
  list.find((each) => each.name === "zoomOut").keys = "Alt −";
  const byName = (name) => list.find((command) => command.name === name);
  const entry = (name) => {
    const { title, keys, symbol, run, isOff } = byName(name);
    return { title, keys, symbol: symbol?.(), run: () => { run(); if (!page.editor.open && !document.querySelector("dialog[open]")) page.focus(); }, isOff: isOff?.() };
  };
  return { list, byName, entry, openRowMenu: (at) => openRowMenu(page, at, entry) };
}

function openRowMenu(page, at, entry) {
  const { row } = page.selection;
  const { plan } = page;
  const links = row ? [...plan.links.values()].filter((link) => link.to === row.uid || link.from === row.uid) : [];
  const linkEntries = links.slice(0, 8).map((link) => {
    const other = plan.rows.get(link.to === row.uid ? link.from : link.to);
    return { title: say(link.to === row.uid ? "linkFrom" : "linkOnTo", { name: other?.name ?? "", type: link.type }), symbol: icon("link"), run: () => editLink(page, link) };
  });
  const more = row && !row.draft ? ["-", entry("open"), entry("toTask")] : [];
  const writing = plan.model.may.edit ? [entry("insert"), entry("indent"), entry("outdent"), entry("up"), entry("down"), "-", entry("linkChosen"), entry("unlinkChosen"), entry("fillDown"), entry("remove")] : [];
  openMenu(at, [...writing, ...(linkEntries.length ? ["-", ...linkEntries] : []), ...more].filter((each, index) => index || each !== "-"), say("rowMenu"));
}

function maximize(page) {
  page.element.classList.toggle("is-maximized");
  document.documentElement.classList.toggle("has-maximized-plan", page.element.classList.contains("is-maximized"));
  page.board.measure();
  page.focus();
}

/** The menus of the toolbar. */
export function menuOf(page, name) {
  const { settings, plan, commands } = page;
  const flip = (key) => ({ title: say(`show_${key}`), isOn: settings.shows[key], run: () => { settings.shows[key] = !settings.shows[key]; page.keep(); page.gantt.touch(); page.board.ask(true); } });
  if (name === "view") {
    const lines = plan.model.baselines.map((line) => ({ title: line.name || say("baselineNumber", { number: line.number }), isOn: settings.baselines.includes(line.number), run: () => chooseBaseline(page, line.number) }));
    return [flip("critical"), flip("links"), flip("float"), flip("shading"), flip("progressLine"), ...(lines.length ? ["-", ...lines] : []), "-", commands.entry("columns"), { title: say("legend"), symbol: icon("info-circle"), run: () => showLegend(page) }];
  }
  if (name === "outline") {
    const deepest = Math.max(1, ...plan.order.map((uid) => plan.rows.get(uid).level));
    const levels = Array.from({ length: Math.min(deepest, 9) - 1 }, (_, at) => ({ title: say("toLevel", { level: at + 1, count: at + 1 }), run: () => plan.foldTo(at + 1) }));
    return [{ title: say("allLevels"), run: () => plan.foldTo(0) }, ...levels, "-", ...GROUPS.map(([key, title]) => ({ title: say(title), isOn: plan.filter.group === key, run: () => page.group(plan.filter.group === key ? "" : key) }))];
  }
  if (name === "zoom") return [...ZOOMS.map(([key, perDay]) => ({ title: say(`zoom_${key}`), isOn: page.gantt.scale.level === key, run: () => page.zoom({ perDay }) })), "-", commands.entry("fit"), commands.entry("toNow")];
  const { exports } = page.element.dataset;
  return [
    { title: say("print"), symbol: icon("printer"), keys: "Ctrl P", run: () => printPlan(page) },
    { title: say("saveSvg"), symbol: icon("vector"), run: () => savePicture(page, "svg") },
    { title: say("savePng"), symbol: icon("photo"), run: () => savePicture(page, "png") },
    ...(exports ? [{ title: say("savePdf"), symbol: icon("download"), run: () => location.assign(exports) }] : []),
    "-",
    commands.entry("help"),
  ];
}

/** Two baselines at once; a third takes the place of the first. */
function chooseBaseline(page, number) {
  const { settings } = page;
  settings.baselines = settings.baselines.includes(number) ? settings.baselines.filter((each) => each !== number) : [...settings.baselines, number].slice(-2);
  page.keep();
  page.redraw();
  page.bringExtras();
}

function showLegend(page) {
  openDialog(say("legend"), h("div", { class: "plan-legend" }, ...legend(page)), [{ title: say("close"), isMain: true }]);
}
