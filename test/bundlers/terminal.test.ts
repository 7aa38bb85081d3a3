import assert from "node:assert/strict";
import { TerminalReport } from "../../plugin/unplugin/dev/terminal.ts";

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("the profile of a page in the terminal", () => {
  it("is printed once figures have come to rest, its latest state, and once", async () => {
    const printed: string[] = [];
    const report = new TerminalReport((text) => printed.push(text), { rest: 60, longest: 5000 });
    for (const text of ["a", "b", "c"]) report.update(text);
    assert.deepEqual(printed, []);
    await wait(150);
    report.update("c");
    await wait(150);
    assert.deepEqual(printed, ["c"]);
  });

  it("is printed now and then while they do not", async () => {
    const printed: string[] = [];
    const report = new TerminalReport((text) => printed.push(text), { rest: 10_000, longest: 100 });
    for (let i = 0; i < 30; i++) {
      report.update(String(i));
      await wait(10);
    }
    assert.ok(printed.length >= 1 && printed.length <= 4, `${printed.length} times`);
    report.flush();
    assert.equal(printed.at(-1), "29");
  });

  it("gives no commands to the terminal", () => {
    const printed: string[] = [];
    const report = new TerminalReport((text) => printed.push(text));
    report.update("a\x1b[2Jb\r\n\tc\x07\x9b5m");
    report.flush();
    assert.deepEqual(printed, ["a[2Jb\n\tc5m"]);
  });
});
