import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { bracketsOf } from "../../cli/plot/brackets.ts";
import { curvesOf } from "../../cli/plot/curves.ts";
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
