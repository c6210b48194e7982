// Forms: selects with a search field, print and stale-form warnings.
import { all, onContent } from "./dom.js";

// Empty filters make long addresses: leave them out.
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-filter-form]")) return;
  for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
  setTimeout(() => {
    for (const field of event.target.elements) field.disabled = false;
  });
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});

// data-dirty-guard: a form that warns before typed text is lost.
let isDirty = false;
document.addEventListener("input", (event) => {
  if (event.target.closest?.("[data-dirty-guard]")) isDirty = true;
});
document.addEventListener("submit", () => {
  isDirty = false;
});
addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});

onContent(async (root) => {
  const selects = all(root, "select[data-select]").filter((select) => !select.tomselect);
  if (!selects.length) return;
  const { enhance } = await import("./selects.js");
  selects.forEach(enhance);
});
