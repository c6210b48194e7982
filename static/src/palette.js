// The command palette: pages and commands at once, then what the server finds.
import { follow, h, icon, text } from "./dom.js";
import { choose } from "./shell.js";

const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");
const note = document.getElementById("palette-note");
let entries = [];
let current = 0;
let timer = 0;
let running = null;

const symbol = (name) => (name && document.querySelector(".sidebar") ? icon(name) : icon("file"));

function ownEntries(words) {
  const pages = [...document.querySelectorAll(".sidebar-nav a")].map((link) => ({
    title: link.textContent.trim(),
    url: link.href,
    group: text("pages"),
    symbol: link.querySelector("svg")?.cloneNode(true),
  }));
  const isDark = document.documentElement.dataset.bsTheme === "dark";
  const density = document.documentElement.dataset.density === "compact" ? "comfortable" : "compact";
  const commands = [
    isDark
      ? { title: text("themeLight"), run: () => choose("pmo-theme", "light"), symbol: icon("sun") }
      : { title: text("themeDark"), run: () => choose("pmo-theme", "dark"), symbol: icon("moon") },
    { title: text("toggleDensity"), run: () => choose("pmo-density", density), symbol: icon("baseline-density-medium") },
  ].map((command) => ({ ...command, group: text("commands") }));
  return [...pages, ...commands].filter((entry) => entry.title.toLocaleLowerCase().includes(words));
}

function select(index) {
  const options = list.querySelectorAll('[role="option"]');
  if (!options.length) return input.removeAttribute("aria-activedescendant");
  current = (index + options.length) % options.length;
  options.forEach((option, number) => option.setAttribute("aria-selected", String(number === current)));
  options[current].scrollIntoView({ block: "nearest" });
  return input.setAttribute("aria-activedescendant", options[current].id);
}

function take(entry) {
  if (!entry) return;
  dialog.close();
  if (entry.run) entry.run();
  else follow(entry.url);
}

function draw(found) {
  entries = found;
  const groups = [...new Set(found.map((entry) => entry.group))];
  entries = groups.flatMap((group) => found.filter((entry) => entry.group === group));
  let index = 0;
  list.replaceChildren(
    ...groups.map((group, number) =>
      h(
        "div",
        { role: "group", "aria-labelledby": `palette-group-${number}` },
        h("div", { class: "palette-group", id: `palette-group-${number}`, role: "presentation" }, group),
        ...found
          .filter((entry) => entry.group === group)
          .map((entry) =>
            h(
              "div",
              { class: "palette-item", role: "option", id: `palette-option-${index++}`, "aria-selected": "false", onclick: () => take(entry) },
              entry.symbol ?? symbol(entry.icon),
              h("span", { class: "palette-title" }, entry.title),
              entry.subtitle ? h("span", { class: "palette-subtitle" }, entry.subtitle) : null,
            ),
          ),
      ),
    ),
  );
  select(0);
}

function say(sentence) {
  note.textContent = sentence;
  note.hidden = !sentence;
}

async function ask(words, own) {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(words)}`, {
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
      signal: running.signal,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const body = await answer.json();
    const found = (Array.isArray(body) ? body : (body.results ?? [])).map((entry) => ({ ...entry, group: entry.group || text("results") }));
    draw([...found, ...own]);
    say(found.length || own.length ? "" : text("nothingFound"));
  } catch (error) {
    if (error.name !== "AbortError") say(text("searchFailed"));
  }
}

function search() {
  clearTimeout(timer);
  const words = input.value.trim();
  const own = ownEntries(words.toLocaleLowerCase());
  draw(own);
  say(words && !own.length ? text(dialog.dataset.url ? "searching" : "nothingFound") : "");
  if (words && dialog.dataset.url) timer = setTimeout(() => ask(words, own), 140);
  else running?.abort();
}

function openPalette() {
  if (!dialog || dialog.open) return;
  input.value = "";
  dialog.showModal();
  search();
  input.focus();
}

if (dialog) {
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") select(current + 1);
    else if (event.key === "ArrowUp") select(current - 1);
    else if (event.key === "Enter") take(entries[current]);
    else if (event.key === "Escape") dialog.close();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-palette]");
    if (!opener || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openPalette();
  });
}
