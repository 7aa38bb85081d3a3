/** `mprof push`, and what a running program has sent: field by field, and as Pyroscope's own client for Node sends it. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isEmpty, profileSince } from "../../cli/profile/profile-since.ts";
import { PushQueue } from "../../cli/push/push-queue.ts";
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { measure } from "../../runtime/reporters/measure.ts";
import { waitingIn, withIngest } from "../support/ingest-server.ts";
import { ROOT } from "../support/load-fixture.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { MIXED, MIXED_NET, sampleListing, sampleProfile } from "../support/sample-profile.ts";

const CLIENT = JSON.parse(readFileSync(join(ROOT, "fixtures/push/pyroscope-nodejs-0.6.4.json"), "utf8"));
const PROFILE = JSON.stringify(MIXED);
const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);

/** In a folder of its own, which is also that of the queue. */
async function push(files: Record<string, string>, args: string[], env: Record<string, string> = {}) {
  return withFolder(files, async (cwd) => {
    const result = await runCli(["push", ...args], { cwd, env: { TMPDIR: cwd, ...env } });
    return { ...result, waiting: waitingIn(cwd) };
  });
}

describe("mprof push", function () {
  this.timeout(60_000);

  it("sends a request as Pyroscope's client for Node does, byte by byte but for what it says of itself", () =>
    withIngest(async ({ url, taken }) => {
      const { code, stdout, stderr } = await push(
        { "p.json": PROFILE },
        ["--pyroscope", url, "--application", "shop", "--label", "region=eu west", "--label", "pod=a/1", "p.json"],
        { MPROF_PUSH_AUTH: "Bearer secret", MPROF_PUSH_TENANT: "team-a" },
      );
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `1 profile sent to ${url}/ingest\n`);
      const [{ method, url: path, rawHeaders, body, profile }] = taken as [(typeof taken)[0]];
      const parameters = CLIENT.parameters
        .join("&")
        .replace("<scope>", "")
        .replace(/=17\d{8}/g, "=<time>");
      assert.equal(
        `${method} ${path.replace(/=17\d{8}/g, "=<time>")}`,
        `${CLIENT.method} ${CLIENT.path}?${parameters}`,
      );
      const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1]!]] : []));
      const own = headers.filter(([name]) => name !== "host" && name !== "content-length");
      assert.deepEqual(own, Object.entries(CLIENT.headers));
      assert.ok(body.toString("hex").startsWith(CLIENT.bodyBegins));
      assert.equal(profile.mappings, CLIENT.profile.mappings);
      assert.equal(profile.periodType !== undefined, CLIENT.profile.hasPeriodType);
      assert.equal(profile.locationIds[0], CLIENT.profile.locationIdsFrom);
    }));

  it("has the time of the profile, every row by name below its function, and no negative value", () =>
    withIngest(async ({ url, taken }) => {
      await push({ "p.json": PROFILE }, ["--pyroscope", `${url}/`, "p.json"]);
      const [{ query, profile }] = taken as [(typeof taken)[0]];
      assert.deepEqual([query.get("from"), query.get("until")], ["1790000000", "1790000002"]);
      assert.equal(profile.timeNanos, 1_790_000_000_000e6);
      assert.equal(profile.durationNanos, 2500e6);
      assert.deepEqual(profile.sampleTypes, [
        ["occurrences", "count"],
        ["rss_given_back", "bytes"],
        ["rss", "bytes"],
      ]);
      assert.deepEqual(profile.periodType, ["rss", "bytes"]);
      const rows = measure(MIXED).flatMap(({ rows }) => rows);
      assert.equal(profile.samples.length, rows.length);
      const values = profile.samples.map(({ values }) => values);
      assert.equal(sum(values.map(({ rss, rss_given_back: back }) => rss! - back!)), MIXED_NET);
      assert.ok(values.every((each) => Object.values(each).every((value) => value >= 0)));
      assert.deepEqual(profile.samples[1], {
        stack: ["src/app.ts:load:3@3", "src/app.ts:load@1"],
        values: { occurrences: 3, rss_given_back: 0, rss: 8_003_584 },
      });
    }));

  it("names the program as its package.json, or its folder, and takes what variables say", () =>
    withIngest(async ({ url, taken }) => {
      const manifest = '{ "name": "@org/shop" }';
      await push({ "p.json": PROFILE, "package.json": manifest }, ["p.json"], {
        MPROF_PUSH_URL: url.replace("//", "//me:p%40ss@"),
        MPROF_PUSH_LABELS: "region=eu,pod=a1",
      });
      const [{ query, rawHeaders }] = taken as [(typeof taken)[0]];
      assert.equal(query.get("name"), "org/shop{region=eu,pod=a1}");
      const basic = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
      assert.equal(rawHeaders[rawHeaders.indexOf("authorization") + 1], basic);
    }));

  it("is taken by the server's own rules: of any package and folder, of a source of one's own, and of many rows", () =>
    withIngest(async ({ url, taken }) => {
      const named = async (name: string) => {
        const manifest = JSON.stringify({ name });
        const { code, stderr } = await push({ "p.json": PROFILE, "package.json": manifest }, [
          "--pyroscope",
          url,
          "p.json",
        ]);
        assert.equal(code, 0, stderr);
        return taken.at(-1)!.query.get("name");
      };
      assert.equal(await named("@org/my-shop.web"), "org/my-shop.web");
      assert.equal(await named("ein Käse{x}"), "ein_K_se_x_");
      const figures = { "my-source": { usage: 5, increment: 3 } };
      const own = sampleListing("f", [["f() {", 0, { figures }]], { baseline: {}, metrics: ["my-source"] });
      const custom = JSON.stringify(sampleProfile([own], { backend: "my-source", metrics: ["my-source"] }));
      const sent = await push({ "p.json": custom }, ["--pyroscope", url, "p.json"]);
      assert.equal(sent.code, 0, sent.stderr);
      assert.deepEqual(
        taken.at(-1)!.profile.sampleTypes.map(([type]) => type),
        ["occurrences", "my_source_given_back", "my_source"],
      );
    }));

  it("of more rows than a server takes has those that took least in one sample of their function", () =>
    withIngest(async ({ url, taken }) => {
      const rows = Array.from({ length: 300 }, (_, i): [string, number] => [`  line ${i};`, i * 100]);
      const many = sampleProfile(Array.from({ length: 60 }, (_, i) => sampleListing(`f${i}`, rows)));
      const { code, stderr } = await push({ "p.json": JSON.stringify(many) }, ["--pyroscope", url, "p.json"]);
      assert.equal(code, 0, stderr);
      const { samples } = taken[0]!.profile;
      assert.ok(samples.length > 15_000 && samples.length <= 16_000, `${samples.length}`);
      const whole = measure(many).flatMap((each) => each.rows);
      assert.equal(
        sum(samples.map(({ values }) => values.rss! - values.rss_given_back!)),
        sum(whole.map(({ increment }) => increment)),
      );
      assert.equal(sum(samples.map(({ values }) => values.occurrences!)), whole.length);
      const [rest] = samples.filter(({ stack }) => stack.length === 1);
      assert.match(rest!.stack[0]!, /^src\/app\.ts:f0@1$/);
    }));

  it("tries again while the server cannot, as long as that says, and shows progress", () =>
    withIngest(async ({ url, taken, answers }) => {
      answers.push({ status: 503, text: "warming\n up" }, { status: 429, headers: { "retry-after": "1" } });
      const began = Date.now();
      const { code, stderr, stdout, waiting } = await push({ "a.json": PROFILE, "b.json": PROFILE }, [
        "--pyroscope",
        url,
        "a.json",
        "b.json",
      ]);
      assert.equal(code, 0, stderr);
      assert.ok(Date.now() - began > 1300);
      assert.match(
        stderr,
        /^\[mprof\] HTTP 503, warming up: attempt 2 of 5 in 0\.[3-7] s\n\[mprof\] HTTP 429: attempt 3/,
      );
      assert.match(stderr, /\[mprof\] 1 of 2 sent\n\[mprof\] 2 of 2 sent\n$/);
      assert.match(stdout, /^2 profiles sent to /);
      assert.deepEqual(taken[0]!.body, taken[2]!.body);
      assert.equal(taken.length, 4);
      assert.deepEqual(waiting, []);
    }));

  it("does not send again what is refused, and says why", () =>
    withIngest(async ({ url, taken, answers }) => {
      answers.push({ status: 422, text: "profile is too old" });
      const { code, stderr, waiting } = await push({ "p.json": PROFILE }, ["--pyroscope", url, "p.json"]);
      assert.equal(code, 2);
      assert.match(stderr, /^\[mprof\] \S+\/ingest refuses 1 profile: HTTP 422, profile is too old\n {2}They are not/);
      assert.equal(taken.length, 1);
      assert.deepEqual(waiting, []);
    }));

  it("keeps what a server did not take that is away, without who it is sent as, and sends it the next time", () =>
    withFolder({ "p.json": PROFILE }, async (cwd) => {
      let closed = "";
      await withIngest(async ({ url }) => {
        closed = url;
      });
      const env = { TMPDIR: cwd, MPROF_PUSH_AUTH: "Bearer secret" };
      const away = await runCli(["push", "--pyroscope", closed, "p.json"], { cwd, env });
      assert.equal(away.code, 2);
      assert.match(away.stderr, /\[mprof\] ECONNREFUSED: attempt 5 of 5 in \d+\.\d s\n/);
      assert.match(
        away.stderr,
        /does not answer: ECONNREFUSED\n {2}1 profile waits; mprof push --pyroscope \S+ sends what/,
      );
      const [name] = waitingIn(cwd) as [string];
      const [queue] = readdirSync(cwd).filter((each) => each.startsWith("mprof-push-")) as [string];
      const kept = readFileSync(join(cwd, queue, name));
      assert.ok(!kept.includes("secret"));
      // The queue is by server: the same file for one that is there.
      await withIngest(async ({ url, taken }) => {
        const parcel = {
          search: kept.toString("utf8", 0, kept.indexOf("\n")),
          body: kept.subarray(kept.indexOf("\n") + 1),
        };
        new PushQueue(`${url}/ingest`, join(cwd, queue)).add(parcel);
        const later = await runCli(["push", "--pyroscope", url], { cwd, env });
        assert.equal(later.code, 0, later.stderr);
        assert.equal(taken[0]!.profile.samples.length, 6);
        assert.deepEqual(waitingIn(cwd), [name]);
      });
    }));

  const wrong: [says: string, args: string[], env: Record<string, string>, message: RegExp][] = [
    [
      "no server",
      ["p.json"],
      {},
      /^\[mprof\] no server is named\n {2}Add --pyroscope <url>, or set MPROF_PUSH_URL\.\n$/,
    ],
    ["no URL", ["--pyroscope", "localhost:4040", "p.json"], {}, /It must be the URL of a server, as http/],
    ["a port too large", ["--pyroscope", "http://h:99999", "p.json"], {}, /^\[mprof\] the server is no URL\n {2}Write/],
    ["no label", ["--pyroscope", "http://h", "--label", "a=b,c", "p.json"], {}, /It must be a name and its value, as/],
    [
      "no labels",
      ["--pyroscope", "http://h"],
      { MPROF_PUSH_LABELS: "a" },
      /MPROF_PUSH_LABELS must be labels .*: "a"\n/,
    ],
    [
      "no header",
      ["--pyroscope", "http://h"],
      { MPROF_PUSH_AUTH: "a\nb" },
      /MPROF_PUSH_AUTH is no value of a header\n/,
    ],
    [
      "a name that the server refuses",
      ["--pyroscope", "http://h", "--application", "@org/shop", "p.json"],
      {},
      /--application.*'@org\/shop' is invalid\. It must be a name of letters, digits, _, \., - and \//,
    ],
    ["no file", ["--pyroscope", "http://h", "no.json"], {}, /^\[mprof\] there is no such file: no\.json\n/],
    ["nothing", ["--pyroscope", "http://h"], {}, /^\[mprof\] there is nothing to send\n {2}Name a profile\.\n$/],
  ];
  for (const [says, args, env, message] of wrong) {
    it(`refuses ${says} in a line with its cure`, async () => {
      const { code, stderr } = await push({ "p.json": PROFILE }, args, env);
      assert.match(stderr, message);
      assert.equal(code, 2);
    });
  }
});

describe("the queue of what is to be sent", () => {
  const parcel = (bytes: number) => ({ search: "?a=1", body: new Uint8Array(bytes) });

  it("has 100 files and 32 MiB at most: the oldest go", () =>
    withFolder({}, async (folder) => {
      const many = new PushQueue("http://a/ingest", folder);
      for (let i = 0; i < 100; i++) assert.equal(many.add(parcel(i)), 0);
      assert.equal(many.add(parcel(1000)), 1);
      assert.equal(many.claim(new Set())!.parcel.body.length, 1);
      const large = new PushQueue("http://b/ingest", folder);
      for (const size of [20, 11, 2]) large.add(parcel(size * 2 ** 20));
      assert.equal(large.length, 2);
      assert.equal(large.claim(new Set())!.parcel.body.length, 11 * 2 ** 20);
    }));

  it("gives a parcel to one sender, and that of one that is gone to the next", () =>
    withFolder({}, async (folder) => {
      const queue = new PushQueue("http://a/ingest", folder);
      queue.add(parcel(1));
      const claimed = queue.claim(new Set())!;
      assert.equal(queue.claim(new Set()), undefined);
      claimed.release();
      assert.ok(queue.claim(new Set()));
      const [name] = readdirSync(folder) as [string];
      writeFileSync(join(folder, name.replace(/\.\d+$/, ".999999999")), "?a=2\nxx");
      const orphan = queue.claim(new Set())!;
      assert.deepEqual([orphan.parcel.search, orphan.parcel.body.length], ["?a=2", 2]);
    }));
});

describe("what a program did since a profile", () => {
  const rows = (first: number, second: number, occurrences: number): ListingProfile =>
    sampleListing("load", [
      ["load() {", first],
      ["  take();", second, { occurrences }],
    ]);
  const at = (taken: number, ...listings: ListingProfile[]): Profile => sampleProfile(listings, { taken });

  it("is the difference of rows, without the reading on entry, from then to now", () => {
    const before = at(2000, { ...rows(10, 300, 3), calls: 3 });
    const now = at(5000, { ...rows(10, 700, 5), calls: 5 }, sampleListing("fresh", [["fresh() {", 40]]));
    const since = profileSince(before, now);
    assert.deepEqual([since.started, since.taken], [2000, 5000]);
    assert.deepEqual(
      measure(since).map(({ name, calls, net }) => [name, calls, net]),
      [
        ["load", 2, 400],
        ["fresh", 1, 40],
      ],
    );
    assert.equal(since.listings[0]!.rows[1]!.data!.occurrences, 2);
    assert.ok(!isEmpty(since));
    assert.ok(isEmpty(profileSince(now, now)));
    assert.equal(profileSince(undefined, now), now);
  });

  it("has what was freed since", () => {
    const followed = (taken: number, increment: number, freed: number, count: number) => {
      const data = { figures: { rss: { usage: 9, increment, freed } }, collections: count };
      const listing = sampleListing("f", [["f() {", increment, data]]);
      const between = { count: 1, freed: { rss: count } };
      return sampleProfile([listing], { taken, collections: { count: count + 1, between } });
    };
    const since = profileSince(followed(2000, 5, 100, 2), followed(5000, -30, 170, 5));
    const { data } = since.listings[0]!.rows[0]!;
    assert.deepEqual([data!.figures.rss!.freed, data!.collections], [70, 3]);
    assert.deepEqual(since.collections, { count: 3, between: { count: 0, freed: { rss: 3 } } });
  });

  it("is all of it where figures were forgotten meanwhile", () => {
    const since = profileSince(at(2000, { ...rows(10, 300, 3), calls: 3 }), at(5000, rows(10, 100, 1)));
    assert.equal(measure(since)[0]!.net, 110);
  });
});
