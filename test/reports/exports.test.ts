/** What profiles are converted to: the same totals everywhere, and read by the programs that the formats are of. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import Ajv from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { FORMAT_OF } from "../../cli/formats/index.ts";
import { PPROF, PPROF_BY_NAME } from "../../cli/formats/pprof.ts";
import type { PageData } from "../../cli/report-page/page-data.ts";
import { FORMATS } from "../../contract/formats.ts";
import type { Profile } from "../../contract/profile.ts";
import { readRecords } from "../../contract/recording.ts";
import { MIB } from "../../contract/units.ts";
import { deliver } from "../../runtime/node/deliver.ts";
import { measure } from "../../runtime/reporters/measure.ts";
import { TABLES } from "../../runtime/reporters/tables.ts";
import { HOW_TO_GET_CHROMIUM, launchChromium, openDevTools } from "../support/chromium.ts";
import { fetchPackage } from "../support/fetch-package.ts";
import { readPprof } from "../support/read-pprof.ts";
import {
  BASE_BYTES,
  MIXED,
  MIXED_NET,
  type SampleRow,
  sampleListing,
  sampleProfile,
} from "../support/sample-profile.ts";
import { scratchFolder } from "../support/scratch.ts";
import { problemForParca, refusalOf } from "../support/server-rules.ts";

const folder = scratchFolder();
const hasGo = spawnSync("go", ["version"]).status === 0;

/** The text of a format that is text. */
const text = (format: keyof typeof FORMAT_OF, profile: Profile = MIXED): string =>
  String(FORMAT_OF[format].render(profile, { root: "/srv/app" }));

/** Writes a format as the command does. */
function write(format: keyof typeof FORMAT_OF, profile: Profile = MIXED): string {
  const path = join(folder, `memory.${FORMAT_OF[format].extension}`);
  deliver(profile, FORMAT_OF[format], { kind: "write", path }, { root: folder });
  return path;
}

const POSITIVE = measure(MIXED)
  .flatMap(({ rows }) => rows)
  .reduce((sum, { increment }) => sum + Math.max(0, increment), 0);

/** Reads RFC 4180. */
function parseCsv(document: string): Record<string, string>[] {
  const cells = [...document.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/g)];
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of cells) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end !== ",") rows.push([]);
  }
  const [names, ...body] = rows.slice(0, -1);
  return body.map((row) => Object.fromEntries(row.map((cell, i) => [names![i]!, cell])));
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

/** What the rows of a format come to: bytes. */
const TOTALS: Record<string, () => number> = {
  json: () => sum(measure(JSON.parse(text("json"))).map(({ net }) => net)),
  csv: () => sum(parseCsv(text("csv")).map(({ increment }) => Number(increment))),
  markdown: () => Number(/left behind (\d+) bytes/.exec(text("markdown"))![1]),
  speedscope: () => {
    const { profiles } = JSON.parse(text("speedscope"));
    return sum(
      profiles.map(({ name, weights }: { name: string; weights: number[] }) =>
        name.startsWith("given back") ? -sum(weights) : sum(weights),
      ),
    );
  },
  html: () => {
    const [, data] = /type="application\/json">(.*)<\/script>/.exec(text("html"))!;
    const { functions }: PageData = JSON.parse(data!);
    return sum(functions.flatMap(({ figures }) => figures.rss!.increment.map(Number)));
  },
  "text, with all decimals": () => {
    const table = TABLES.render({ ...MIXED, precision: 20 });
    const cells = [...table.matchAll(/^ *\d+ +\S+ MiB +(\S+) MiB/gm)].map(([, each]) => Number(each) * MIB);
    return sum(cells) - 2 * BASE_BYTES;
  },
};

describe("the total of a profile", () => {
  for (const [format, total] of Object.entries(TOTALS)) {
    it(`is the same to the byte in ${format}`, () => assert.equal(total(), MIXED_NET));
  }

  for (const [format, total] of Object.entries({
    heapprofile: () => sum(JSON.parse(text("heapprofile")).samples.map(({ size }: { size: number }) => size)),
    collapsed: () => sum([...text("collapsed").matchAll(/ (\d+)$/gm)].map(([, each]) => Number(each))),
  })) {
    it(`is that of what was taken in ${format}, which says what it leaves out`, () => {
      assert.equal(total(), POSITIVE);
      const omitted = FORMAT_OF[format as "collapsed"].omits!(MIXED)!;
      assert.match(omitted, /has no negative sizes: 1 row that gave back 4\.000 MiB left out/);
      assert.equal(FORMAT_OF[format as "collapsed"].omits!(sampleProfile([])), undefined);
    });
  }

  it("stays whole where estimates have fractions", () => {
    const rows = [["f() {", 0], ...Array.from({ length: 30 }, (): [string, number] => ["x", 0.3])] as [
      string,
      number,
    ][];
    const profile = sampleProfile([sampleListing("f", rows)]);
    assert.equal(sum(JSON.parse(text("heapprofile", profile)).samples.map(({ size }: { size: number }) => size)), 9);
  });

  it("of a recording is what it can hold: entry, calls and peaks", () => {
    const { samples, rest } = readRecords(Buffer.from(text("dat")), (bytes) => Buffer.from(bytes).toString());
    assert.deepEqual(
      samples.map(({ memory }) => memory),
      [50],
    );
    assert.deepEqual(
      [...rest.values()].map(({ count, highest }) => [count, highest.memory.toFixed(2)]),
      measure(MIXED).map(({ calls, peak }) => [calls, (peak / MIB).toFixed(2)]),
    );
  });
});

describe("a format", () => {
  it("has its name in the table", () => {
    for (const name of FORMATS) assert.equal(FORMAT_OF[name].name, name);
  });

  it("takes a profile without functions, and text that is not harmless", () => {
    for (const name of FORMATS) assert.ok(FORMAT_OF[name].render(sampleProfile([])) !== undefined, name);
    for (const name of FORMATS.filter((each) => !["json", "csv", "pprof"].includes(each)))
      assert.ok(!text(name).includes("\u001b"), name);
    const row = parseCsv(text("csv"))[1]!;
    assert.deepEqual([row.text, row.function], ['  const rows = new Array(n).fill(`a,"b"|c`);', "load"]);
  });

  it("of 100 functions with 20,000 lines takes less than a second, and Markdown stays short", () => {
    const rows = Array.from({ length: 200 }, (_, i): [string, number] => [
      `  const value${i} = make(${i}, "x".repeat(99));`,
      i * 997,
    ]);
    const listings = Array.from({ length: 100 }, (_, i) =>
      sampleListing(`Module${i}.function${i}`, rows, { file: `src/${"deep/".repeat(12)}f${i}.ts` }),
    );
    const large = sampleProfile(listings, {
      notes: Array.from({ length: 40 }, (_, i) => `${i} ${"note ".repeat(80)}`),
    });
    for (const name of FORMATS) {
      // The quickest of three: the machine does other things, too.
      let least = Number.POSITIVE_INFINITY;
      for (let tries = 0; tries < 3 && least >= 1000; tries++) {
        const begin = performance.now();
        FORMAT_OF[name].render(large, { root: "/srv" });
        least = Math.min(least, performance.now() - begin);
      }
      assert.ok(least < 1000, `${name}: ${least} ms`);
    }
    // Three characters a token is less than any tokenizer needs for paths and figures.
    assert.ok(text("markdown", large).length < 6000, String(text("markdown", large).length));
  });
});

describe("speedscope", function () {
  this.timeout(60_000);
  const speedscope = fetchPackage("speedscope", "1.25.0");
  if (speedscope === null) return;
  const release = join(speedscope, "node_modules/speedscope/dist/release");

  it("says by its schema that this is its format", () => {
    const schema = JSON.parse(readFileSync(join(release, "file-format-schema.json"), "utf8"));
    const validate = new Ajv.default({ strict: false }).compile(schema);
    assert.ok(validate(JSON.parse(text("speedscope"))), JSON.stringify(validate.errors));
  });

  const shown: Record<string, RegExp[]> = {
    speedscope: [/taken, rss \(1\/2\)/, /7\.63 MB \(87%\)\s+load:3\s/, /8\.63 MB \(99%\)\s+0 B .*\s+load$/],
    heapprofile: [/7\.63 MB \(87%\)\s+load:3\s/, /120\.56 KB .*\s+Cache\.get/],
    pprof: [/8\.63 MB \(99%\)\s+load\s/],
    collapsed: [/8,003,584 \(87%\)\s+src\/app\.ts:3 const rows/],
  };
  for (const [format, rows] of Object.entries(shown)) {
    it(`opens ${format} in Chromium, with the bytes of each line${HOW_TO_GET_CHROMIUM}`, async function () {
      const browser = await launchChromium();
      if (browser === null) return this.skip();
      try {
        const path = write(format as "pprof");
        const [name, content] = [path.split("/").at(-1), readFileSync(path).toString("base64")];
        const script = join(folder, `${format}.js`);
        writeFileSync(script, `speedscope.loadFileFromBase64(${JSON.stringify(name)}, ${JSON.stringify(content)})`);
        const page = await browser.newPage();
        const url = pathToFileURL(join(release, "index.html"));
        await page.goto(`${url.href}#localProfilePath=${script}&view=sandwich`);
        await page
          .getByText(/Symbol Name|went wrong/)
          .first()
          .waitFor();
        const table = await page.locator("body").innerText();
        for (const row of rows) assert.match(table, row);
      } finally {
        await browser.close();
      }
    });
  }
});

/** Of `SamplingHeapProfileModel` in DevTools. */
interface HeapNode {
  functionName: string;
  url: string;
  lineNumber: number;
  self: number;
  total: number;
  children: HeapNode[];
}

interface DevToolsProfiler {
  HeapProfileView: { SamplingHeapProfileModel: new (profile: unknown) => { root: HeapNode } };
}

describe("Chromium's DevTools", function () {
  this.timeout(60_000);

  it(`read a heapprofile by their own model, with the bytes of each line${HOW_TO_GET_CHROMIUM}`, async function () {
    const devTools = await openDevTools();
    if (devTools === null) return this.skip();
    try {
      const profiler = await devTools.page.evaluateHandle<DevToolsProfiler>(
        'import("/devtools/panels/profiler/profiler.js")',
      );
      const nodes = await profiler.evaluate(
        ({ HeapProfileView }, profile) => {
          const flat = (node: HeapNode): HeapNode[] => [node, ...node.children.flatMap(flat)];
          return flat(new HeapProfileView.SamplingHeapProfileModel(profile).root).map(
            ({ functionName, url, lineNumber, self, total }) => ({ functionName, url, lineNumber, self, total }),
          );
        },
        JSON.parse(text("heapprofile")),
      );
      const [root, load, row] = nodes;
      assert.deepEqual([root!.functionName, root!.total], ["(root)", POSITIVE]);
      assert.equal(load!.functionName, "load");
      assert.deepEqual(row, {
        functionName: "load:3",
        url: "file:///srv/app/src/app.ts",
        lineNumber: 2,
        self: 8_003_584,
        total: 8_003_584,
      });
    } finally {
      await devTools.close();
    }
  });
});

describe(`go tool pprof${hasGo ? "" : " (apt-get install golang-go enables this)"}`, () => {
  const pprof = (...args: string[]) => {
    const { stdout, stderr, status } = spawnSync("go", ["tool", "pprof", ...args], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  before(function () {
    if (!hasGo) return this.skip();
    mkdirSync(join(folder, "src"), { recursive: true });
    writeFileSync(join(folder, "src/app.ts"), "one\ntwo\nthree\nfour\nfive\nsix\n");
    write("pprof");
  });

  it("shows what was taken, and what was left behind", () => {
    assert.match(pprof("-top", "-unit=B", "memory.pb.gz"), new RegExp(`^ *${8_003_584 + 1_048_577}B .* load$`, "m"));
    const net = pprof("-top", "-unit=B", "-sample_index=rss_net", "memory.pb.gz");
    assert.match(net, new RegExp(`^ *${MIXED_NET - 123_457}B .* load$`, "m"));
    assert.match(net, /^ *123457B .* Cache\.get/m);
  });

  it("lists the source with the bytes of each line", () => {
    const list = pprof("-list=load", "-unit=B", "memory.pb.gz");
    assert.match(list, /^ *8003584B +8003584B +3:three$/m);
    assert.match(list, /^ +\. +\. +4:four$/m);
  });

  it("counts occurrences", () => {
    assert.match(pprof("-top", "-sample_index=occurrences", "memory.pb.gz"), /^ *9005 .* load$/m);
  });

  (hasGo ? it : it.skip)(
    "shows each line as a function of its own, below the one it stands in, of what is sent",
    () => {
      deliver(MIXED, PPROF_BY_NAME, { kind: "write", path: join(folder, "sent.pb.gz") }, {});
      const top = pprof("-top", "-unit=B", "sent.pb.gz");
      assert.match(top, / 8003584B .* {2}src\/app\.ts:load:3$/m);
      assert.match(top, new RegExp(` 0 +0% .* ${8_003_584 + 1_048_577}B .* src/app\\.ts:load$`, "m"));
    },
  );
});

describe("pprof by the rules of servers", () => {
  const rows = Array.from({ length: 300 }, (_, i): SampleRow => [`  line ${i};`, (i % 7) * 100]);
  const many = sampleProfile(Array.from({ length: 60 }, (_, i) => sampleListing(`f${i}`, rows)));
  for (const [says, format] of [
    ["by line", PPROF],
    ["by name", PPROF_BY_NAME],
  ] as const)
    it(`is what Parca takes, ${says}`, () => {
      for (const profile of [MIXED, many]) {
        const read = readPprof(gzipSync(format.render(profile)));
        assert.ok(read.samples.length > 0);
        assert.equal(problemForParca(read), undefined);
        const [first, second, ...rest] = read.locationIds as [number, number, ...number[]];
        assert.match(problemForParca({ ...read, locationIds: [second, first, ...rest] })!, /not sequential/);
      }
    });

  it("is what Pyroscope takes, and a name, a source and a number of rows that it refuses are", () => {
    const query = (name: string) => new URLSearchParams({ format: "pprof", name });
    const read = readPprof(gzipSync(PPROF_BY_NAME.render(MIXED)));
    assert.equal(refusalOf(query("org/shop{region=eu}"), read), undefined);
    assert.match(refusalOf(query("@org/shop"), read)!.text, /invalid service name/);
    assert.match(refusalOf(query("shop{a-b=c}"), read)!.text, /invalid label name/);
    assert.match(
      refusalOf(query("shop"), { ...read, sampleTypes: [["a-b", "bytes"]], valueCounts: [] })!.text,
      /contains -/,
    );
    const large = readPprof(gzipSync(PPROF.render(many)));
    assert.match(refusalOf(query("shop"), large)!.text, /18000 samples/);
  });
});

describe("the schema of a profile", () => {
  it("takes what convert writes as json", () => {
    const validate = new Ajv2020().compile(JSON.parse(readFileSync("docs/profile.schema.json", "utf8")));
    assert.ok(validate(JSON.parse(text("json"))));
  });
});
