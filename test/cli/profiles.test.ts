/** The commands that read profiles: `convert` and `merge`, and what they say to files that are none. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mergeProfiles } from "../../cli/profile/merge-profiles.ts";
import type { Profile, RowSurvivors } from "../../contract/profile.ts";
import { measure } from "../../runtime/reporters/measure.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { BASE_BYTES, MIXED, MIXED_NET, sampleListing, sampleProfile } from "../support/sample-profile.ts";

const nets = (profile: Profile) => measure(profile).map(({ name, net, calls, peak }) => [name, net, calls, peak]);

describe("profiles that are merged", () => {
  it("add up by file and function, wherever a function stands, and the reading on entry counts once", () => {
    const rows: [string, number][] = [
      ["f() {", 0],
      ["  x", 100],
    ];
    const one = sampleProfile([sampleListing("f", rows)], { started: 5, readings: 2, notes: ["a"] });
    const two = sampleProfile(
      [sampleListing("f", [rows[0]!, ["  x", 30, { time: 4 }]], { first: 9, calls: 2 }), sampleListing("g", rows)],
      { started: 3, taken: 1_790_000_009_000, readings: 3, notes: ["a", "b"] },
    );
    const merged = mergeProfiles([one, two]);
    assert.deepEqual(nets(merged), [
      ["f", 130, 3, BASE_BYTES + 100],
      ["g", 100, 1, BASE_BYTES + 100],
    ]);
    assert.equal(merged.listings[0]!.rows[0]!.data!.figures.rss!.increment, BASE_BYTES);
    assert.equal(merged.listings[0]!.rows[1]!.data!.time, 4);
    assert.deepEqual([merged.started, merged.taken, merged.readings], [3, 1_790_000_009_000, 5]);
    assert.deepEqual(merged.notes, ["a", "b", "Merged from 2 profiles."]);
  });

  it("are the same in any order, but for what is the first's", () => {
    const other = sampleProfile([
      sampleListing("g", [
        ["g", 8],
        ["h", null],
      ]),
    ]);
    const sorted = (profile: Profile) => nets(profile).sort((a, b) => String(a[0]).localeCompare(String(b[0])));
    assert.deepEqual(sorted(mergeProfiles([MIXED, other])), sorted(mergeProfiles([other, MIXED])));
    assert.equal(
      measure(mergeProfiles([MIXED, MIXED, MIXED])).reduce((sum, { net }) => sum + net, 0),
      3 * MIXED_NET,
    );
  });

  it("add up what was freed where it is known of all of them", () => {
    const followed = (increment: number, freed: number, count: number) => {
      const figures = { rss: { usage: BASE_BYTES, increment, freed } };
      const data = { figures, ...(count > 0 && { collections: count }) };
      const between = { count: 1, freed: { rss: 10 } };
      const listing = sampleListing("f", [
        ["f() {", 0],
        ["  x", increment, data],
      ]);
      return sampleProfile([listing], { collections: { count: count + 1, between } });
    };
    const merged = mergeProfiles([followed(-20, 90, 2), followed(5, 0, 0), followed(1, 4, 1)]);
    const { data } = merged.listings[0]!.rows[1]!;
    assert.deepEqual([data!.figures.rss!.increment, data!.figures.rss!.freed, data!.collections], [-14, 94, 3]);
    assert.deepEqual(merged.collections, { count: 6, between: { count: 3, freed: { rss: 30 } } });
    const unknown = sampleProfile([
      sampleListing("f", [
        ["f() {", 0],
        ["  x", 1],
      ]),
    ]);
    const mixed = mergeProfiles([followed(-20, 90, 2), unknown]);
    assert.equal(mixed.listings[0]!.rows[1]!.data!.figures.rss!.freed, undefined);
    const [{ rows }] = measure(merged) as [ReturnType<typeof measure>[number]];
    assert.deepEqual([rows[1]!.allocated, rows[1]!.freed, rows[1]!.collections], [80, 94, 3]);
  });

  it("add up what survives, and say where it was not followed in all of them", () => {
    const [KEY, OTHER] = ["1", "7"];
    const followed = (row: RowSurvivors | undefined, pid: number, collections?: number) => {
      const listing = sampleListing("f", [
        ["f() {", 0],
        ["  x", 100],
      ]);
      if (row) listing.rows[1]!.survivors = row;
      const profile = sampleProfile(
        [listing],
        collections ? { survivors: { collections, time: collections * 10 } } : {},
      );
      return { ...profile, host: { ...profile.host, pid } };
    };
    const small = { made: 40, sampled: 10, alive: 30, age: 100, leak: { perHour: 5, key: KEY, holders: ["timer"] } };
    const large = {
      made: 9,
      sampled: 9,
      alive: 10,
      age: 500,
      bytes: 70,
      leak: { perHour: 6, bytesPerHour: 8, key: OTHER },
    };
    const merged = mergeProfiles([followed(small, 1, 4), followed(large, 2, 9)]);
    assert.deepEqual(merged.survivors, { collections: 9, time: 90 });
    assert.deepEqual(merged.listings[0]!.rows[1]!.survivors, {
      made: 49,
      sampled: 19,
      alive: 40,
      age: 200,
      bytes: 70,
      leak: { key: OTHER, perHour: 11, bytesPerHour: 8, holders: ["timer"] },
    });
    assert.deepEqual(merged.notes, ["Merged from 2 profiles."]);
    const still = { made: 3, sampled: 3, alive: 3, given: true as const };
    const mixed = mergeProfiles([followed(undefined, 1), followed(small, 2, 4), followed(still, 3, 1)]);
    assert.deepEqual(mixed.survivors, { collections: 4, time: 40 });
    assert.deepEqual(mixed.listings[0]!.rows[1]!.survivors, {
      ...small,
      made: 43,
      sampled: 13,
      alive: 33,
      given: true,
    });
    assert.deepEqual(mixed.notes, ["Merged from 3 profiles.", "Objects were followed in 2 of the 3 merged profiles."]);
    const none = mergeProfiles([followed(undefined, 1), followed(undefined, 2)]);
    assert.equal(none.survivors, undefined);
    assert.equal(none.listings[0]!.rows[1]!.survivors, undefined);
  });

  it("add up how increments came by time since the start, in the longest pieces of all", () => {
    const followed = (interval: number, history: number[] | undefined, increment: number, waiting = 0) => {
      const figures = { rss: { usage: 1, increment, ...(waiting && { waiting }), ...(history && { history }) } };
      const listing = sampleListing("f", [
        ["f() {", 0],
        ["  x", increment, { figures }],
      ]);
      return sampleProfile([listing], { history: { interval, pieces: 4 } });
    };
    const merged = mergeProfiles([followed(25, [1, 2, 3, 4], 10), followed(100, [5, 0, 0, 7], 2, 10)]);
    assert.deepEqual(merged.history, { interval: 100, pieces: 4 });
    assert.deepEqual(merged.listings[0]!.rows[1]!.data!.figures.rss, {
      usage: 1,
      increment: 12,
      waiting: 10,
      history: [15, 0, 0, 7],
    });
    const historyOf = (profile: Profile) => profile.listings[0]!.rows[1]!.data!.figures.rss!.history;
    assert.deepEqual(
      historyOf(mergeProfiles([followed(25, [1, 2, 3, 4], 10), followed(25, undefined, 0)])),
      [1, 2, 3, 4],
    );
    assert.equal(historyOf(mergeProfiles([followed(25, [1, 2, 3, 4], 10), followed(25, undefined, 9)])), undefined);
    for (const other of [followed(40, [1, 2, 3, 4], 10), MIXED]) {
      const { history, notes, ...rest } = mergeProfiles([followed(25, [1, 2, 3, 4], 10), other]);
      assert.deepEqual([history, historyOf({ ...rest, notes })], [undefined, undefined]);
      assert.match(notes.join(), /How increments came over the run is left out/);
    }
    assert.doesNotMatch(mergeProfiles([MIXED, MIXED]).notes.join(), /How increments/);
  });

  it("say where they were measured in other ways, and that two texts of a function are two", () => {
    const other = sampleProfile([sampleListing("load", [["load() {", 1]])], {
      backend: "heap",
      mode: "auto",
      cost: { executions: 10, measured: 5, overhead: 0.5 },
    });
    const merged = mergeProfiles([MIXED, other]);
    assert.equal(merged.listings.filter(({ name }) => name === "load").length, 2);
    assert.deepEqual(merged.cost, { executions: 10, measured: 5, overhead: 0.5 });
    assert.ok(merged.notes.includes("The merged profiles differ in backend and mode."));
  });
});

describe("a command that reads a profile", () => {
  const text = JSON.stringify(MIXED);
  const files = {
    "p.json": text,
    "cut.json": text.slice(0, 200),
    "other.json": '{"format":"cpuprofile"}',
    "new.json": JSON.stringify({ ...MIXED, version: 7 }),
    "table.txt": "Line #    Mem usage",
    "odd.json": JSON.stringify({ ...MIXED, listings: [{ ...MIXED.listings[0], rows: [{ line: "1" }] }] }),
  };

  it("converts and merges, to a file or to standard output", () =>
    withFolder(files, async (cwd) => {
      const csv = await runCli(["convert", "--to", "csv", "p.json"], { cwd });
      assert.deepEqual([csv.code, csv.stderr, csv.stdout.split("\r\n").length], [0, "", 8]);
      const collapsed = await runCli(["convert", "--to", "collapsed", "-o", "out.txt", "p.json"], { cwd });
      assert.match(collapsed.stderr, /^\[mprof\] collapsed has no negative sizes: .*\n$/);
      assert.match(readFileSync(join(cwd, "out.txt"), "utf8"), /^load \(src\/app\.ts:1\);src\/app\.ts:3 .* 8003584$/m);
      assert.equal((await runCli(["merge", "p.json", "p.json", "-o", "m.json"], { cwd })).code, 0);
      const merged = JSON.parse(readFileSync(join(cwd, "m.json"), "utf8"));
      assert.deepEqual(measure(merged)[0]!.calls, 2);
      const heap = await runCli(["convert", "--to", "heapprofile", "--root", "/srv/a b", "p.json"], { cwd });
      assert.match(heap.stdout, /"url":"file:\/\/\/srv\/a%20b\/src\/app\.ts"/);
    }));

  it("takes what was kept of a program as well", () =>
    withFolder({ "app.js": "// @profile\nfunction f() {\n  return [1];\n}\nf();\n" }, async (cwd) => {
      await runCli(["--profile", "kept.mprof", "app.js"], { cwd });
      const { stdout, stderr } = await runCli(["convert", "--to", "csv", "kept.mprof"], { cwd });
      assert.match(stdout, /^app\.js,f,3,rss,1,/m, stderr);
    }));

  const wrong: [name: string, args: string[], said: RegExp][] = [
    ["a file that is missing", ["convert", "--to", "csv", "no.json"], /^\[mprof\] there is no such file: no\.json\n/],
    ["a folder", ["convert", "--to", "csv", "."], /^\[mprof\] this is no file: \.\n/],
    [
      "one that is cut off",
      ["convert", "--to", "csv", "cut.json"],
      /^\[mprof\] cut\.json: the profile is cut off, or no JSON\n/,
    ],
    [
      "JSON of others",
      ["merge", "p.json", "other.json"],
      /^\[mprof\] other\.json: this is no profile: its format is "cpuprofile"/,
    ],
    [
      "a newer version",
      ["merge", "new.json", "p.json"],
      /^\[mprof\] new\.json: the profile has version 7, this mprof reads up to 1\n/,
    ],
    ["a table", ["convert", "--to", "json", "table.txt"], /^\[mprof\] table\.txt: this is no profile\n/],
    [
      "a wrong field",
      ["convert", "--to", "json", "odd.json"],
      /^\[mprof\] odd\.json: .*not as it should be: listings\[0\]\.rows\[0\]\.line\n/,
    ],
    [
      "a place that cannot be written",
      ["convert", "--to", "csv", "-o", "no/where.csv", "p.json"],
      /^\[mprof\] no\/where\.csv cannot be written \(ENOENT\)\n/,
    ],
    [
      "a binary format without a file",
      ["convert", "--to", "pprof", "p.json"],
      /^\[mprof\] pprof is no text\n {2}Name a file: -o memory\.pb\.gz\.\n/,
    ],
    ["an unknown format", ["convert", "--to", "xml", "p.json"], /Allowed choices are json, csv, /],
    ["one profile to merge", ["merge", "p.json"], /missing required argument/],
  ];
  for (const [name, args, said] of wrong) {
    it(`refuses ${name} with one line and the cure, and exit code 2`, () =>
      withFolder(files, async (cwd) => {
        const { code, stdout, stderr } = await runCli(args, { cwd });
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr, said);
        assert.ok(stderr.trimEnd().split("\n").length <= 2, stderr);
      }));
  }
});
