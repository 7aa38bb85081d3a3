/** `--help`: each command its own options under their headings, and an example. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { SUBCOMMANDS } from "../../cli/commands/index.ts";
import { main } from "../../cli/main.ts";
import { type CommandName, FLAG_GROUPS } from "../../contract/option-row.ts";
import { flagsOf } from "../../contract/options.ts";
import { PROCESS_BACKENDS } from "../../contract/units.ts";

/** What the command says when it runs within this process. */
async function say(...args: string[]): Promise<{ out: string; error: string; code: number }> {
  const said = { out: "", error: "", code: 0 };
  await main(args, {
    out: (text) => (said.out += text),
    error: (text) => (said.error += text),
    cwd: process.cwd(),
    env: {},
    exit: (code) => {
      said.code = code;
    },
  });
  return said;
}

const NAMES = [
  "profile",
  "run",
  "attach",
  "build",
  "plan",
  "marks",
  "plot",
  "list",
  "peak",
  "rm",
  "clean",
  "repl",
  "report",
  "live",
  "leaks",
  "convert",
  "push",
  "merge",
  "diff",
  "check",
  "doctor",
] as const;

describe("--help", () => {
  it("is tried for every command", () =>
    assert.deepEqual(NAMES.toSorted(), ["profile", ...SUBCOMMANDS.keys()].toSorted()));

  for (const name of NAMES) {
    it(`of ${name} has its own options and no others, under their headings, and an example`, async () => {
      const { out, code } = await say(...(name === "profile" ? [] : [name]), "--help");
      assert.equal(code, 0);
      assert.match(out, /^Examples?:$/m);
      const sections = new Map<string, string[]>();
      let heading = "";
      for (const line of out.split("\n")) {
        heading = /^(\w+):$/.exec(line)?.[1] ?? heading;
        const flag = /^ {2}(-.*?)(?: {2}|$)/.exec(line)?.[1];
        if (flag !== undefined) sections.set(heading, [...(sections.get(heading) ?? []), flag]);
      }
      const flags = flagsOf(name as CommandName).filter(({ standing }) => !standing.isHidden);
      for (const group of FLAG_GROUPS) {
        const own = flags.filter(({ row }) => row.group === group);
        const spelled = own.flatMap(({ standing }) => [standing.spelling, ...(standing.opposites ?? []).slice(0, 1)]);
        const general = group !== "Options" ? [] : [...(name === "profile" ? ["-V, --version"] : []), "-h, --help"];
        assert.deepEqual(sections.get(group) ?? [], [...spelled, ...general], group);
      }
    });
  }

  it("is what a flag before a subcommand is sent to: there it would do nothing", async () => {
    const { error, code } = await say("--gc", "run", "app.js");
    assert.equal(error, "[mprof] --gc before run does nothing\n  Flags follow it; mprof run --help lists them.\n");
    assert.equal(code, 2);
  });
});

describe("--backend", () => {
  const page = readFileSync("docs/sources.md", "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)`(.*?) \|/gm)];
  const names = rows.flatMap(([, name, rest]) => [
    name!,
    ...[...rest!.matchAll(/alias `(\w+)`/g)].map(([, alias]) => alias!),
  ]);

  for (const name of names) {
    it(`takes ${name}, which docs/sources.md lists`, async () => {
      assert.match((await say("--backend", name, "no.js")).error, /^\[mprof\] there is no such script/);
      const { error } = await say("run", "--backend", name, "--node", "no.js");
      const isSeenFromOutside = /^psutil/.test(name) || (PROCESS_BACKENDS as readonly string[]).includes(name);
      if (isSeenFromOutside) assert.match(error, /^\[mprof\] there is no such script/);
      else assert.match(error, /Allowed choices are rss, pss, uss, psutil, psutil_pss, psutil_uss\./);
    });
  }

  it("has looked at all of them", () => assert.ok(names.length >= 13, names.join()));
});
