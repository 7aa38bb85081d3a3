/** The profile as a file: real ones against the schema, and what a reader refuses. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { MprofError } from "../../contract/errors.ts";
import { PROFILE_VERSION } from "../../contract/profile.ts";
import { readProfile } from "../../contract/read-profile.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { MIXED } from "../support/sample-profile.ts";

const PROGRAM = `// @profile
function load(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const row = new Array(16).fill(i);
    sum += row.length;
  }
  return sum;
}
// @profile precision=5 backend=heapUsed
function other() {
  return load(10);
}
load(30000);
other();
`;

const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync("docs/profile.schema.json", "utf8")));

function assertValid(profile: unknown): void {
  assert.ok(validate(profile), JSON.stringify(validate.errors, null, 2));
}

describe("the schema of a profile", () => {
  const ways: string[][] = [
    [],
    ["--mode", "auto"],
    ["--time"],
    ["--mode", "auto", "--time"],
    ["--freed"],
    ["--self"],
    ["--self", "--freed", "--time", "--backend", "all"],
    ["--mode", "auto", "--freed", "--time"],
    ["--freed", "--backend", "all"],
    ["--backend", "all"],
    ["--backend", "time"],
  ];
  for (const flags of ways) {
    it(`takes that of a run with ${flags.join(" ") || "no flags"}, and so does the reader`, () =>
      withFolder({ "app.js": PROGRAM }, async (cwd) => {
        const { code, stderr } = await runCli([...flags, "--json", "p.json", "app.js"], { cwd });
        assert.equal(code, 0, stderr);
        const text = readFileSync(join(cwd, "p.json"), "utf8");
        assertValid(JSON.parse(text));
        const { listings } = readProfile(text);
        assert.deepEqual(
          listings.map(({ name }) => name),
          ["load", "other"],
        );
        for (const { metrics, rows } of listings)
          assert.deepEqual(metrics, Object.keys(rows.find(({ data }) => data)!.data!.figures));
      }));
  }

  it("takes one made by hand, and not one of another format", () => {
    assertValid(MIXED);
    assert.ok(!validate({ ...MIXED, format: "cpuprofile" }));
    assert.ok(!validate({ ...MIXED, version: 2 }));
    assert.ok(!validate({ ...MIXED, listings: [{}] }));
  });
});

describe("a reader of profiles", () => {
  const text = JSON.stringify(MIXED);
  const wrong: [name: string, document: unknown, code: string, what: RegExp][] = [
    [
      "a newer version",
      { ...MIXED, version: PROFILE_VERSION + 1 },
      "MPROF_PROFILE_VERSION",
      /version 2, this mprof reads up to 1\n/,
    ],
    ["a file that is cut off", text.slice(0, -10), "MPROF_PROFILE_FILE", /is cut off, or no JSON/],
    ["no JSON", "Line #", "MPROF_PROFILE_FILE", /this is no profile\n/],
    ["JSON of others", '{"nodes":[]}', "MPROF_PROFILE_FILE", /its format is missing, not "mprof-profile"/],
    ["nothing", null, "MPROF_PROFILE_FILE", /no profile/],
    ["a wrong field", { ...MIXED, readings: "many" }, "MPROF_PROFILE_FILE", /not as it should be: readings/],
  ];
  for (const [name, document, code, what] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => readProfile(document),
        (error) => error instanceof MprofError && error.code === code && what.test(error.message),
      );
    });
  }

  it("takes a text, and what was parsed of it", () => {
    assert.deepEqual(readProfile(text), MIXED);
    assert.deepEqual(readProfile(JSON.parse(text)), MIXED);
  });
});
