import assert from "node:assert/strict";
import { profileProblem } from "../../contract/check-profile.ts";
import { createTestRuntime } from "../runtime/test-runtime.ts";

const HTML = "<img src=x onerror=alert(1)>";

function profile() {
  const { module, runtime } = createTestRuntime();
  const activation = module({}).enter(0);
  activation.line(2);
  activation.exit();
  return JSON.parse(JSON.stringify(runtime.getProfile()));
}

/** Every place of a document that holds a number, as a way to set it. */
function numbersIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value === "number") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => numbersIn(each, [...path, name]));
}

describe("a profile from outside", () => {
  it("is one as the runtime makes it", () => assert.equal(profileProblem(profile()), null));

  it("is none where a text stands for a number that is shown", () => {
    const shown = numbersIn(profile()).filter(([name]) => name !== "host" && name !== "started");
    assert.ok(shown.length > 10);
    for (const path of shown.filter((each) => !each.includes("aside"))) {
      const changed = profile();
      const last = path.at(-1)!;
      const holder = path.slice(0, -1).reduce((each, name) => each[name], changed);
      holder[last] = HTML;
      assert.notEqual(profileProblem(changed), null, path.join("."));
    }
  });

  it("is none where anything is missing, and never throws", () => {
    for (const value of [null, 7, "", [], {}, { ...profile(), listings: [null] }, { ...profile(), metrics: [] }])
      assert.notEqual(profileProblem(value), null, JSON.stringify(value));
  });
});
