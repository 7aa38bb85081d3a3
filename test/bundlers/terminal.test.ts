import assert from "node:assert/strict";
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { TerminalReport } from "../../plugin/unplugin/dev/terminal.ts";

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A function of so many rows; `increments` are MiB by row. */
function listing(name: string, first: number, length: number, increments: Record<number, number> = {}): ListingProfile {
  const rows = Array.from({ length }, (_, index) => {
    const text = `${name} ${index}`;
    const increment = index === 0 ? 10 : increments[index];
    if (increment === undefined) return { line: first + index, text };
    const figures = { heap: { usage: 10 * MIB, increment: increment * MIB } };
    return { line: first + index, text, data: { occurrences: 1, figures } };
  });
  return { file: "a.js", name, first, last: first + length - 1, calls: 1, options: {}, rows, aside: {} };
}

function profileOf(listings: ListingProfile[], notes: string[] = []): Profile {
  return { metrics: ["heap"], precision: 1, listings, notes } as unknown as Profile;
}

describe("the profile of a page in the terminal", () => {
  const state = (mib: number) => profileOf([listing("f", 1, 2, { 1: mib })]);
  const figure = (text: string) => Number(/ ([\d.]+) MiB +1 {3}f 1/.exec(text)![1]);

  it("is printed once figures have come to rest, its latest state, and once", async () => {
    const printed: string[] = [];
    const report = new TerminalReport((text) => printed.push(text), { rest: 60, longest: 5000 });
    for (const mib of [1, 2, 3]) report.update(state(mib));
    assert.deepEqual(printed, []);
    await wait(150);
    report.update(state(3));
    await wait(150);
    assert.deepEqual(printed.map(figure), [3]);
  });

  it("is printed now and then while they do not", async () => {
    const printed: string[] = [];
    const report = new TerminalReport((text) => printed.push(text), { rest: 10_000, longest: 100 });
    for (let i = 0; i < 30; i++) {
      report.update(state(i));
      await wait(10);
    }
    assert.ok(printed.length >= 1 && printed.length <= 4, `${printed.length} times`);
    report.flush();
    assert.equal(figure(printed.at(-1)!), 29);
  });

  it("gives no commands to the terminal", () => {
    const printed: string[] = [];
    const report = new TerminalReport((text) => printed.push(text));
    report.update(profileOf([listing("a\x1b[2Jb\r\tc\x07\x9b5m", 1, 1)]));
    report.flush();
    assert.match(printed[0]!, / {3}a\[2Jb\tc5m 0\n/);
  });

  describe("a second time", () => {
    /** What is printed of each profile, one after the other. */
    function print(profiles: Profile[], rows = Infinity, columns = Infinity): string[] {
      let text = "";
      const report = new TerminalReport(
        (printed) => {
          text = printed;
        },
        { screen: () => ({ rows, columns }) },
      );
      return profiles.map((profile) => {
        text = "";
        report.update(profile);
        report.flush();
        return text;
      });
    }
    const texts = (printed: string) => [...printed.matchAll(/ {3}(\w+ \d+)$/gm)].map((match) => match[1]);

    it("has the rows that changed of functions that changed, wherever they moved", () => {
      const [whole, changed, moved] = print([
        profileOf([listing("f", 1, 3, { 1: 1, 2: 1 }), listing("g", 5, 2)]),
        profileOf([listing("f", 1, 3, { 1: 1, 2: 2 }), listing("g", 5, 2)]),
        profileOf([listing("f", 11, 3, { 1: 1, 2: 2 }), listing("g", 15, 2)]),
      ]);
      assert.deepEqual(texts(whole!), ["f 0", "f 1", "f 2", "g 0", "g 1"]);
      assert.match(changed!, /^Filename: a\.js, what changed\n\nLine # .*\n=+\n +3 .*f 2\n$/);
      assert.equal(moved, "");
    });

    it("is whole for a function with another text", () => {
      const [, other] = print([profileOf([listing("f", 1, 2)]), profileOf([listing("f", 1, 3)])]);
      assert.deepEqual(texts(other!), ["f 0", "f 1", "f 2"]);
    });

    it("says a note once", () => {
      const notes = ["Memory is not exact here."];
      const printed = print([1, 2].map((mib) => profileOf([listing("f", 1, 2, { 1: mib })], notes)));
      assert.deepEqual(
        printed.map((text) => text.includes("Note: Memory is not exact here.")),
        [true, false],
      );
    });

    it("fits the screen: the functions that changed most, and how many more", () => {
      const many = (mib: number) => profileOf([1, 5, 9, 3].map((each, i) => listing(`f${i}`, 1, 6, { 1: each * mib })));
      const [first, second] = print([many(1), many(2)], 30);
      assert.deepEqual(
        texts(first!).filter((text) => text!.endsWith(" 0")),
        ["f1 0", "f2 0"],
      );
      assert.match(first!, /\nand 2 more functions that changed$/);
      assert.deepEqual(texts(second!), ["f0 1", "f1 1", "f2 1", "f3 1"]);
      for (const text of [first!, second!]) assert.ok(text.split("\n").length <= 28, text);
    });

    it("counts the lines that long rows take", () => {
      const [wide] = print([profileOf([listing("f", 1, 6), listing("g", 11, 6)])], 30, 25);
      const [wider] = print([profileOf([listing("f", 1, 6), listing("g", 11, 6)])], 30, 80);
      assert.match(wide!, /\nand 1 more function that changed$/);
      assert.doesNotMatch(wider!, /more/);
    });

    it("cuts a function that is longer than the screen", () => {
      const [text] = print([profileOf([listing("f", 1, 100)])], 24);
      assert.match(text!, / and \d+ more rows\n$/);
      assert.ok(text!.split("\n").length <= 22, text);
    });
  });
});
