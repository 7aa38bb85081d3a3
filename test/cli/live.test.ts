/** `mprof live`: the figures of a program while it runs. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { type Keys, showLive } from "../../cli/terminal/live-screen.ts";
import { runCli, withFolder } from "../support/run-cli.ts";

const GROWING = `// @profile
function grow() {
  kept.push(new Array(1e5).fill(0));
}
const kept = [];
grow();
console.log("pid", process.pid);
setInterval(grow, 50);
`;

class FakeKeys extends EventEmitter {
  isRaw = false;
  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }
  resume(): this {
    return this;
  }
  pause(): this {
    return this;
  }
}

describe("mprof live", function () {
  this.timeout(30_000);

  it("shows the rows of a program that runs, the largest first, and ends with it", () =>
    withFolder({ "app.js": GROWING }, async (cwd) => {
      const seen: string[] = [];
      let looked: Promise<void> | undefined;
      const look = async (pid: string, kill: (signal: NodeJS.Signals) => void) => {
        // What is kept is up to a second old.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        try {
          for (const args of [["live", pid], ["live"], ["live", "--top", "1", "--columns", "occurrences"]]) {
            const { stdout, stderr, code } = await runCli(args, { cwd });
            assert.equal(code, 0, stderr);
            seen.push(stdout);
          }
        } finally {
          kill("SIGTERM");
        }
      };
      await runCli(["app.js"], {
        cwd,
        onOutput(text, kill) {
          const pid = /pid (\d+)/.exec(text)?.[1];
          if (pid !== undefined) looked ??= look(pid, kill);
        },
      });
      await looked;
      assert.match(seen[0]!, /^\d+: \S*app\.js {3}\d\d:\d\d:\d\d/);
      assert.match(seen[0]!, /MiB +\d+ {3}kept\.push|kept\.push/);
      assert.match(seen[1]!, /grow/);
      assert.match(seen[2]!, /Occurrences {3}Line Contents/);
      assert.doesNotMatch(seen[2]!, /Mem usage/);
    }));

  for (const [what, args, message] of [
    ["a process that is not profiled", ["live", "1"], /^\[mprof\] process 1 does not run under mprof\n/],
    ["a file that there is not", ["live", "nothing.mprof"], /^\[mprof\] there is no such file: nothing\.mprof\n/],
    ["nonsense for an interval", ["live", "-T", "soon"], /^\[mprof\] .*'-T, --interval <seconds>' argument 'soon'/],
  ] as const) {
    it(`says what is wrong about ${what}, and exits with 2`, async () => {
      const { code, stderr, stdout } = await runCli([...args]);
      assert.match(stderr, message);
      assert.equal(stdout, "");
      assert.equal(code, 2);
    });
  }

  it("draws what fits, again and again, and leaves the terminal as it was at q", async () => {
    const keys = new FakeKeys();
    const written: string[] = [];
    let views = 0;
    const io = { out: (text: string) => void written.push(text), screen: { rows: 3, columns: 8 } };
    const view = () => {
      if (++views === 3) setImmediate(() => keys.emit("data", Buffer.from("q")));
      return `view ${views} is long\nsecond\nthird`;
    };
    const began = performance.now();
    assert.equal(await showLive(view, 0.01, keys as unknown as Keys, io), "view 3 is long\nsecond\nthird");
    assert.ok(performance.now() - began < 5000);
    assert.equal(views, 3);
    assert.equal(keys.isRaw, false);
    assert.equal(keys.listenerCount("data"), 0);
    assert.ok(
      written.join("").startsWith("\x1b[?1049h\x1b[?25l\x1b[Hview 1 i\x1b[K\r\nsecond\x1b[K\x1b[J\x1b[Hview 2 i"),
    );
    assert.ok(written.join("").endsWith("\x1b[?25h\x1b[?1049l"));
    assert.doesNotMatch(written.join(""), /third/);
  });

  it("leaves the terminal as it was when there is nothing to show any more, or a fault", async () => {
    const keys = new FakeKeys();
    const written: string[] = [];
    const io = { out: (text: string) => void written.push(text), screen: { rows: 3, columns: 8 } };
    const views = ["first", undefined];
    assert.equal(await showLive(() => views.shift(), 0.01, keys as unknown as Keys, io), "first");
    const fail = () => {
      throw new Error("on purpose");
    };
    await assert.rejects(showLive(fail, 0.01, keys as unknown as Keys, io), /on purpose/);
    assert.equal(keys.isRaw, false);
    assert.equal(written.join("").split("\x1b[?1049l").length, 3);
  });
});
