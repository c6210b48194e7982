// What a person reads when a request of a part of the page fails.
import { text } from "./dom.js";
import { toast } from "./toasts.js";

function sentenceFor(status) {
  if (status === 401) return text("errorSignedOut");
  if (status === 403) return text("errorForbidden");
  if (status === 409 || status === 412 || status === 428) return text("errorStale");
  if (status >= 500) return text("errorServer");
  return text("errorRequest");
}

// A job that polls must not fill the page with messages while the server restarts.
const isPolling = (event) => (event.detail.elt?.getAttribute?.("hx-trigger") ?? "").startsWith("every");

document.addEventListener("htmx:responseError", (event) => {
  if (isPolling(event)) return;
  const sent = event.detail.xhr.getResponseHeader("X-Message");
  toast(sent ? decodeURIComponent(sent) : sentenceFor(event.detail.xhr.status), "error");
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (!isPolling(event)) toast(text("errorOffline"), "error");
  });
}
