import assert from "node:assert/strict";
import { readCommentMarks } from "../../plugin/core/comment-marks.ts";

/** `profile` or `noprofile`, what kind of rest, and its text. */
function read(text: string): string[] {
  return readCommentMarks(text).map(({ noprofile, rest }) =>
    [noprofile ? "noprofile" : "profile", rest.kind, rest.text].join(" ").trimEnd(),
  );
}

describe("readCommentMarks", () => {
  const table: [text: string, marks: string[]][] = [
    [" @profile", ["profile none"]],
    [" @noprofile", ["noprofile none"]],
    ["* @profile ", ["profile none"]],
    ["*\n * Loads.\n * @profile\n ", ["profile none"]],
    [" eslint-disable-next-line // @profile", ["profile none"]],
    [" @profile precision=4", ["profile pairs precision=4"]],
    [' @profile name="my fancy name" precision=4', ['profile pairs name="my fancy name" precision=4']],
    [" @profile({ precision: 4 }) and more", ["profile object { precision: 4 }"]],
    [' @profile({ name: ") }" })', ['profile object { name: ") }" }']],
    // Remarks.
    [" @profile - why", ["profile none"]],
    [" @profile \u2013 why", ["profile none"]],
    [" @profile: why", ["profile none"]],
    [" @profile, as it grows", ["profile none"]],
    [" @profile. It grows", ["profile none"]],
    [" @profile // why", ["profile none"]],
    [" @profile precision=4 -- why", ["profile pairs precision=4"]],
    [" @profile # why", ["profile none"]],
    // Words that are no option.
    [" @profile the next function", ["profile words the next function"]],
    [" @profile (see below", ["profile words (see below"]],
    // No marks.
    [" @profiles", []],
    [" @profile-memory", []],
    [" @profile.all", []],
    [" @profilé", []],
    [" see @profile", []],
    [" see // see @profile", []],
    [" @Profile", []],
    [" profile", []],
    ["", []],
  ];
  for (const [text, marks] of table) {
    it(JSON.stringify(text), () => assert.deepEqual(read(text), marks));
  }

  for (const lineEnd of ["\n", "\r\n", "\r", "\u2028", "\u2029"]) {
    it(`reads each line for itself, ${JSON.stringify(lineEnd)}`, () => {
      assert.deepEqual(read(["*", " * @profile precision=1", " * @noprofile - why", " "].join(lineEnd)), [
        "profile pairs precision=1",
        "noprofile none",
      ]);
    });
  }

  it("says where a mark stands, without its remark", () => {
    const text = "*\r\n * @profile precision=1 - why\r\n ";
    const [mark] = readCommentMarks(text);
    assert.equal(text.slice(mark!.start, mark!.end), "@profile precision=1");
  });

  describe("is linear", () => {
    const long = 100_000;
    const hostile: Record<string, string> = {
      "pairs without an end": ` @profile ${"a=".repeat(long / 2)}b see the notes`,
      "white space": ` @profile${" ".repeat(long)}x`,
      "white space behind another comment": ` x${" // ".repeat(long / 4)}`,
      "white space behind slashes": ` x //${" ".repeat(long)}`,
      "opening brackets": ` @profile${"(".repeat(long)}`,
      "templates that are not closed": ` @profile(${"`${".repeat(long / 3)}`,
      "comments that are not closed": ` @profile(${"/*".repeat(long / 2)}`,
      "classes that are not closed": ` @profile(${"/[".repeat(long / 2)}`,
      quotes: ` @profile name=${'"'.repeat(long)}`,
      backslashes: ` @profile("${"\\".repeat(long)}`,
      slashes: ` @profile(${"/".repeat(long)}`,
      stars: `${"*".repeat(long)} @profile`,
      "many lines": "\n * @profile x".repeat(long / 13),
      "many lines behind other comments": "\n a // b".repeat(long / 8),
      "many lines with brackets": "\n @profile(".repeat(long / 11),
      dashes: ` @profile ${" -".repeat(long / 2)}x`,
    };
    for (const [says, text] of Object.entries(hostile)) {
      it(says, () => {
        // The best of three: other processes take their time, too.
        const times = [1, 2, 3].map(() => {
          const start = performance.now();
          readCommentMarks(text);
          return performance.now() - start;
        });
        const took = Math.min(...times);
        assert.ok(took < 50, `${took.toFixed(0)} ms`);
      });
    }
  });
});
