/**
 * What a function can tell of itself, and what can be told of it, is that of the original: a script each, whose completion
 * value is compared.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { ModuleTable } from "../contract/module-table.ts";
import { createTestRuntime } from "./runtime/test-runtime.ts";
import { babel, source } from "./support/back-ends.ts";
import { typescript } from "./support/typescript-back-end.ts";

const BACK_ENDS = [source, babel, typescript];

const SCRIPTS: Record<string, string> = {
  "names of functions": `
    const a = () => 1, b = function () {}, { c = () => 2, d = class {} } = {};
    let e; e = async () => 3; e ??= null;
    const o = { f() {}, get g() { return 1; }, ["h" + 1]: () => 4, i: function* () {} };
    function make(x = () => 5, { y = function () {} } = {}) { const z = () => x; return [x.name, y.name, z.name]; }
    [a.name, b.name, c.name, d.name, e.name, o.f.name, Object.getOwnPropertyDescriptor(o, "g").get.name, o.h1.name, o.i.name, make()];`,
  "names inside a profiled function": `
    function outer() {
      const a =
        () => 1;
      const b = (
        function () {});
      let c;
      c =
        class { static d = () => 2; e = async () => 3; #f = () => 4; names() { return [this.e.name, this.#f.name]; } };
      const g = { h:
        () => 5, "i j": class {}, [Symbol("k")]() {} };
      const l = (0, () => 6);
      return [a.name, b.name, c.name, c.d.name, new c().names(), g.h.name, g["i j"].name, g[Object.getOwnPropertySymbols(g)[0]].name, l.name];
    }
    outer();`,
  lengths: `
    function a(x, y = 1, z) {} const b = (...x) => 1, c = async ({ x }, [y]) => 2;
    class D { constructor(x, y) {} e(x) {} set f(x) {} }
    [a.length, b.length, c.length, D.length, D.prototype.e.length];`,
  this: `
    function sloppy() { return typeof this; } function strict() { "use strict"; return typeof this; }
    const o = { m() { return (() => this === o)(); } };
    [sloppy(), strict(), sloppy.call(1), strict.call(1), o.m(), sloppy.call(null)];`,
  "arguments, aliased in sloppy functions": `
    function aliased(a, b) { a = 3; arguments[1] = 4; return [...arguments, a, b, arguments.length]; }
    function strict(a) { "use strict"; a = 3; return [arguments[0], a]; }
    function defaults(a, b = 2) { a = 3; return [arguments[0], arguments.length]; }
    function callee() { return arguments.callee === callee; }
    function inner() { return (() => arguments[0])(9); }
    [aliased(1, 2), strict(1), defaults(1), callee(), inner(5)];`,
  "new.target": `
    function F() { return [new.target === F, (() => new.target === F)()]; }
    class A { constructor() { this.name = new.target.name; } } class B extends A {}
    [new F(), F(), new B().name, Reflect.construct(function () { this.t = new.target === Array; }, [], Array).t];`,
  super: `
    class A { constructor(x) { this.x = x; } m() { return "A.m"; } static s() { return this.name; } get g() { return "g" + this.x; } }
    class B extends A {
      constructor(x) {
        const own = () => super(
          x + 1);
        own();
      }
      m() { return super.m() + super["m"](); }
      static s() { return super.s(); }
      get g() { return super.g; }
      set v(y) { super.v = y; }
    }
    const b = new B(1); b.v = 7;
    const o = { __proto__: { m() { return 1; } }, m() { return super.m() + 1; } };
    [b.x, b.m(), B.s(), b.g, b.v, o.m()];`,
  "derived constructors that return or throw": `
    class A {} class B extends A { constructor(x) { if (x === 1) return { own: 1 }; if (x === 2) return; super(); } }
    const attempt = (f) => { try { return f(); } catch (error) { return error.constructor.name + ": " + error.message; } };
    [attempt(() => new B(1).own), attempt(() => new B(2)), attempt(() => new B(3) instanceof A), attempt(() => B())];`,
  strictness: `
    function strict() { "use strict"; try { undeclared1 = 1; return "made"; } catch (error) { return error.name; } }
    function sloppy() { undeclared2 = 1; return typeof undeclared2; }
    function frozen() { "use strict"; try { Object.freeze({ a: 1 }).a = 2; } catch (error) { return error.message; } }
    [strict(), sloppy(), frozen(), (() => { "use strict"; return (function () { return this; })(); })() === undefined];`,
  hoisting: `
    function f() {
      const early = [typeof g, typeof v, g()];
      var v = 1; function g() { return "g"; }
      { function h() {} } var g2 = g; function g() { return "second"; }
      return [early, v, typeof h, g2()];
    }
    [f(), typeof later]; function later() {}`,
  "temporal dead zones": `
    function f() {
      try { x; } catch (error) { return [error.name, error.message]; }
      let x = 1;
    }
    function g() { try { return typeof C; } catch (error) { return error.message; } class C {} }
    function h(a = b, b) { return a; }
    [f(), g(), (() => { try { return h(); } catch (error) { return error.message; } })()];`,
  "functions in blocks, as Annex B has them": `
    function f() { const seen = [typeof a]; { seen.push(typeof a); function a() {} a = 1; seen.push(typeof a); } seen.push(typeof a); return seen; }
    function g() { if (true) function b() { return 2; } return b(); }
    function h(c) { { function c() {} } return typeof c; }
    function i() { switch (1) { case 1: function d() { return 4; } } return d(); }
    function j() { "use strict"; { function e() {} } return typeof e; }
    function k() { try { throw 5; } catch (e) { var e = 6; } return typeof e; }
    [f(), g(), h(1), i(), j(), k()];`,
  "completion values": `function f() { return 1; } if (f()) { 7; } else { 8; }`,
  "completion values of loops": `function f() { return 1; } var n = 0; do { n++; "round " + n; } while (n < 2);`,
  "the order of class fields": `
    function f() {
      const order = []; const log = (x) => (order.push(x), x);
      class A { [log("key a")] = log("a"); static [log("key s")] =
        log("s"); b =
        [log("b"), this.a]; static { log("block"); } constructor() { log("constructor"); } static t = log(this.name); }
      new A(); log(Object.keys(new A()).join());
      return order;
    }
    f();`,
  "private names": `
    class A { #x = 1; static #count = 0; #m() { return this.#x++; } get #g() { return this.#m(); } static has(o) { return #x in o; }
      go() { A.#count += this.#g; return [this.#x, A.#count, A.has(this), A.has({})]; } }
    new A().go();`,
  "errors: class, message, identity": `
    const thrown = {}; const attempt = (f) => { try { return f(); } catch (error) { return error === thrown || error.name + ": " + error.message; } };
    [attempt(function a() { throw thrown; }), attempt(() => null.x), attempt(function () { return undefinedName; }),
     attempt(() => { const c = 1; c = 2; }), attempt(() => new (class { constructor() { throw new RangeError("r"); } })()),
     attempt(() => BigInt(1) + 1), attempt(() => decodeURI("%"))];`,
  "try, finally and what they return": `
    function f() { try { return "try"; } finally { return "finally"; } }
    function g() { for (const x of [1, 2]) try { continue; } finally { if (x === 2) break; } return "left"; }
    function h() { l: try { throw 1; } catch { break l; } finally { f(); } return "after"; }
    [f(), g(), h()];`,
  "generators: return, throw, values sent in": `
    function* f() { try { const x = yield 1; yield x + (yield (
      2)); } catch (error) { yield error; } finally { yield "finally"; } return 3; }
    const a = f(), b = f(), c = f();
    [[a.next(), a.next(4), a.next(5), a.next(), a.next()], [b.next(), b.throw(6), b.return(7), b.next()], [c.return(8), c.next()]];`,
  "direct eval": `function f(a) { eval("var b = a + 1"); return [b, eval("a"), typeof eval]; } f(1);`,
  with: `function f(o) { with (o) { var x = y + 1; z = x; } return [x, o.z]; } f({ y: 1, z: 0 });`,
  "labels and continue": `
    function f() { const seen = [];
      outer: for (const a of [1, 2, 3]) { inner: for (let b = 0; b < 3; b++) { if (b === a) continue outer; if (a === 3) break outer; seen.push(a * 10 + b); } }
      return seen; }
    f();`,
  "closures over loop variables": `
    function f() { const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i++); } for (const k in { a: 1, b: 2 }) fs.push(() => k); return fs.map((g) => g() + "," + g()); }
    f();`,
};

/** What the blocks that we write would make a program of. */
const EARLY_ERRORS: Record<string, string> = {
  "a parameter declared again": "function f(a) { let a = 1; return a; }",
  "a parameter declared again by a class": "function f({ a }) { class a {} }",
  "a parameter declared again in an arrow function": "const f = (a) => {\n  const [b, a] = [];\n};",
  "a catch parameter declared again": "function f() {\n  try {}\n  catch ([a = g()]) {\n    let a;\n  }\n}",
  "a catch parameter declared again by a function":
    "function f() {\n  try {}\n  catch ([a = g()]) {\n    function a() {}\n  }\n}",
  "a catch parameter declared again by a class":
    "function f() {\n  try {}\n  catch ({ a = g() }) {\n    class a {}\n  }\n}",
  "a catch parameter declared again in a static block":
    "function f() {\n  class A { static {\n    try {}\n    catch ([a = g()]) {\n      let a;\n    }\n  } }\n}",
  "an assignment to a yield": "function* g() {\n  (yield) = 1;\n}",
  "an assignment to an await in a pattern": "async function f() {\n  [(await g())] = [];\n}",
  "an update of a yield": "function* g() {\n  (yield)++;\n}",
  "a loop over an await": "async function f() {\n  for ((await g()) of []);\n}",
  "let as the arm of an if": "function f() {\n  if (g())\n    let a = 1;\n}",
  "const behind else": "function f() {\n  if (g()) {} else\n    const a = 1;\n}",
  "a class as the body of a loop": "function f() {\n  for (;;)\n    class A {}\n}",
  "a function as the body of a loop": "function f() {\n  for (const a of g())\n    function h() {}\n}",
};

describe("function identity", () => {
  for (const [title, text] of Object.entries(SCRIPTS)) {
    for (const backEnd of BACK_ENDS) {
      it(`${title} (${backEnd.name})`, () => {
        const { code, warnings } = backEnd.compile(text, "script.cjs", { functions: "all" });
        assert.deepEqual(warnings, []);
        assert.ok(code?.includes("__mp"));
        assert.deepEqual(completionOf(code!), completionOf(text));
      });
    }
  }

  for (const [title, text] of Object.entries(EARLY_ERRORS)) {
    it(`${title}, which TypeScript's parser leaves to others`, () => {
      const { code, warnings } = typescript.compile(text, "script.cjs", { functions: "all" });
      assert.deepEqual(
        warnings.map(({ code: warned }) => warned),
        ["MPROF_UNSUPPORTED"],
      );
      assert.throws(() => run(text), { name: "SyntaxError" });
      assert.throws(() => run(code ?? text), { name: "SyntaxError" });
    });
  }

  it("lines of stacks (source)", () => {
    const text =
      "function f() {\n  return g(\n    1);\n}\nfunction g() {\n  const o = { m: () => new Error('e') };\n  return o\n    .m();\n}\nf().stack;";
    const { code } = source.compile(text, "script.cjs", { functions: "all" });
    const lines = (stack: unknown) =>
      [...String(stack).matchAll(/at (?:\w+\.)?(\w+) \(script\.js:(\d+)/g)].map(([, name, line]) => `${name}:${line}`);
    const original = lines(run(text));
    assert.deepEqual(original, ["m:6", "g:8", "f:2"]);
    assert.deepEqual(lines(run(code!)), original);
  });

  for (const backEnd of BACK_ENDS) {
    it(`functions called through an import cycle, before their module has run (${backEnd.name})`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "mprof-"));
      try {
        const runtime = pathToFileURL(join(folder, "runtime.mjs")).href;
        const files = {
          "a.mjs": `import { b } from "./b.mjs";\nexport function a() {\n  return "a";\n}\nexport const result = b;\n`,
          "b.mjs": `import { a } from "./a.mjs";\nexport const b = a() + "b";\n`,
        };
        const activation = "{ line() {}, count() {}, exit: (value) => value }";
        writeFileSync(
          join(folder, "runtime.mjs"),
          `export default { table: () => ({ enter: () => (${activation}), counters: () => (${activation}) }) };\n`,
        );
        for (const [name, text] of Object.entries(files)) {
          const { code } = backEnd.compile(text, name, { functions: "all", runtimeModule: runtime });
          writeFileSync(join(folder, name), code ?? text);
        }
        const { result } = (await import(pathToFileURL(join(folder, "a.mjs")).href)) as { result: string };
        assert.equal(result, "ab");
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

/** The value of a script's last statement, comparable between realms. */
function completionOf(text: string): unknown {
  return JSON.parse(JSON.stringify({ value: run(text) }));
}

function run(text: string): unknown {
  const { runtime } = createTestRuntime();
  const require = () => ({ table: (table: ModuleTable) => runtime.table(table) });
  return vm.runInNewContext(text, { require }, { filename: "script.js" });
}
