// The last step of `npm run build`: marks dist/cjs as CommonJS, lets `require("mprof/webpack")` be the plugin itself, as
// configurations write it, brings the chart library and the font of `mprof plot` along, and makes the command executable.
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

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
chmodSync("dist/esm/cli/bin.js", 0o755);
