// <button data-copy="value">: copies the value; data-copy-from="#id" copies the text of an element.
import { announce, text } from "./dom.js";
import { toast } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-from]");
  if (!button) return;
  const value = button.dataset.copy ?? document.querySelector(button.dataset.copyFrom)?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(value);
    toast(text("copied"), "success");
  } catch {
    const field = document.createElement("textarea");
    field.value = value;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    announce(text("copied"));
  }
  button.focus();
});
