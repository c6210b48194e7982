// Small tools for building and watching the page. Text always goes in as text (SEC-25).
import htmx from "htmx.org";

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: h("p", {class: "note", onclick: f}, "text", child). Attributes with null are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A translated sentence of components/_texts.html. */
export function text(name) {
  return document.getElementById("texts")?.dataset[name] ?? "";
}

/** An icon of the sprite; the build reads the names from calls such as icon("x"). */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${text("sprite")}#${name}`);
  svg.append(use);
  return svg;
}

/** Run for the whole page and for each part that htmx brings in later. */
export function onContent(start) {
  htmx.onLoad((root) => start(root instanceof Element ? root : document.body));
}

/** All matches inside a part of the page, the part itself included. */
export function all(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found;
}

/** Say something to screen readers. */
export function announce(sentence) {
  const line = document.getElementById("announcer");
  if (line) line.textContent = sentence;
}

/** Keep a choice in this browser; private windows may refuse, which is fine. */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing depends on it.
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Only addresses of this site and of the web are followed. */
export function follow(url) {
  const target = new URL(url, location.href);
  if (target.protocol === "http:" || target.protocol === "https:") location.assign(target);
}
