// The last step of `npm run build`: marks dist/cjs as CommonJS, lets `require("mprof/webpack")` be the plugin itself, as
// configurations write it, brings the chart library and the font of `mprof plot` along, makes the page of `mprof report --html`
// of its sources, and makes the command executable.
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";

writeFileSync("dist/cjs/package.json", '{ "type": "commonjs" }\n');
for (const bundler of ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild", "farm", "bun"]) {
  const file = `dist/cjs/plugin/unplugin/${bundler}.js`;
  const line = "module.exports = Object.assign(exports.default, { default: exports.default, __esModule: true });\n";
  if (!readFileSync(file, "utf8").endsWith(line)) appendFileSync(file, line);
}
mkdirSync("dist/vendor", { recursive: true });
const VENDOR = {
  "echarts/dist/echarts.min.js": "echarts.min.cjs",
  "echarts/LICENSE": "echarts.LICENSE",
  "echarts/NOTICE": "echarts.NOTICE",
  "dejavu-fonts-ttf/ttf/DejaVuSans.ttf": "DejaVuSans.ttf",
  "dejavu-fonts-ttf/LICENSE": "DejaVuSans.LICENSE",
};
for (const [file, name] of Object.entries(VENDOR)) copyFileSync(`node_modules/${file}`, `dist/vendor/${name}`);
buildSync({
  entryPoints: { "report-page": "cli/report-page/main.ts" },
  outdir: "dist/vendor",
  bundle: true,
  minify: true,
  target: "es2022",
  charset: "ascii",
  logLevel: "warning",
});
// What `mprof attach` evaluates in a process that runs already.
buildSync({
  entryPoints: { attached: "runtime/node/attached/main.ts" },
  outdir: "dist/vendor",
  bundle: true,
  minify: true,
  keepNames: false,
  platform: "node",
  format: "cjs",
  target: "node20",
  charset: "ascii",
  outExtension: { ".js": ".cjs" },
  logLevel: "warning",
});
// Not minified: nesting and `light-dark()` would be written for older browsers.
const theme = readFileSync("cli/report-page/theme.css", "utf8");
for (const [name, file] of [
  ["report-page", "cli/report-page/page.css"],
  ["diff-page", "cli/diff/page.css"],
])
  writeFileSync(`dist/vendor/${name}.css`, `${theme}${readFileSync(file, "utf8")}`);
copyFileSync("cli/report-page/skeleton.html", "dist/vendor/report-page.html");
chmodSync("dist/esm/cli/bin.js", 0o755);
