import vm from "node:vm";
import { RUNTIME_GLOBAL } from "../../contract/runtime-module.ts";
import { createRuntime, type OwnRuntime } from "../support/create-runtime.ts";

/**
 * A fresh realm with what test262 asks of its host. The runtime under the instrumented code is the real one, with a source
 * that always says the same: every probe, activation and table is run, and only the memory is not measured.
 *
 * There are no agents (threads) and no module sources: tests that need them do not pass, and so do not count.
 */
export interface Realm {
  context: vm.Context;
  global: Record<string, unknown>;
  printed: string[];
  runtime: OwnRuntime;
}

/** Since Node 22 a context can have an ordinary global object; the older kind fails some tests of globals. */
const ORDINARY = (vm.constants as { DONT_CONTEXTIFY?: unknown }).DONT_CONTEXTIFY;

export function createRealm(printed: string[] = [], runtime: OwnRuntime = createConstantRuntime()): Realm {
  const context = vm.createContext(ORDINARY as never);
  const global = vm.runInContext("globalThis", context) as Record<string, unknown>;
  const realm: Realm = { context, global, printed, runtime };
  define(realm, "print", (text: unknown) => void printed.push(String(text)));
  define(realm, "$262", createHostObject(realm));
  define(realm, RUNTIME_GLOBAL, { table: runtime.table.bind(runtime) });
  return realm;
}

function define({ global }: Realm, name: string, value: unknown): void {
  Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
}

function createHostObject(realm: Realm): Record<string, unknown> {
  return {
    global: realm.global,
    createRealm: () => createRealm(realm.printed, realm.runtime).global.$262,
    evalScript: (code: string) => vm.runInContext(code, realm.context),
    detachArrayBuffer: (buffer: ArrayBuffer) => void structuredClone(buffer, { transfer: [buffer] }),
    gc: () => {
      if (!global.gc) throw new Error("no garbage collection at hand");
      global.gc();
    },
  };
}

function createConstantRuntime(): OwnRuntime {
  const runtime = createRuntime();
  runtime.configure({ backend: { name: "constant", read: () => 0 } });
  if (process.env.MPROF_LEAKS) runtime.survivors.start();
  return runtime;
}
