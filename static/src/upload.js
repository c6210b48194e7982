// A file field that also takes a dropped file, and a form that shows how far the upload is.
import { all, onContent, text } from "./dom.js";
import { leadToFaults } from "./faults.js";

const sizes = ["B", "kB", "MB", "GB"];

function sizeText(bytes) {
  const step = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1000)), 3);
  return `${(bytes / 1000 ** step).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${sizes[step]}`;
}

function say(zone, sentence, isError = false) {
  const line = zone.querySelector("[data-drop-note]");
  line.textContent = sentence;
  line.classList.toggle("is-error", isError);
}

function showFile(zone) {
  const file = zone.querySelector("input[type=file]").files[0];
  const line = zone.querySelector("[data-drop-file]");
  const limit = Number(zone.dataset.maxBytes ?? 0);
  line.hidden = !file;
  line.textContent = file ? `${file.name} (${sizeText(file.size)})` : "";
  const isTooLarge = Boolean(file && limit && file.size > limit);
  zone.querySelector("input[type=file]").setCustomValidity(isTooLarge ? text("fileTooLarge") : "");
  say(zone, isTooLarge ? text("fileTooLarge") : "", isTooLarge);
}

function startZone(zone) {
  if (zone.dataset.started) return;
  zone.dataset.started = "yes";
  const field = zone.querySelector("input[type=file]");
  field.addEventListener("change", () => showFile(zone));
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// The server answers as it would to a plain form: a redirect is followed, a page with errors is shown.
function send(event) {
  const form = event.target;
  const zone = form.querySelector?.("[data-drop-zone]");
  if (!form.matches?.("form[data-upload]") || !zone) return;
  event.preventDefault();
  const bar = zone.querySelector("progress");
  const buttons = form.querySelectorAll("[type=submit]");
  const request = new XMLHttpRequest();
  const body = new FormData(form, event.submitter ?? undefined);
  const fail = () => {
    bar.hidden = true;
    buttons.forEach((button) => (button.disabled = false));
    say(zone, text("uploadFailed"), true);
  };
  buttons.forEach((button) => (button.disabled = true));
  bar.hidden = false;
  say(zone, text("uploading"));
  request.upload.addEventListener("progress", (progress) => {
    if (progress.lengthComputable) bar.value = (100 * progress.loaded) / progress.total;
  });
  request.addEventListener("error", fail);
  request.addEventListener("load", () => {
    const isMoved = request.responseURL && new URL(request.responseURL).pathname !== new URL(form.action, location.href).pathname;
    if (request.status >= 500) fail();
    else if (isMoved) location.assign(request.responseURL);
    else showAnswer(request.responseText, fail);
  });
  request.open("POST", form.action || location.href);
  request.send(body);
}

// Only the content of the answered page is taken, parsed as a document of its own in which no script runs.
function showAnswer(answer, fail) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const content = page.getElementById("content");
  if (!content) return fail();
  document.getElementById("content").replaceWith(document.adoptNode(content));
  const now = document.getElementById("content");
  now.querySelectorAll("script:not([type='application/json'])").forEach((script) => script.remove());
  window.htmx.process(now);
  all(now, "[data-drop-zone]").forEach(startZone);
  // The browser holds on to what was in sight, which in a longer answer is its end.
  scrollTo({ top: 0, behavior: "instant" });
  leadToFaults();
  return now.querySelector(".field-errors, .invalid-feedback")?.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", send);
onContent((root) => all(root, "[data-drop-zone]").forEach(startZone));
