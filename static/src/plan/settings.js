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
  group: "",
};

export function loadSettings() {
  try {
    const kept = JSON.parse(recall(KEY) ?? "{}");
    return { ...structuredClone(START), ...kept, shows: { ...START.shows, ...kept.shows } };
  } catch {
    return structuredClone(START);
  }
}

/** Keep the person's choices; `borrowed` holds own ones that an address stands in for. */
export function keepSettings({ borrowed, ...settings }) {
  remember(KEY, JSON.stringify({ ...settings, ...borrowed }));
}

export const startSettings = () => structuredClone(START);
