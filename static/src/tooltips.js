import Tooltip from "@tabler/core/js/src/bootstrap/tooltip.ts";
import { all, onContent } from "./dom.js";

onContent((root) => {
  for (const element of all(root, '[data-bs-toggle="tooltip"]')) {
    Tooltip.getOrCreateInstance(element, {
      delay: { show: 150, hide: 50 },
      container: element.closest("main, header, aside") ?? document.body,
    });
  }
});
