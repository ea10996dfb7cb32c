// Draws the charts of a page from the JSON beside them. Each chart has a table with the same figures.
import * as echarts from "echarts/core";
import { BarChart, LineChart, MapChart } from "echarts/charts";
import { LabelLayout } from "echarts/features";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LabelLayout, LegendComponent, LineChart, MapChart, TooltipComponent, VisualMapComponent]);

const INK = "#10243e", SOFT = "#4a5b70";
const FONT = getComputedStyle(document.body).fontFamily;
const LINES = ["#0b5cad", "#b45309", "#0f766e", "#6d28d9"];
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const number = new Intl.NumberFormat(document.documentElement.lang);

function common() {
  return {
    animation: !still, animationDuration: 400, textStyle: { fontFamily: FONT, color: INK },
    tooltip: { renderMode: "richText", confine: true, textStyle: { fontSize: 16, color: INK }, borderColor: "#c9d6e6" },
  };
}

function line(data) {
  const series = data.series.map((each, i) => ({
    name: each.name, type: "line", data: each.values, yAxisIndex: i && data.series.length === 2 ? 1 : 0,
    smooth: 0.3, smoothMonotone: "x", symbol: "circle", showSymbol: data.labels.length < 10, symbolSize: 6,
    lineStyle: { width: i ? 2 : 2.8, color: LINES[i], type: i ? "dashed" : "solid" }, itemStyle: { color: LINES[i] },
    areaStyle: i ? undefined : { color: new echarts.graphic.LinearGradient(0, 0, 0, 1, [{ offset: 0, color: "#0b5cad44" }, { offset: 1, color: "#0b5cad05" }]) },
  }));
  const axis = (i) => ({
    type: "value", min: 0, minInterval: 1,
    splitNumber: 4, splitLine: { show: !i, lineStyle: { color: "#e3eaf3" } },
    axisLabel: { fontSize: 16, color: LINES[i], formatter: (v) => short(v) },
  });
  return {
    ...common(), grid: { left: 4, right: 4, top: 44, bottom: 4, containLabel: true },
    legend: { top: 2, left: "center", itemGap: 24, textStyle: { fontSize: 16, color: INK }, icon: "roundRect", itemHeight: 4, itemWidth: 22 },
    tooltip: { ...common().tooltip, trigger: "axis", valueFormatter: (v) => number.format(v) },
    xAxis: { type: "category", data: data.labels, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: "#9fb0c5" } }, axisLabel: { fontSize: 16, color: SOFT, hideOverlap: true } },
    yAxis: data.series.length === 2 ? [axis(0), axis(1)] : [axis(0)], series,
  };
}

const zh = document.documentElement.lang.startsWith("zh");
function short(v) {
  if (zh) return v >= 1e8 ? number.format(v / 1e8) + "亿" : v >= 1e4 ? number.format(v / 1e4) + "万" : number.format(v);
  return new Intl.NumberFormat("en", { notation: "compact" }).format(v);
}

function bounds(features) {
  let box = [180, 90, -180, -90];
  const walk = (c) => typeof c[0] === "number" ? (box = [Math.min(box[0], c[0]), Math.min(box[1], c[1]), Math.max(box[2], c[0]), Math.max(box[3], c[1])]) : c.forEach(walk);
  features.forEach((f) => walk(f.geometry.coordinates));
  return box;
}

// A dense middle (many small shapes among few large ones) is drawn again, larger, in the free corner.
function middle(features) {
  const area = (f) => { const b = bounds([f]); return (b[2] - b[0]) * (b[3] - b[1]); };
  const whole = area({ geometry: { coordinates: features.map((f) => f.geometry.coordinates) } });
  const small = features.filter((f) => area(f) < whole * 0.012);
  return small.length >= 4 && small.length < features.length ? small : [];
}

function choropleth(data, width) {
  const narrow = width < 480;
  const shapes = data.shapes, values = data.values.map((v) => ({ name: v.name, value: v.value }));
  const most = Math.max(1, ...values.map((v) => v.value)), least = Math.min(...values.map((v) => v.value));
  // From nothing, unless all are so near each other that one colour would paint them all.
  const low = least > most / 2 ? Math.floor(least * 0.9) : 0;
  const inner = middle(shapes.features), names = new Set(inner.map((f) => f.properties.name));
  const mean = (bounds(shapes.features)[1] + bounds(shapes.features)[3]) / 2;
  const scale = Math.cos((mean * Math.PI) / 180);
  echarts.registerMap("whole", shapes);
  const bare = (name) => name.replace(` ${data.head}`, "");
  const label = { show: true, fontSize: 16, color: INK, textBorderColor: "#fff", textBorderWidth: 3 };
  const style = { borderColor: "#fff", borderWidth: 1, areaColor: "#eef3f9" };
  const emphasis = { label: { fontSize: 16, color: INK }, itemStyle: { areaColor: "#ffd48a" } };
  const series = [{
    type: "map", map: "whole", aspectScale: scale, nameProperty: "name", selectedMode: false, emphasis, itemStyle: style, data: values,
    left: inner.length ? (narrow ? "10%" : "26%") : 12, right: 8, top: inner.length && narrow ? "29%" : 12, bottom: inner.length && !narrow ? 12 : 56, preserveAspect: "contain",
    label: { ...label, formatter: (p) => (names.has(p.name) ? "" : bare(p.name)) }, labelLayout: { hideOverlap: true },
  }];
  if (inner.length) {
    echarts.registerMap("middle", { type: "FeatureCollection", features: inner });
    series.push({
      type: "map", map: "middle", aspectScale: scale, selectedMode: false, emphasis, itemStyle: style, label: { ...label, formatter: (p) => bare(p.name) },
      left: 2, top: 10, width: narrow ? "76%" : "51%", height: narrow ? "31%" : "40%", labelLayout: { hideOverlap: true }, preserveAspect: "contain", preserveAspectAlign: "left", preserveAspectVerticalAlign: "top", data: values.filter((v) => names.has(v.name)),
    });
  }
  return {
    ...common(), tooltip: { ...common().tooltip, trigger: "item", formatter: (p) => `${p.name}\n${number.format(p.value || 0)} ${data.unit}` },
    visualMap: { min: low, max: most, bottom: 10, itemHeight: 110, itemWidth: 16, text: [`${short(most)} ${data.unit}`, short(low)],
      ...(inner.length && !narrow ? { left: 10 } : { left: "center", orient: "horizontal" }), textStyle: { fontSize: 16, color: SOFT }, calculable: false, hoverLink: false, inRange: { color: ["#e6f0fa", "#a9d0ee", "#4d9bd3", "#1769b0", "#083a74"] } },
    series,
  };
}

const BARS = ["#0b5cad", "#d97706", "#0f766e", "#7c3aed", "#b3261e", "#5b8db8", "#94a3b8"];
function bars(data, width) {
  const narrow = width < 480, count = { type: "value", min: 0, max: data.most || undefined, splitNumber: narrow ? 3 : 5, splitLine: { lineStyle: { color: "#e3eaf3" } }, axisLabel: { fontSize: 16, color: SOFT, formatter: (v) => short(v) } };
  const names = { type: "category", data: data.labels, inverse: data.lying, axisTick: { show: false }, axisLine: { lineStyle: { color: "#9fb0c5" } }, axisLabel: { fontSize: 16, color: SOFT, hideOverlap: !data.lying, interval: data.lying ? 0 : "auto", width: narrow ? 96 : 220, overflow: data.lying ? "truncate" : "none" } };
  const rows = Math.ceil(data.series.length / (narrow ? 2 : 6));
  return {
    ...common(), grid: { left: 4, right: 24, top: 16 + 28 * rows, bottom: 4, containLabel: true },
    legend: { top: 2, left: "center", itemGap: 14, textStyle: { fontSize: 16, color: INK }, icon: "roundRect", itemHeight: 10, itemWidth: 14 },
    tooltip: { ...common().tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (v) => (v == null ? "—" : number.format(v)) },
    xAxis: data.lying ? count : names, yAxis: data.lying ? names : count,
    series: data.series.map((each, i) => ({ name: each.name, type: "bar", data: each.values, stack: data.stacked ? "all" : undefined, barMaxWidth: 28, itemStyle: { color: BARS[i % BARS.length] } })),
  };
}

const KINDS = { line, bars, choropleth };
for (const place of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  place.hidden = false;
  if (data.lying) place.style.height = `${5 + data.labels.length * (1 + 0.85 * data.series.length)}rem`;
  const chart = echarts.init(place);
  chart.setOption(KINDS[place.dataset.kind](data, place.clientWidth));
  new ResizeObserver(() => chart.resize()).observe(place);
}
