// The last step of `npm run build`: marks dist/cjs as CommonJS and makes the command executable.
import { chmodSync, writeFileSync } from "node:fs";

writeFileSync("dist/cjs/package.json", '{ "type": "commonjs" }\n');
chmodSync("dist/esm/cli/bin.js", 0o755);
