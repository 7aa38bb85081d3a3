/** The runtime of hosts other than Node. */
import { createPlatform, type HostGlobals } from "./create-platform.ts";
import { Runtime } from "./runtime.ts";
import { shareRuntime } from "./share-runtime.ts";

const globals = globalThis as unknown as HostGlobals;

const warn = (text: string) => globals.console?.error(text);

export const runtime = shareRuntime((isFirst) => {
  const created = new Runtime(createPlatform(globals, warn));
  // Node, Deno and Bun end; a page does not.
  if (isFirst) globals.process?.once?.("exit", () => reportAtExit(created));
  else created.stop();
  return created;
}, warn);

function reportAtExit(runtime: Runtime): void {
  if (runtime.configuration.report !== "none") runtime.report();
}
