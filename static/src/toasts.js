// Messages that go away by themselves. Errors and messages with an undo button stay longer.
import { h, icon, onContent, all, text } from "./dom.js";

const LIFE = { success: 6000, info: 6000, warning: 10000 };
const SYMBOLS = {
  success: () => icon("circle-check"),
  info: () => icon("info-circle"),
  warning: () => icon("alert-triangle"),
  error: () => icon("alert-octagon"),
};

function startLife(toast) {
  if (toast.dataset.started) return;
  toast.dataset.started = "yes";
  const life = toast.querySelector("form") ? 12000 : LIFE[toast.dataset.toast];
  if (!life) return;
  let timer = setTimeout(() => toast.remove(), life);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(() => toast.remove(), life);
  };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", release);
  toast.addEventListener("focusout", release);
}

/** Show a message and return it: toast("Saved", "success"); `link` is {href, title}. */
export function toast(sentence, level = "info", link = null) {
  const note = h(
    "div",
    { class: `toast-note toast-${level}`, "data-toast": level },
    (SYMBOLS[level] ?? SYMBOLS.info)(),
    h("p", { class: "toast-text" }, sentence, link ? " " : null, link ? h("a", { href: link.href }, link.title) : null),
    h("button", { type: "button", class: "icon-button toast-close", "data-toast-close": true, "aria-label": text("close") }, icon("x")),
  );
  document.getElementById("toasts")?.append(note);
  startLife(note);
  return note;
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest("[data-toast]")?.remove();
});

// The server may answer with HX-Trigger: {"toast": {"text": "…", "level": "success"}}.
document.addEventListener("toast", (event) => toast(event.detail?.text ?? "", event.detail?.level));

onContent((root) => all(root, "[data-toast]").forEach(startLife));
