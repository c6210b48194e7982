// Draws <div data-chart="kind" data-source="id"> from the JSON in <script type="application/json" id="id">.
import { BarChart, LineChart, ScatterChart, TreemapChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { follow, h, text } from "../dom.js";
import { FONT, palette } from "./colors.js";
import { OPTIONS } from "./options.js";

use([BarChart, LineChart, ScatterChart, TreemapChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, LabelLayout, SVGRenderer]);

const drawn = new Map();
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

// The tooltip is built from elements, never from text with markup (SEC-25).
function tooltipOf(point) {
  const [title, ...rest] = (point.data?.lines ?? [point.name]).filter(Boolean);
  return h("div", { class: "chart-tip" }, h("strong", {}, title), ...rest.map((line) => h("div", {}, line)));
}

function optionFor(element, data) {
  const p = palette();
  return {
    animation: !isCalm.matches && !matchMedia("print").matches,
    animationDuration: 250,
    textStyle: { fontFamily: FONT, color: p.ink },
    tooltip: {
      trigger: "item",
      confine: true,
      backgroundColor: p.card,
      borderColor: p.line,
      textStyle: { color: p.ink, fontSize: 12, fontFamily: FONT },
      formatter: tooltipOf,
    },
    ...OPTIONS[element.dataset.chart](data, p, element.clientWidth),
  };
}

function redraw(element) {
  const { chart, data } = drawn.get(element);
  chart.setOption(optionFor(element, data), { notMerge: true });
}

const resizes = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.chart.resize();
});

function forgetGone() {
  for (const [element, { chart }] of drawn) {
    if (element.isConnected) continue;
    chart.dispose();
    resizes.unobserve(element);
    drawn.delete(element);
  }
}

/** Draw one chart; on failure the table below stays and a sentence says so. */
export function drawChart(element) {
  if (drawn.has(element)) return;
  forgetGone();
  try {
    const data = JSON.parse(document.getElementById(element.dataset.source).textContent);
    element.setAttribute("dir", "ltr");
    const chart = init(element, null, { renderer: "svg" });
    drawn.set(element, { chart, data });
    redraw(element);
    chart.on("click", (point) => {
      if (point.data?.url) follow(point.data.url);
    });
    chart.on("mousemove", (point) => chart.getZr().setCursorStyle(point.data?.url ? "pointer" : "default"));
    resizes.observe(element);
  } catch (error) {
    console.error(error);
    drawn.delete(element);
    element.replaceChildren(h("p", { class: "metric-hint" }, text("chartFailed")));
    element.closest("figure")?.querySelector("details")?.setAttribute("open", "");
  }
}

function redrawAll() {
  forgetGone();
  drawn.forEach((_, element) => redraw(element));
}

document.documentElement.addEventListener("pmo:theme", redrawAll);
// Paper is always light, and narrower than the window: the drawing shrinks with it.
matchMedia("print").addEventListener("change", redrawAll);
addEventListener("beforeprint", () => {
  for (const [element, { chart }] of drawn) element.querySelector("svg")?.setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
});
addEventListener("afterprint", () => drawn.forEach((_, element) => element.querySelector("svg")?.removeAttribute("viewBox")));
