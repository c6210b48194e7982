import Alpine from "@alpinejs/csp";
import htmx from "htmx.org";
import "@tabler/core/js/src/bootstrap/dropdown.ts";
import "@tabler/core/js/src/bootstrap/collapse.ts";
import "@tabler/core/js/src/bootstrap/modal.ts";
import "@tabler/core/js/src/bootstrap/tab.ts";
import "./copy.js";
import "./faults.js";
import "./forms.js";
import "./lazy.js";
import "./outbox.js";
import "./palette.js";
import "./requests.js";
import "./shell.js";
import "./tables.js";
import "./toasts.js";
import "./tooltips.js";
import "./upload.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});
window.htmx = htmx;
window.Alpine = Alpine;
Alpine.start();
