// One function per kind of chart: (data, palette) -> ECharts option. README.md has the shapes.
import { LETTERS, long, short } from "./colors.js";

const axisText = (p) => ({ color: p.faint, fontSize: 11 });
const valueAxis = (p, more = {}) => ({
  type: "value",
  axisLabel: { ...axisText(p), formatter: short },
  splitLine: { lineStyle: { color: p.line } },
  nameTextStyle: { color: p.faint, fontSize: 11 },
  ...more,
});
const namesAxis = (p, labels, more = {}) => ({
  type: "category",
  data: labels,
  axisLabel: axisText(p),
  axisTick: { show: false },
  axisLine: { lineStyle: { color: p.line } },
  ...more,
});
const legend = (p) => ({ show: true, bottom: 0, left: 0, itemWidth: 12, itemHeight: 8, itemGap: 14, textStyle: { color: p.soft, fontSize: 11 } });
const room = (more = {}) => ({ left: 4, right: 12, top: 14, bottom: 30, outerBoundsMode: "same", ...more });

/** Room below for a legend of so many lines as its names take. */
function legendRoom(names, width) {
  const [sign, letter, line] = [32, 6.2, 17];
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const wide = sign + name.length * letter;
    if (used && used + wide > width) [lines, used] = [lines + 1, 0];
    used += wide;
  }
  return 30 + (lines - 1) * line;
}

function distribution(data, p) {
  const rows = data.rows ?? [data.countLabel ?? "", data.budgetLabel ?? ""];
  const share = (key) => data.segments.reduce((sum, part) => sum + Number(part[key] ?? 0), 0) || 1;
  const totals = [share("budget"), share("count")];
  return {
    grid: room({ top: 6 }),
    legend: legend(p),
    xAxis: valueAxis(p, { max: 100, axisLabel: { ...axisText(p), formatter: "{value} %" } }),
    yAxis: namesAxis(p, [rows[1], rows[0]], { axisLine: { show: false } }),
    series: data.segments.map((part) => ({
      type: "bar",
      stack: "all",
      name: part.label,
      barWidth: "58%",
      itemStyle: { color: p.of(part.color), borderColor: p.card, borderWidth: 1 },
      label: { show: true, color: p.on(part.color), fontWeight: 600, fontSize: 11, formatter: (point) => (point.value >= 8 ? point.data.short : "") },
      data: ["budget", "count"].map((key, row) => ({
        value: (100 * Number(part[key] ?? 0)) / totals[row],
        short: short(Number(part[key] ?? 0)),
        url: part.url,
        lines: [part.label, long(Number(part[key] ?? 0), key === "budget" ? data.currency : ""), `${long(Math.round((1000 * Number(part[key] ?? 0)) / totals[row]) / 10)}\u00a0%`],
      })),
    })),
  };
}

function bubble(data, p) {
  const largest = Math.max(...data.points.map((point) => Number(point.size ?? 0)), 1);
  const diameter = (size) => 12 + 34 * Math.sqrt(Number(size ?? 0) / largest);
  // Small ones in front of large ones.
  const points = [...data.points].sort((one, other) => Number(other.size ?? 0) - Number(one.size ?? 0));
  // What lies beyond an end that was given stands at it.
  const within = (value, axis) => Math.min(axis.max ?? Infinity, Math.max(axis.min ?? -Infinity, Number(value)));
  const place = (point) => [within(point.x, data.x), within(point.y, data.y)];
  const lines = [
    ...(data.x.limit === undefined || data.x.limit === null ? [] : [{ xAxis: data.x.limit }]),
    ...(data.y.limit === undefined || data.y.limit === null ? [] : [{ yAxis: data.y.limit }]),
  ];
  return {
    grid: room({ top: 18, right: 64, bottom: 26, left: 22 }),
    xAxis: valueAxis(p, { name: data.x.label, nameLocation: "middle", nameGap: 26, min: data.x.min, max: data.x.max, scale: true, boundaryGap: ["4%", "4%"] }),
    yAxis: valueAxis(p, { name: data.y.label, nameLocation: "middle", nameGap: 34, min: data.y.min, max: data.y.max, scale: true }),
    series: [
      {
        type: "scatter",
        clip: false,
        markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: p.faint, type: "dashed" }, data: lines },
        data: points.map((point) => ({
          name: point.name,
          value: place(point),
          symbolSize: diameter(point.size),
          url: point.url,
          lines: [point.name, `${data.x.label}: ${long(Number(point.x))}`, `${data.y.label}: ${long(Number(point.y))}`, point.sizeText],
          itemStyle: { color: p.of(point.color), opacity: 0.9, borderColor: p.card, borderWidth: 1.5 },
          label: { show: true, position: "inside", color: p.on(point.color), fontSize: 10, fontWeight: 600, formatter: LETTERS[point.color] ?? "" },
        })),
      },
      {
        type: "scatter",
        silent: true,
        clip: false,
        labelLayout: { hideOverlap: true },
        data: points
          .filter((point) => point.code !== "")
          .map((point) => ({
            value: place(point),
            symbolSize: diameter(point.size),
            itemStyle: { color: "transparent" },
            label: { show: true, position: "right", distance: 4, color: p.ink, fontSize: 11, textBorderColor: p.card, textBorderWidth: 3, formatter: String(point.code ?? point.name).replace(/[{}]/g, "") },
          })),
      },
    ],
  };
}

function treemap(data, p) {
  const node = (item) => ({
    name: item.name,
    value: Number(item.value),
    url: item.url,
    lines: [item.name, item.valueText ?? long(Number(item.value))],
    itemStyle: item.children ? { color: p.sunken } : { color: p.of(item.color) },
    label: item.children ? undefined : { color: p.on(item.color) },
    letter: item.children ? "" : (LETTERS[item.color] ?? ""),
    children: item.children?.map(node),
  });
  return {
    series: [
      {
        type: "treemap",
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        left: 0, right: 0, top: 0, bottom: 0,
        label: { fontSize: 11, fontWeight: 600, formatter: (point) => `${point.data.letter ? `${point.data.letter}  ` : ""}${point.name}`, overflow: "truncate" },
        upperLabel: { show: true, height: 22, color: p.ink, fontSize: 11, fontWeight: 600 },
        itemStyle: { borderColor: p.card, borderWidth: 1, gapWidth: 2 },
        levels: [{ itemStyle: { gapWidth: 4, borderWidth: 0 }, upperLabel: { show: false } }, { itemStyle: { borderColor: p.sunken, borderWidth: 2, gapWidth: 2 } }],
        data: data.nodes.map(node),
      },
    ],
  };
}

function trendScore(data, p) {
  return {
    grid: room({ bottom: 6 }),
    xAxis: namesAxis(p, data.points.map((point) => point.label), { boundaryGap: false }),
    yAxis: valueAxis(p, { min: data.min ?? 0, max: data.max ?? 100 }),
    series: [
      {
        type: "line",
        connectNulls: false,
        symbol: "circle",
        symbolSize: 9,
        lineStyle: { color: p.accent, width: 2 },
        areaStyle: { color: p.accent, opacity: 0.08 },
        data: data.points.map((point) => ({
          value: point.score,
          url: point.url,
          lines: [point.label, `${long(point.score)} ${LETTERS[point.color] ?? ""}`, point.note],
          itemStyle: { color: p.of(point.color), borderColor: p.card, borderWidth: 2 },
        })),
      },
    ],
  };
}

function trendStack(data, p, width) {
  return {
    grid: room(width < 380 ? { bottom: 50 } : {}),
    legend: legend(p),
    xAxis: namesAxis(p, data.labels),
    yAxis: valueAxis(p, data.unit === "%" ? { max: 100 } : {}),
    series: data.series.map((row) => ({
      type: "bar",
      stack: "all",
      name: row.label,
      barWidth: "64%",
      itemStyle: { color: p.of(row.color), borderColor: p.card, borderWidth: 1 },
      data: row.values.map((value, index) => ({ value, url: data.urls?.[index], lines: [data.labels[index], `${row.label}: ${long(value, data.unit)}`] })),
    })),
  };
}

function sparkline(data, p) {
  const last = data.values.length - 1;
  return {
    grid: { left: 2, right: 5, top: 4, bottom: 4 },
    tooltip: { show: false },
    xAxis: { type: "category", show: false, boundaryGap: false, data: data.values.map((_, index) => index) },
    yAxis: { type: "value", show: false, min: data.min ?? "dataMin", max: data.max ?? "dataMax" },
    series: [
      {
        type: "line",
        silent: true,
        symbol: "circle",
        lineStyle: { color: p.accent, width: 1.75 },
        areaStyle: { color: p.accent, opacity: 0.08, origin: "start" },
        data: data.values.map((value, index) => ({ value, symbolSize: index === last ? 6 : 0, itemStyle: { color: p.of(data.color) } })),
      },
    ],
  };
}

function waterfall(data, p, width) {
  const labelWidth = Math.max(36, (width - 70) / data.steps.length - 6);
  let level = 0;
  const bars = data.steps.map((step) => {
    const value = Number(step.value);
    const from = step.kind === "total" ? 0 : level;
    level = step.kind === "total" ? value : level + value;
    const better = data.lowerIsBetter ? value <= 0 : value >= 0;
    return { base: Math.min(from, level), size: Math.abs(level - from), color: step.kind === "total" ? p.accent : p.of(better ? "GREEN" : "RED"), step, value };
  });
  return {
    grid: room({ bottom: 26, top: 22 }),
    xAxis: namesAxis(p, data.steps.map((step) => step.label), { axisLabel: { ...axisText(p), interval: 0, lineHeight: 13, width: labelWidth, overflow: "break", hideOverlap: false } }),
    yAxis: valueAxis(p),
    series: [
      { type: "bar", stack: "all", silent: true, itemStyle: { color: "transparent" }, data: bars.map((bar) => bar.base) },
      {
        type: "bar",
        stack: "all",
        barWidth: "56%",
        data: bars.map((bar) => ({
          value: bar.size,
          url: bar.step.url,
          lines: [bar.step.label, bar.step.text ?? long(bar.value, data.unit)],
          itemStyle: { color: bar.color, borderRadius: 2 },
          label: { show: true, position: "top", color: p.soft, fontSize: 11, formatter: () => `${bar.step.kind !== "total" && bar.value > 0 ? "+" : ""}${short(bar.value)}` },
        })),
      },
    ],
  };
}

const TONES = ["ACCENT", "BLUE", "GREEN", "AMBER", "RED", "GREY"];

function curve(data, p) {
  const marker = data.marker ? [{ xAxis: data.marker.at, label: { formatter: String(data.marker.label).replace(/[{}]/g, ""), color: p.soft, fontSize: 11 } }] : [];
  return {
    grid: room({ top: 22 }),
    legend: legend(p),
    xAxis: namesAxis(p, data.labels, { boundaryGap: false }),
    yAxis: valueAxis(p, { min: data.min, max: data.max }),
    series: data.series.map((row, index) => ({
      type: "line",
      name: row.name,
      showSymbol: false,
      symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
      symbolSize: 7,
      lineStyle: { color: p.of(row.tone ?? TONES[index]), width: 2, type: row.style ?? "solid" },
      itemStyle: { color: p.of(row.tone ?? TONES[index]) },
      markLine: index === 0 ? { silent: true, symbol: "none", lineStyle: { color: p.faint, type: "dashed" }, data: marker } : undefined,
      data: row.values.map((value, at) => ({ value, lines: [data.labels[at], `${row.name}: ${long(value, data.unit)}`] })),
    })),
  };
}

// Both axes are days; below the diagonal nothing can lie: there the forecast is the day of the report.
function milestoneTrend(data, p, width) {
  const month = 28 * 24 * 3600 * 1000;
  const label = (format) => (value) => new Intl.DateTimeFormat(document.documentElement.lang, format).format(value);
  const axisOf = (values) => {
    const isShort = Math.max(...values) - Math.min(...values) < 5 * month;
    const formatter = label(isShort ? { day: "numeric", month: "short" } : { month: "short", year: "2-digit" });
    return { ...axis, minInterval: isShort ? 0 : month, axisLabel: { ...axisText(p), formatter, hideOverlap: true } };
  };
  const axis = { type: "time", splitLine: { lineStyle: { color: p.line } }, nameTextStyle: { color: p.faint, fontSize: 11 } };
  const points = data.series.flatMap((row) => row.points);
  const days = points.map((point) => point.x).sort();
  const ends = [days[0], days.at(-1)];
  return {
    grid: room({ top: 22, bottom: legendRoom([...data.series.map((row) => row.name), data.diagonal], width) }),
    legend: legend(p),
    xAxis: { ...axisOf(points.map((point) => Date.parse(point.x))), splitLine: { show: false } },
    yAxis: { ...axisOf(points.map((point) => Date.parse(point.y))), scale: true },
    series: [
      ...data.series.map((row, index) => ({
        type: "line",
        name: row.name,
        symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
        symbolSize: 8,
        lineStyle: { color: p.of(TONES[index % TONES.length]), width: 2, type: index < TONES.length ? "solid" : "dotted" },
        itemStyle: { color: p.of(TONES[index % TONES.length]) },
        data: row.points.map((point) => ({ value: [point.x, point.y], symbolSize: point.reached ? 12 : 8, lines: [row.name, `${data.x}: ${point.on}`, `${data.y}: ${point.text}`] })),
      })),
      { type: "line", name: data.diagonal, silent: true, showSymbol: false, lineStyle: { color: p.faint, width: 1, type: "dashed" }, itemStyle: { color: p.faint }, data: ends.map((end) => ({ value: [end, end] })) },
    ],
  };
}

function bars(data, p) {
  const names = namesAxis(p, data.labels, data.horizontal ? { inverse: true, axisLine: { show: false } } : {});
  const values = valueAxis(p, data.max ? { max: data.max } : {});
  return {
    grid: room(data.series.length > 1 ? {} : { bottom: 6 }),
    legend: data.series.length > 1 ? legend(p) : { show: false },
    xAxis: data.horizontal ? values : names,
    yAxis: data.horizontal ? names : values,
    series: data.series.map((row, index) => ({
      type: "bar",
      name: row.name,
      stack: data.stacked ? "all" : undefined,
      barMaxWidth: 26,
      itemStyle: { color: p.of(row.tone ?? TONES[index]), borderRadius: 2 },
      data: row.values.map((value, at) => ({ value, url: data.urls?.[at], lines: [data.labels[at], `${row.name}: ${long(value, data.unit)}`] })),
    })),
  };
}

export const OPTIONS = {
  "health-distribution": distribution,
  bubble,
  treemap,
  "trend-score": trendScore,
  "trend-stack": trendStack,
  sparkline,
  waterfall,
  curve,
  "milestone-trend": milestoneTrend,
  bars,
};
