// Builds static/dist/ from static/src/: npm run build. Nothing is fetched; only what is imported is bundled.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import { buildSprite } from "./sprite.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "static", "src");
const result = join(root, "static", "dist");
// Built aside and moved into place, so that a failed build leaves the last good one; not below node_modules, which worktrees share.
const target = join(root, "static", "dist.new");
const PRINT_CUTS = ["400Regular", "400Regular_Italic", "600SemiBold", "700Bold"];
const LEFT_OUT = new Set(["node_modules", "dist", ".venv", ".git", "migrations", "tests", "__pycache__"]);

function files(folder, endings) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : files(path, endings);
    return endings.includes(extname(entry.name)) ? [path] : [];
  });
}

const readers = () => [
  ...files(join(root, "templates"), [".html"]),
  ...files(source, [".js"]),
  ...["pmo_portal", "projects", "portfolio"].flatMap((app) => files(join(root, app), [".py", ".html"])),
];

// What crispy-bootstrap5, allauth and the scripts of Tabler write themselves.
const SAFE = {
  standard: ["show", "showing", "hide", "hiding", "fade", "collapse", "collapsing", "collapsed", "active", "disabled", "html", "body"],
  deep: [/^modal-(backdrop|open|static)/, /^tooltip/, /^bs-tooltip/],
  patterns: [
    /^form-(control|select|check|label|text|group|floating|range|switch)/, /^is-(in)?valid$/, /^(in)?valid-feedback$/, /^input-group/,
    /^btn(-sm|-lg|-primary|-danger|-link|-close)?$/, /^alert(-.*)?$/, /^row$/, /^col(-(sm|md|lg|xl))?(-\d+|-auto)?$/, /^g[xy]?-[0-5]$/,
    /^[mp][tbsexy]?-([0-5]|auto)$/, /^gap-[0-5]$/, /^d-(none|block|flex|inline-flex|grid|print-none)$/, /^text-(start|end|center|nowrap|truncate)$/,
    /^visually-hidden/, /^[hw]-100$/, /^mx-auto$/, /^list-(unstyled|inline)/,
  ],
};

// Class names stand in tags of templates and in quoted text of scripts and view code.
function wordsFor(file) {
  const text = readFileSync(file, "utf8");
  const parts = extname(file) === ".html" ? text.match(/<[^>]*>/g) : text.match(/"[^"\n]*"|'[^'\n]*'|`[^`]*`/g);
  return (parts ?? []).join(" ");
}

async function purged(path) {
  const css = readFileSync(path, "utf8").replace(/\/\*# sourceMappingURL.*?\*\//g, "");
  const content = readers().map((file) => ({ raw: wordsFor(file), extension: "html" }));
  const [kept] = await new PurgeCSS().purge({
    content,
    css: [{ raw: css }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    safelist: { standard: [...SAFE.standard, ...SAFE.patterns], deep: SAFE.deep, greedy: [] },
    keyframes: true,
    fontFace: true,
  });
  // Theme variants this product never uses. `legend + *` makes browsers style whole branches again wherever a row
  // is added beside another (six times the work while the plan scrolls); vendor.css does without it.
  return kept.css.replace(/legend\s*\+\s*\*\s*\{[^}]*\}/g, "").replace(/,?html\[data-bs-navbar-theme[^,{]*/g, "").replace(/(^|[}])\s*,/g, "$1");
}

const purge = {
  name: "purge",
  setup(build) {
    build.onLoad({ filter: /@tabler[\\/]core[\\/].*\.css$/ }, async (found) => ({
      contents: await purged(found.path),
      loader: "css",
      resolveDir: dirname(found.path),
    }));
  },
};

async function build() {
  const started = Date.now();
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { count, unknown } = buildSprite(root, readers(), join(target, "sprite.svg"));
  if (unknown.length) throw new Error(`Unknown icons (see node_modules/@tabler/icons/icons):\n${unknown.join("\n")}`);
  const common = { bundle: true, minify: true, legalComments: "linked", logLevel: "warning", outdir: target };
  const scripts = await esbuild.build({
    ...common,
    entryPoints: { app: join(source, "app.js") },
    format: "esm",
    splitting: true,
    target: "es2022",
    chunkNames: "[name]-[hash]",
    metafile: true,
  });
  await esbuild.build({ ...common, entryPoints: { theme: join(source, "theme.js") }, format: "iife", target: "es2022" });
  await esbuild.build({
    ...common,
    entryPoints: { app: join(source, "styles", "app.css") },
    plugins: [purge],
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]",
  });
  for (const entry of readdirSync(join(source, "images"))) copyFileSync(join(source, "images", entry), join(target, entry));
  copyPrintFonts();
  writeFileSync(join(target, "licenses.txt"), licenses(scripts.metafile));
  const size = files(target, [".js", ".css"]).length;
  rmSync(result, { recursive: true, force: true });
  renameSync(target, result);
  console.log(`static/dist: ${count} icons, ${size} scripts and styles, ${Date.now() - started} ms`);
}

// The PDF typesetter reads whole TrueType files, not the variable web font of the pages.
function copyPrintFonts() {
  const folder = join(target, "fonts", "print");
  mkdirSync(folder, { recursive: true });
  for (const cut of PRINT_CUTS) {
    const name = `Inter_${cut}.ttf`;
    copyFileSync(join(root, "node_modules", "@expo-google-fonts", "inter", cut, name), join(folder, name));
  }
}

// Names and licenses of the packages that are really in the bundle.
function licenses(metafile) {
  const packages = new Set(["@tabler/core", "@tabler/icons", "@fontsource-variable/inter", "@expo-google-fonts/inter"]);
  for (const input of Object.keys(metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
  return [...packages]
    .sort()
    .map((name) => {
      const data = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
      return `${name} ${data.version}: ${data.license}\n`;
    })
    .join("");
}

await build();

if (process.argv.includes("--watch")) {
  const { watch } = await import("node:fs");
  let timer;
  for (const folder of [source, join(root, "templates")]) {
    watch(folder, { recursive: true }, (_, name) => {
      clearTimeout(timer);
      timer = setTimeout(() => build().catch((error) => console.error(`${relative(root, String(name))}: ${error.message}`)), 200);
    });
  }
}
