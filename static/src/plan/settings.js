// What a person chose on this browser: columns, widths, zoom, baselines, splitter.
import { recall, remember } from "../dom.js";

const KEY = "pmo.plan";
const START = {
  columns: ["wbs", "name", "duration", "start", "finish", "percent", "preds", "owner"],
  widths: {},
  split: null,
  perDay: null,
  baselines: [],
  shows: { links: true, float: false, progressLine: false, shading: true, critical: true },
  drawing: false,
};

export function loadSettings() {
  try {
    const kept = JSON.parse(recall(KEY) ?? "{}");
    return { ...structuredClone(START), ...kept, shows: { ...START.shows, ...kept.shows } };
  } catch {
    return structuredClone(START);
  }
}

export function keepSettings(settings) {
  remember(KEY, JSON.stringify(settings));
}

export const startSettings = () => structuredClone(START);
