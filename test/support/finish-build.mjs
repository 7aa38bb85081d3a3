// The last step of `npm run build`: marks dist/cjs as CommonJS, lets `require("mprof/webpack")` be the plugin itself, as
// configurations write it, and makes the command executable.
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from "node:fs";

writeFileSync("dist/cjs/package.json", '{ "type": "commonjs" }\n');
for (const bundler of ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild", "farm", "bun"]) {
  const file = `dist/cjs/plugin/unplugin/${bundler}.js`;
  const line = "module.exports = Object.assign(exports.default, { default: exports.default, __esModule: true });\n";
  if (!readFileSync(file, "utf8").endsWith(line)) appendFileSync(file, line);
}
chmodSync("dist/esm/cli/bin.js", 0o755);
