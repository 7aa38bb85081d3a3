/** Stops the program in a debugger, in the function that called the runtime. */
import { isMainThread } from "node:worker_threads";
import { Worker } from "./builtins.ts";
import { mainProcess } from "./main-context.ts";

/** Node 20 crashes now and then when a thread debugs another: there the program stops in the runtime's function, some frames further in. */
const canGuide = () => Number.parseInt(mainProcess.versions.node, 10) >= 22;
/** Node's own, then any that is free. */
const PORTS = [undefined, 0];
const PATIENCE_MS = 10_000;

/**
 * A debugger of our own, on a thread of its own: it leads the stopped program out of the runtime's functions, and only then
 * opens the inspector for the debugger that somebody connects. As text, since bundles carry no second file.
 */
const GUIDE = `
const { Session } = require("node:inspector");
const { workerData } = require("node:worker_threads");
const session = new Session();
session.connectToMainThread();
// A session alone keeps no thread alive.
setInterval(() => {}, 1e6);
const urls = new Map();
session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => urls.set(scriptId, url));
let own;
session.on("Debugger.paused", ({ params: { callFrames: [{ location }] } }) => {
  const url = urls.get(location.scriptId) ?? "";
  // In a bundle the runtime's functions cannot be told from the program's.
  own ??= /^.*\\/runtime\\/(?=node\\/[^/]+$)/.exec(url)?.[0] ?? "no file";
  if (url.startsWith(own)) return session.post("Debugger.stepOut");
  const inspector = 'process.getBuiltinModule("node:inspector")';
  const expression = "for (const port of [undefined, 0]) if (" + inspector + ".url() === undefined) " + inspector + ".open(port);";
  session.post("Runtime.evaluate", { expression });
  // From here on this debugger stops at nothing.
  session.post("Debugger.setSkipAllPauses", { skip: true });
});
session.post("Debugger.enable", () => {
  Atomics.store(workerData, 0, 1);
  Atomics.notify(workerData, 0);
});
`;

/** Stops until a client has connected and lets the program go on. */
export function stopInDebugger(): void {
  // A worker's debugger is its parent's, and has to be there already.
  if (isMainThread && !(canGuide() && callGuide())) {
    // Loaded here: it takes memory, and some hosts have no inspector.
    const { open, url, waitForDebugger } = mainProcess.getBuiltinModule("node:inspector");
    for (const port of PORTS) if (url() === undefined) open(port);
    waitForDebugger();
  }
  // biome-ignore lint/suspicious/noDebugger: this is what it is for
  debugger;
}

/** @returns whether it came */
function callGuide(): boolean {
  const isThere = new Int32Array(new SharedArrayBuffer(4));
  const guide = new Worker(GUIDE, { eval: true, workerData: isThere, execArgv: [], env: {} });
  guide.on("error", () => {});
  guide.unref();
  return Atomics.wait(isThere, 0, 0, PATIENCE_MS) !== "timed-out";
}
