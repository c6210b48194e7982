// Heavy parts are loaded when a page has an element for them, and only then.
//   [data-chart]           charts/charts.js (ECharts)
//   [data-module="plan"]   modules/plan.js; each file in modules/ exports start(element)
import { all, onContent } from "./dom.js";

onContent(async (root) => {
  const charts = all(root, "[data-chart]");
  if (charts.length) {
    const { drawChart } = await import("./charts/charts.js");
    charts.forEach(drawChart);
  }
  for (const element of all(root, "[data-module]")) {
    if (element.dataset.started || !/^[a-z-]+$/.test(element.dataset.module)) continue;
    element.dataset.started = "yes";
    const { start } = await import(`./modules/${element.dataset.module}.js`);
    start(element);
  }
});
