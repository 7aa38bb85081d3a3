import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { bracketsOf } from "../../cli/plot/brackets.ts";
import { curvesOf } from "../../cli/plot/curves.ts";
import { flameOf } from "../../cli/plot/flame.ts";
import { shortNames } from "../../cli/plot/short-names.ts";
import { fitLine } from "../../cli/plot/slope.ts";
import { thin } from "../../cli/plot/thin.ts";
import { readDat } from "../../cli/recording/dat.ts";
import { ROOT } from "../support/load-fixture.ts";
import { runCli, withFolder } from "../support/run-cli.ts";

const SAMPLE = join(ROOT, "fixtures/recordings/mprofile_20261122120143.dat");
const CHILDREN = join(ROOT, "fixtures/recordings/mprofile_20261122122202.dat");
const CHROMIUM = "/usr/bin/chromium";

const curves = (file: string, window?: [number, number]) => curvesOf(readDat(readFileSync(file)), window);

describe("what a plot draws", () => {
  it("merges samples with entries and exits, and has the reference's slope and peak", () => {
    const { main, peak } = curves(SAMPLE);
    assert.ok(main.every(({ time }, i) => i === 0 || time >= main[i - 1]!.time));
    assert.ok(Math.abs(fitLine(main).slope - 22.09315) < 1e-4);
    assert.equal(peak.memory.toFixed(2), "168.36");
  });

  it("leaves out calls that are not inside the window", () => {
    assert.deepEqual(
      curves(SAMPLE, [0.5, 2.9]).calls.map(({ name }) => name),
      ["__main__.load", "__main__.inner", "__main__.proc", ".saving"],
    );
    assert.deepEqual(
      curves(SAMPLE, [1, 1.6]).calls.map(({ name }) => name),
      ["__main__.inner"],
    );
  });

  it("shortens names as far as they stay apart", () => {
    const names = ["x.z", "x.y", "x.b", "f.a.b", "g.a.b", "g.a.c", "b.c"];
    assert.deepEqual(Object.fromEntries(shortNames(names)), {
      "x.z": "z",
      "x.y": "y",
      "x.b": "x.b",
      "f.a.b": "f.a.b",
      "g.a.b": "g.a.b",
      "g.a.c": "a.c",
      "b.c": "b.c",
    });
  });

  it("thins curves without losing a peak or a valley", () => {
    const samples = Array.from({ length: 1_000_000 }, (_, i) => ({
      time: i,
      memory: i === 700_001 ? 900 : i === 5 ? -3 : Math.sin(i),
    }));
    const kept = thin(samples, 6000);
    assert.ok(kept.length <= 6000);
    assert.equal(Math.max(...kept.map(({ memory }) => memory)), 900);
    assert.equal(Math.min(...kept.map(({ memory }) => memory)), -3);
    assert.ok(kept.every(({ time }, i) => i === 0 || time > kept[i - 1]!.time));
  });

  it("gives each call of a flame view a row of its own while it lasts, and counts what cannot be seen", () => {
    const call = (name: string, from: number, to: number, level = 0) => ({
      name,
      level,
      enter: { time: from, memory: 1 },
      exit: { time: to, memory: 1 },
    });
    const calls = [call("a", 0, 8), call("b", 1, 6), call("inB", 2, 3, 1), call("late", 8, 9), call("thin", 9, 9.0001)];
    const { drawn, left } = flameOf({ calls, main: [0, 10].map((time) => ({ time, memory: 1 })) });
    assert.deepEqual(
      drawn.map(({ name, row }) => `${name} ${row}`),
      ["a 0", "b 1", "inB 2", "late 0"],
    );
    assert.equal(left, 1);
    const many = Array.from({ length: 5000 }, (_, i) => call("f", i, i + 0.5 + (i % 2) / 4));
    assert.ok(flameOf({ calls: many, main: [] }).drawn.length === 3000);
  });

  it("draws brackets on the same spot once", () => {
    const at = (time: number) => ({ time, memory: 50 });
    const calls = Array.from({ length: 10_000 }, (_, i) => ({
      name: "f",
      level: 0,
      enter: at(i / 1000),
      exit: at(i / 1000 + 0.0005),
    }));
    assert.ok(bracketsOf(calls, { time: 10, memory: 100 }).length <= 2 * 251 * 5);
  });
});

describe("mprof plot", () => {
  it("writes SVG with brackets, legend, title and peak; without them on request", () =>
    withFolder({}, async (cwd) => {
      const draw = async (...flags: string[]) => {
        assert.equal((await runCli(["plot", "-o", "a.svg", ...flags], { cwd })).code, 0);
        return readFileSync(join(cwd, "a.svg"), "utf8");
      };
      const whole = await draw(SAMPLE);
      for (const text of [
        "load 0.970s",
        "inner 2 × 0.892s",
        "proc 1.195s",
        "saving 0.313s",
        "168.36 MiB",
        "/usr/bin/python3 app.py",
        "time (in seconds)",
        "memory used (in MiB)",
      ]) {
        assert.ok(whole.includes(text), text);
      }
      const bare = await draw("-n", "-t", "My title", SAMPLE);
      assert.ok(bare.includes("My title") && !bare.includes("load 0.970s") && !bare.includes("168.36 MiB"));
      assert.ok((await draw("-s", SAMPLE)).includes("slope 22.09315"));
      assert.ok((await draw(CHILDREN)).includes("child 5416"));
      const two = await draw(SAMPLE, CHILDREN);
      assert.ok(!two.includes("168.36 MiB") && !two.includes("load 0.970s") && two.includes("child 5418"));
      const flame = await draw("-f", SAMPLE);
      for (const name of ["load", "proc", "inner", "saving", "stack level"])
        assert.ok(flame.includes(`>${name}<`), name);
    }));

  it("writes PNG, and draws in the terminal", () =>
    withFolder({}, async (cwd) => {
      await runCli(["plot", "-o", "a.png", SAMPLE], { cwd });
      assert.equal(readFileSync(join(cwd, "a.png")).subarray(1, 4).toString(), "PNG");
      const { stdout } = await runCli(["plot", "--terminal", SAMPLE], { cwd });
      assert.match(stdout, /^\/usr\/bin\/python3 app\.py\n {4}168\.4 MiB │/);
      assert.match(stdout, /peak 168\.359 MiB at 1\.81 s\n$/);
    }));

  it("draws 100,000 calls about as soon as 1,000", () =>
    withFolder({}, async (cwd) => {
      const draw = async (calls: number) => {
        const lines = ["CMDLINE app.js\n"];
        for (let i = 0; i < 30; i++) lines.push(`MEM 60.0 ${1.7e9 + i}\n`);
        for (let i = 0; i < calls; i++) {
          const at = (share: number) => (1.7e9 + (30 * (i + share)) / calls).toFixed(4);
          lines.push(`FUNC app.tiny 60.0 ${at(0)} 60.0 ${at(0.5)} 0\n`);
        }
        writeFileSync(join(cwd, "calls.dat"), lines.join(""));
        const begun = performance.now();
        const { code, stderr } = await runCli(["plot", "-o", "a.html", "calls.dat"], { cwd });
        assert.equal(code, 0, stderr);
        return performance.now() - begun;
      };
      const [few, many] = [await draw(1000), await draw(100_000)];
      console.log(`      ${few.toFixed(0)} ms and ${many.toFixed(0)} ms`);
      // It was 84 s; reading 7 MB is what is left.
      assert.ok(many < 4 * few + 2000, `${few} ms, then ${many} ms`);
    }));

  it("draws what the file may say: control characters and infinities", () =>
    withFolder(
      {
        "a.dat":
          "CMDLINE a\u001b]0;x\u0007\u0000 <b> & \uffff\nMEM 1e999 10\nMEM 5 10\nMEM 6 11\nMEM 7 1e999\nFUNC a\u0001.f\u001b[2J 5 10.1 6 10.9 0\n",
      },
      async (cwd) => {
        for (const output of [["-o", "a.svg"], ["-o", "a.png"], ["-o", "a.html"], ["--terminal"]]) {
          for (const title of [[], ["-t", "my\u001btitle"]]) {
            const { code, stdout, stderr } = await runCli(["plot", ...output, ...title, "a.dat"], { cwd });
            assert.equal(code, 0, stderr);
            assert.match(stderr, /^\[mprof\] left out of a\.dat: 2 lines that are no records\n {2}[^\n]+\n$/);
            const name = output[1];
            const text = name === undefined ? stdout : name === "a.png" ? "" : readFileSync(join(cwd, name), "utf8");
            // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
            if (name !== "a.html") assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\uffff]|NaN|Infinity/);
            if (name === "a.svg" && title.length === 0) assert.match(text, /&lt;b&gt; &amp; \ufffd/);
            if (name === undefined && title.length > 0) assert.match(text, /^my\ufffdtitle\n/);
          }
        }
      },
    ));

  it("has no empty panel where a flame view has no calls, and says so", () =>
    withFolder({ "a.dat": "MEM 5 10\nMEM 6 11\n" }, async (cwd) => {
      const { stderr } = await runCli(["plot", "-f", "-o", "a.svg", "a.dat"], { cwd });
      assert.match(
        stderr,
        /^\[mprof\] drawn without --flame: there are no calls\n {2}Mark functions with @profile\.\n$/,
      );
      assert.ok(!readFileSync(join(cwd, "a.svg"), "utf8").includes("stack level"));
      const two = await runCli(["plot", "-f", "-o", "a.svg", SAMPLE, CHILDREN], { cwd });
      assert.match(two.stderr, /^\[mprof\] drawn without --flame: there are several recordings\n/);
    }));

  it("draws a million samples and ten thousand calls into a page and a picture under 3 MiB", () =>
    withFolder({}, async (cwd) => {
      const lines = ["CMDLINE big\n"];
      for (let i = 0; i < 1_000_000; i++)
        lines.push(`MEM ${(50 + (i % 997) / 10).toFixed(6)} ${(1.7e9 + i / 1000).toFixed(4)}\n`);
      for (let i = 0; i < 10_000; i++)
        lines.push(`FUNC app.f${i % 20} 60.0 ${1.7e9 + i / 10}00 70.0 ${1.7e9 + i / 10 + 0.05}00 0\n`);
      writeFileSync(join(cwd, "big.dat"), lines.join(""));
      for (const name of ["big.html", "big.svg"]) {
        assert.equal((await runCli(["plot", "-o", name, "big.dat"], { cwd })).code, 0);
        assert.ok(statSync(join(cwd, name)).size < 3 * 1024 * 1024, `${name}: ${statSync(join(cwd, name)).size}`);
      }
    }));

  it("says in one line what is wrong, and exits with 2", async () => {
    for (const [args, message] of [
      [["plot", "-o", "a.gif", SAMPLE], /a picture of this kind cannot be drawn: "\.gif"/],
      [["plot", "-w", "2,1", SAMPLE], /argument '2,1' is invalid\. It must be two times in seconds/],
      [["plot", "-w", "100,200", SAMPLE], /no memory values of .* lie in the window/],
      [["plot", "-o", "/proc/none/a.svg", SAMPLE], /the picture cannot be written: ENOENT/],
      [["plot", "7"], /there is no recording with the index 7/],
    ] as [string[], RegExp][]) {
      const { code, stderr } = await runCli(args);
      assert.match(stderr, message);
      assert.equal(code, 2);
    }
  });

  const how = existsSync(CHROMIUM) ? "" : " (apt-get install chromium enables this test)";
  it(`makes a page that zooms, shows values and toggles curves, and asks the network for nothing${how}`, async function () {
    if (how !== "") {
      assert.notEqual(process.env.MPROF_TEST_ALL, "1", "Chromium has to be installed here");
      return this.skip();
    }
    await withFolder({}, async (cwd) => {
      await runCli(["plot", "-o", "a.html", SAMPLE], { cwd });
      const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ["--no-sandbox", "--disable-background-networking"],
      });
      try {
        const page = await browser.newPage({ viewport: { width: 1260, height: 560 }, colorScheme: "dark" });
        const requests: string[] = [];
        const errors: string[] = [];
        page.on("request", (request) => requests.push(request.url()));
        page.on("pageerror", (error) => errors.push(error.message));
        await page.goto(pathToFileURL(join(cwd, "a.html")).href);
        await page.mouse.move(500, 200);
        await page.mouse.wheel(0, -400);
        await page.mouse.move(510, 210);
        await page.waitForTimeout(300);
        const seen = await page.evaluate(`(() => {
          const chart = echarts.getInstanceByDom(document.getElementById("plot"));
          const before = chart.getOption();
          chart.dispatchAction({ type: "legendUnSelect", name: "load 0.970s" });
          const { start, end } = before.dataZoom[0];
          const hover = document.getElementById("plot").innerText;
          return { ground: before.backgroundColor, zoomed: end - start < 100, hover, selected: chart.getOption().legend[0].selected };
        })()`);
        const { ground, zoomed, hover, selected } = seen as {
          ground: string;
          zoomed: boolean;
          hover: string;
          selected: Record<string, boolean>;
        };
        assert.match(hover, /\d s\b/);
        await page.setViewportSize({ width: 420, height: 800 });
        await page.waitForTimeout(300);
        const plotWidth = await page.evaluate(
          'echarts.getInstanceByDom(document.getElementById("plot")).getModel().getComponent("grid").coordinateSystem.getRect().width',
        );
        assert.ok((plotWidth as number) > 300, `${plotWidth} px of 420 are left for the curve`);
        assert.equal(ground, "#0d1117");
        assert.ok(zoomed, "the wheel zooms");
        assert.match(hover, /\d+\.\d{3} MiB/);
        assert.equal(selected["load 0.970s"], false);
        assert.deepEqual(errors, []);
        assert.equal(requests.length, 1);
      } finally {
        await browser.close();
      }
    });
  });
});
