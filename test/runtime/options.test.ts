import assert from "node:assert/strict";
import { MprofError } from "../../contract/errors.ts";
import { createSources } from "../../runtime/core/create-sources.ts";
import { detectHost } from "../../runtime/core/detect-host.ts";
import { profile } from "../../runtime/full/profile.ts";
import { createScriptedSource } from "../support/scripted-source.ts";
import { createTestRuntime } from "./test-runtime.ts";

function codeOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof MprofError);
    assert.match(
      error.message,
      /^\[mprof\] [^\n]+: [^\n]+\n {2}[^\n]+\(MPROF_\w+, docs\/messages\.md\)$|^\[mprof\] [^\n]+\n {2}[^\n]+\(MPROF_\w+, docs\/messages\.md\)$/,
    );
    return error.code;
  }
  return "";
}

describe("configure", () => {
  const wrong: [unknown, string][] = [
    [{ precison: 3 }, "MPROF_OPTION_UNKNOWN"],
    [{ precision: 1.5 }, "MPROF_OPTION_TYPE"],
    [{ precision: -1 }, "MPROF_OPTION_TYPE"],
    [{ gc: 1 }, "MPROF_OPTION_TYPE"],
    [{ report: "never" }, "MPROF_OPTION_TYPE"],
    [{ stream: {} }, "MPROF_OPTION_TYPE"],
    [{ backend: "hep" }, "MPROF_BACKEND_UNKNOWN"],
    [{ backend: "toString" }, "MPROF_BACKEND_UNKNOWN"],
    [{ toString: 1 }, "MPROF_OPTION_UNKNOWN"],
    [{ name: "f" }, "MPROF_OPTION_UNKNOWN"],
    [{ backend: { name: "x" } }, "MPROF_OPTION_TYPE"],
    [{ backend: "rss" }, "MPROF_BACKEND_MISSING"],
    [{ gc: true }, "MPROF_GC_MISSING"],
    [{ functions: { f: { precison: 1 } } }, "MPROF_OPTION_UNKNOWN"],
    [{ functions: { f: { functions: {} } } }, "MPROF_OPTION_UNKNOWN"],
    [{ functions: [] }, "MPROF_OPTION_TYPE"],
    [null, "MPROF_OPTION_TYPE"],
  ];
  for (const [options, code] of wrong) {
    it(`refuses ${JSON.stringify(options)} with ${code}`, () => {
      const { runtime } = createTestRuntime();
      assert.equal(
        codeOf(() => runtime.configure(options as never)),
        code,
      );
    });
  }

  it("names the sources that are there when one is missing", () => {
    const { runtime } = createTestRuntime({ gauges: { rss: () => 1 } });
    assert.throws(
      () => runtime.configure({ backend: "pss" }),
      /not available on this host: "pss"\n {2}Choose one of rss,/,
    );
  });

  it("takes no member of every object for a source, on a host with single numbers", () => {
    const sources = createSources({ rss: () => 1 });
    assert.throws(() => sources.select("toString"), /not available on this host: backend "toString"\n {2}It has rss\./);
    assert.equal(sources.select("rss").name, "rss");
  });

  it("keeps the figures of a function that is measured already to its source, until a reset", () => {
    const { module, runtime } = createTestRuntime();
    const m = module({});
    m.enter(0).exit();
    runtime.configure({ backend: createScriptedSource("other") });
    m.enter(0).exit();
    const metrics = () => Object.keys(runtime.getProfile().listings[0]!.rows[0]!.data!.figures);
    assert.deepEqual(metrics(), ["scripted"]);
    runtime.reset();
    m.enter(0).exit();
    assert.deepEqual(metrics(), ["other"]);
  });
});

describe("precedence", () => {
  const precisionOf = ({ runtime, module }: ReturnType<typeof createTestRuntime>, mark?: number, own?: number) => {
    const m = module({ options: mark === undefined ? undefined : { precision: mark } });
    const options = own === undefined ? {} : { precision: own };
    m.options(0, options, () => 0);
    m.enter(0).exit();
    const { precision, listings } = runtime.getProfile();
    return listings[0]!.options.precision ?? precision;
  };

  it("is command, mark, profile({…}), configure, default", () => {
    assert.equal(precisionOf(createTestRuntime()), 1);
    assert.equal(precisionOf(createTestRuntime({ defaultPrecision: 3 })), 3);
    const configured = createTestRuntime({ defaultPrecision: 3 });
    configured.runtime.configure({ precision: 4 });
    assert.equal(precisionOf(configured), 4);
    const byName = () => {
      const test = createTestRuntime();
      test.runtime.configure({ precision: 4, functions: { f: { precision: 5 } } });
      return test;
    };
    assert.equal(precisionOf(byName()), 5);
    assert.equal(precisionOf(byName(), undefined, 6), 6);
    assert.equal(precisionOf(byName(), 7, 6), 7);
    assert.equal(precisionOf(createTestRuntime({ command: { precision: 0 } }), 7, 6), 0);
  });

  it("lets one function read another source", () => {
    const { module, runtime } = createTestRuntime({ gauges: { arrayBuffers: () => 77 } });
    module({ options: { backend: "arrayBuffers" } })
      .enter(0)
      .exit();
    const { listings } = runtime.getProfile();
    assert.deepEqual(listings[0]!.rows[0]!.data!.figures, { arrayBuffers: { usage: 77, increment: 77 } });
    assert.equal(listings[0]!.options.backend, "arrayBuffers");
  });
});

describe("a mark that asks for what the host does not have", () => {
  it("is one message, and the function is measured as the others are", () => {
    const { module, rows, warned } = createTestRuntime();
    const m = module({ options: { backend: "pss", gc: true } });
    m.enter(0).exit();
    m.enter(0).exit();
    assert.deepEqual(rows(), ["1 50/50/2"]);
    assert.match(warned.join(""), /"pss"/);
    assert.equal(new Set(warned).size, warned.length);
  });
});

describe("report", () => {
  it("writes to the stream given, else to the one configured, else to the host's", () => {
    const { module, printed, runtime } = createTestRuntime();
    module({}).enter(0).exit();
    const [given, configured] = [[] as string[], [] as string[]];
    runtime.report();
    runtime.configure({ stream: { write: (text) => configured.push(text) } });
    runtime.report();
    runtime.report({ reporter: "json", stream: { write: (text) => given.push(text) } });
    assert.equal(printed[0], configured[0]);
    assert.equal(JSON.parse(given[0]!).format, "mprof-profile");
  });

  it("refuses a reporter that is not there", () => {
    const { runtime } = createTestRuntime();
    assert.equal(
      codeOf(() => runtime.report({ reporter: "toString" })),
      "MPROF_REPORTER_UNKNOWN",
    );
  });
});

describe("profile without the plugin", () => {
  it("hands functions and classes through", () => {
    const f = () => 1;
    assert.equal(profile(f), f);
    assert.equal(profile({ precision: 3 })(f), f);
    assert.equal(profile()(f), f);
  });

  it("is a decorator that changes nothing, of either kind", () => {
    const mark = profile as (...args: unknown[]) => unknown;
    assert.equal(
      mark(() => 1, { kind: "method" }),
      undefined,
    );
    assert.equal(mark({}, "key", { value: 1 }), undefined);
    assert.equal((profile({ gc: true }) as (...args: unknown[]) => unknown)({}, "key"), undefined);
    class Box {
      @profile
      get(n: number): number {
        return n;
      }
      @profile({ precision: 3 })
      static make(): Box {
        return new Box();
      }
    }
    assert.equal(Box.make().get(3), 3);
  });

  it("refuses wrong options", () => {
    assert.equal(
      codeOf(() => profile({ precison: 1 } as never)),
      "MPROF_OPTION_UNKNOWN",
    );
  });
});

describe("detectHost", () => {
  it("tells Node, Bun, Deno, browsers and strangers apart", () => {
    const versions = { node: "20.1.0" };
    const name = (globals: object) => detectHost(globals).runtime;
    assert.equal(name({ process: { versions } }), "node");
    assert.equal(name({ process: { versions: { ...versions, bun: "1.2" } } }), "bun");
    assert.equal(name({ process: { versions: { ...versions, deno: "2.1" } } }), "deno");
    assert.equal(name({ navigator: { userAgent: "x" }, document: {} }), "browser");
    assert.equal(name({}), "unknown");
    assert.equal(detectHost(globalThis).pid, process.pid);
  });
});
