// One SVG file with the icons that templates, scripts and view code name.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";

const NAME = "[a-z0-9]+(?:-[a-z0-9]+)*";
const PATTERNS = {
  ".html": [
    new RegExp(`{%\\s*icon\\s+["'](${NAME})["']`, "g"),
    new RegExp(`{%\\s*icon\\s+[a-z_.]+\\|default:["'](${NAME})["']`, "g"),
    new RegExp(`\\b(?:[a-z_]+_)?icon(?:_name)?=["'](${NAME})["']`, "g"),
  ],
  ".py": [new RegExp(`["']?\\b(?:icon|icon_name)["']?\\s*[=:]\\s*["'](${NAME})["']`, "g")],
  ".js": [new RegExp(`\\bicon\\(\\s*["'](${NAME})["']`, "g")],
};

/** Names used, each with the first file that uses it. */
export function usedIcons(root, files) {
  const used = new Map();
  for (const name of JSON.parse(readFileSync(join(root, "static", "src", "icons.json"), "utf8"))) {
    used.set(name, "static/src/icons.json");
  }
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    for (const pattern of PATTERNS[extname(file)] ?? []) {
      for (const match of text.matchAll(pattern)) if (!used.has(match[1])) used.set(match[1], relative(root, file));
    }
  }
  return used;
}

/** Write the sprite; return how many icons it has and which names do not exist. */
export function buildSprite(root, files, target) {
  const unknown = [];
  const symbols = [];
  for (const [name, user] of [...usedIcons(root, files)].sort()) {
    const isFilled = name.endsWith("-filled");
    const path = join(root, "node_modules", "@tabler", "icons", "icons", isFilled ? "filled" : "outline", `${isFilled ? name.slice(0, -7) : name}.svg`);
    if (!existsSync(path)) {
      unknown.push(`${name} (${user})`);
      continue;
    }
    const inside = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(path, "utf8"))[1].replace(/\s*\n\s*/g, "");
    const paint = isFilled ? ' fill="currentColor" stroke="none"' : "";
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24"${paint}>${inside}</symbol>`);
  }
  writeFileSync(target, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  return { count: symbols.length, unknown };
}
