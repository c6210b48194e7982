// A form that came back with faults: the cursor in the first one, and above the form a list of them that leads there.
import { all, h, text } from "./dom.js";

const FAULTS = "[aria-invalid=true], .is-invalid";
const REASONS = ".invalid-feedback, .field-errors";
const PLACES = ".form-cell, .progress-field, .mb-3, fieldset, .drop-zone";

function titleOf(field) {
  const group = ["radio", "checkbox"].includes(field.type) ? field.closest("fieldset")?.querySelector("legend") : null;
  const label = group ?? field.labels?.[0];
  return label?.firstChild?.textContent.trim() || label?.textContent.trim() || field.ariaLabel || field.name;
}

const MANY = 8;

function describing(field) {
  const ids = (field.getAttribute("aria-describedby") ?? "").split(" ");
  return ids.map((id) => document.getElementById(id)).find((element) => element?.matches(REASONS));
}

function reasonOf(field) {
  const said = describing(field) ?? field.closest(PLACES)?.querySelector(REASONS);
  return (said?.textContent ?? "").replace(/\s+/g, " ").trim();
}

function goTo(field) {
  (field.tomselect ?? field).focus();
}

function lead(form) {
  const names = new Set();
  const fields = all(form, FAULTS).filter((field) => field.name && !names.has(field.name) && names.add(field.name));
  if (!fields.length) return;
  const explained = fields.filter(reasonOf);
  if (explained.length > 1) {
    const lines = explained.map((field) => {
      const link = h("a", { href: `#${field.id}`, onclick: (event) => (event.preventDefault(), goTo(field)) }, titleOf(field));
      return h("li", {}, link, `: ${reasonOf(field)}`);
    });
    form.querySelector(":scope > .form-faults")?.remove();
    form.prepend(h("div", { class: "alert alert-danger form-faults", role: "alert" }, h("p", {}, text("faults")), h("ul", { class: lines.length > MANY ? "is-long" : null }, ...lines)));
  }
  if (document.activeElement === document.body) goTo(fields[0]);
}

export function leadToFaults() {
  const form = all(document.body, "main form[method=post]").find((each) => each.querySelector(FAULTS));
  if (form) lead(form);
}

leadToFaults();
