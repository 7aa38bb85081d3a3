import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { findChains } from "../../heap/find-chains.ts";
import type { Holder } from "../../heap/name-holders.ts";
import { readSnapshot } from "../../heap/read-snapshot.ts";
import { scratchFolder } from "../support/scratch.ts";

/** Values are followed as the runtime does it; the program writes its snapshot when all has come to rest. */
const FOLLOWED = `
class MprofSample { constructor(key) { this.key = key; } }
const registry = new FinalizationRegistry(() => {});
globalThis.keep = (key, value) => { registry.register(value, new MprofSample(key)); return value; };
setTimeout(() => { require("node:v8").writeHeapSnapshot(process.argv[2]); process.exit(); }, 50);
`;

const PROGRAM = `
require("./followed.cjs");
const { EventEmitter } = require("node:events");
const cache = new Map();
function lookup(i) { cache.set("key" + i, keep("cache", { id: i })); }
const bus = new EventEmitter();
function subscribe(i) { const session = keep("listener", { user: i }); bus.on("message", () => session.user); }
const undo = [];
function edit(i) { const state = keep("closure", { before: i }); undo.push(function restore() { return state; }); }
function poll(i) { const job = keep("timer", { job: i }); setInterval(function tick() { return job; }, 1e6); }
const waiting = [];
async function request(i) {
  const body = keep("promise", { request: i });
  await new Promise((resolve) => waiting.push(resolve));
  return body;
}
class Session { #secret; constructor(i) { this.#secret = keep("private", { i }); } }
const sessions = [];
const key = {};
const weak = new WeakMap([[key, keep("weak map", { of: "key" })]]);
globalThis.leaked = [keep("global", {})];
(() => keep("nobody", { a: 1 }))();
for (let i = 0; i < 3; i++) {
  lookup(i); subscribe(i); edit(i); poll(i); request(i);
  sessions.push(new Session(i));
}
globalThis.end = () => [weak, sessions, key];
`;

const MODULE = `
import "./followed.cjs";
import { AsyncLocalStorage } from "node:async_hooks";
import { put } from "./store.mjs";
import all from "./store.mjs";
put(keep("exported", {}), keep("hidden", {}));
all.list.push(keep("default", {}));
const storage = new AsyncLocalStorage();
storage.run(keep("store", {}), () => setInterval(() => {}, 1e6));
`;
const STORE = `export const cache = new Map();
const hidden = [];
export default { list: [] };
export function put(a, b) { cache.set(1, a); hidden.push(b); }
`;

function chainsOf(files: Record<string, string>, main: string): Record<string, string> {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries({ ...files, "followed.cjs": FOLLOWED }))
    writeFileSync(join(folder, name), text);
  const path = join(folder, "a.heapsnapshot");
  const { stderr } = spawnSync(process.execPath, [join(folder, main), path], { encoding: "utf8" });
  assert.equal(stderr, "");
  const snapshot = readSnapshot(path);
  const chains = findChains(snapshot);
  snapshot.close();
  return Object.fromEntries(chains.map(({ key, holders }) => [key, holders.map(shown).join(" ← ")]));
}

function shown({ name, file, line }: Holder): string {
  return file === undefined ? name : `${name} (${basename(file)}${line === undefined ? "" : `:${line}`})`;
}

describe("who holds a value", () => {
  it("is said in the program's own names, nearest first", () => {
    assert.deepEqual(chainsOf({ "main.cjs": PROGRAM }, "main.cjs"), {
      cache: "Map entry ← variable cache (main.cjs)",
      listener:
        'variable session (main.cjs) ← function (anonymous) (main.cjs:7) ← listener of "message" of EventEmitter ← variable bus (main.cjs)',
      closure: "variable state (main.cjs) ← function restore (main.cjs:9) ← Array[ ] ← variable undo (main.cjs)",
      timer: "variable job (main.cjs) ← function tick (main.cjs:10) ← timer",
      promise: "suspended call of request (main.cjs:12) ← pending Promise ← Array[ ] ← variable waiting (main.cjs)",
      private: "Session.#secret ← Array[ ] ← variable sessions (main.cjs)",
      "weak map": "WeakMap entry of Object ← variable key (main.cjs)",
      global: "Array[ ] ← globalThis.leaked",
    });
  });

  it("knows the variables of modules, exported ones, too", () => {
    assert.deepEqual(chainsOf({ "main.mjs": MODULE, "store.mjs": STORE }, "main.mjs"), {
      exported: "Map entry ← variable cache (store.mjs)",
      hidden: "Array[ ] ← variable hidden (store.mjs)",
      default: "Array[ ] ← Object.list ← export default (store.mjs)",
      store: "store of AsyncLocalStorage ← timer",
    });
  });
});

describe("a snapshot", () => {
  const write = (folder: string) => {
    const path = join(folder, "a.heapsnapshot");
    spawnSync(process.execPath, ["-e", "require('node:v8').writeHeapSnapshot(process.argv[1])", path]);
    return path;
  };

  it("is read as JSON.parse reads it", () => {
    const path = write(scratchFolder());
    const { nodes, edges, strings, snapshot: head } = JSON.parse(readFileSync(path, "utf8"));
    const width = head.meta.node_fields.length;
    const snapshot = readSnapshot(path);
    assert.equal(snapshot.nodeCount, head.node_count);
    for (let node = 0; node < snapshot.nodeCount; node += 97) {
      assert.equal(snapshot.typeOf(node), head.meta.node_types[0][nodes[node * width]]);
      assert.equal(snapshot.nameOf(node), strings[nodes[node * width + 1]]);
    }
    for (let edge = 0; edge < head.edge_count; edge += 997) {
      assert.equal(snapshot.edges.to[edge], edges[3 * edge + 2] / width);
      const name = edges[3 * edge + 1];
      const isIndex = ["element", "hidden"].includes(snapshot.edgeType(edge));
      assert.equal(snapshot.edgeName(edge), isIndex ? String(name) : strings[name]);
    }
    snapshot.close();
  });

  it("that is cut off, or is none, is refused", () => {
    const folder = scratchFolder();
    const path = write(folder);
    truncateSync(path, readFileSync(path).length - 10);
    assert.throws(() => readSnapshot(path), { code: "MPROF_NO_SNAPSHOT" });
    const other = join(folder, "other.json");
    writeFileSync(other, "{}");
    assert.throws(() => readSnapshot(other), { code: "MPROF_NO_SNAPSHOT" });
  });
});
