/**
 * `node --require mprof/register app.ts`: instruments what Node loads, on its way in. CommonJS, because `--require` keeps
 * `require.main`, reaches worker threads and `fork`, and works on every Node; `docs/node.md` says what it does to a file.
 */
import Module from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { OPTIONS } from "../../contract/options.ts";
import type { Options } from "../core/options.ts";
import { installAsyncHooks, isHooksThread } from "./async-hooks.ts";
import { readCompileOptions } from "./compile-options.ts";
import { findOtherLoader } from "./other-loaders.ts";
import { reachChildren } from "./reach-children.ts";
import { sayOnce, shareSaid } from "./say-once.ts";
import { installSyncHooks } from "./sync-hooks.ts";
import { tellAtEnd } from "./tell-at-end.ts";

/** Our own copy, for `import` and `require` alike; loaded here, so that no call of the program waits for it. */
const root = join(__dirname, "..", "..");
const own = { runtime: join(root, "runtime", "node", "index.js"), api: join(root, "api", "node-cjs.js") };
const options: Options = readCompileOptions(process.env);

if (!isHooksThread()) begin();

function begin(): void {
  shareSaid();
  const other = findOtherLoader(process.execArgv, process.env.NODE_OPTIONS);
  if (!mayStartProcesses())
    sayOnce(
      "[mprof] nothing is profiled: the permission --allow-child-process is missing\n  The compiler is a process of its own (docs/node.md).",
    );
  else if (other === null) install();
  else
    sayOnce(
      `[mprof] nothing is profiled: ${other} compiles this program\n  Leave ${other} out: mprof takes types, JSX and tsconfig.json by itself (docs/node.md).`,
    );
}

/** Node has a permission model since 20; `process.permission` is there where it is switched on. */
function mayStartProcesses(): boolean {
  const { permission } = process as { permission?: { has(scope: string): boolean } };
  return permission === undefined || permission.has("child");
}

function install(): void {
  // V8's interpreter otherwise leaves the receiver of a statement's last call in a register, where no probe overwrites it:
  // after `b = null` the array would still be alive at the next reading.
  if (OPTIONS.gc.variable.takes.read(process.env[OPTIONS.gc.variable.name] ?? ""))
    setFlagsFromString("--no-ignition-reo");
  process.env[OPTIONS.defaultPrecision.variable.name] ??= "3";
  process.setSourceMapsEnabled(true);
  if ("registerHooks" in Module) installSyncHooks(options, own);
  else installAsyncHooks(options, own);
  tellAtEnd(options);
  require(own.runtime);
  // Behind the runtime, which starts threads of its own.
  reachChildren(__filename);
}
