/** docs/production.md, "What an image needs": compiled programs run beside the runtime alone, bundles beside nothing. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./support/load-fixture.ts";
import { BIN, rowOf, runProcess } from "./support/run-cli.ts";
import { scratchFolder } from "./support/scratch.ts";
import { createProject } from "./support/typescript-project.ts";

const PROGRAM = `import { configure, profile } from "mprof/runtime";
configure({ precision: 2 });
// @profile
export function rows(n: number): number[] {
  return new Array(n).fill(1);
}
console.log(rows(3).length, typeof profile);
`;
const PAGE = readFileSync(join(ROOT, "docs/production.md"), "utf8").split("\n## What an image needs\n")[1]!;
const blockOf = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(PAGE)![1]!;

describe("an image of a program", function () {
  this.timeout(120_000);
  let image: string;

  before(() => {
    image = scratchFolder();
    // Of the registry's package the command takes the one that is here.
    const commands = blockOf("sh").replace("npm pack mprof", `npm pack "${ROOT}" --ignore-scripts`);
    execFileSync("sh", ["-ec", commands], { cwd: image, stdio: "ignore" });
  });

  function compiled(type: string) {
    const options = {
      target: "es2022",
      module: "nodenext",
      outDir: "out",
      rootDir: "src",
      strict: true,
      skipLibCheck: true,
      types: [],
    };
    const project = createProject({
      "package.json": JSON.stringify({ type }),
      "tsconfig.json": JSON.stringify({ compilerOptions: options, include: ["src"] }),
      "src/main.ts": PROGRAM,
    });
    return project;
  }

  async function reports(folder: string, script: string) {
    const { stdout, stderr, code } = await runProcess(process.execPath, [script], { cwd: folder });
    assert.deepEqual([stderr, code], ["", 0]);
    assert.match(stdout, /^3 function\nFilename: src\/main\.ts\n/);
    assert.equal(rowOf(stdout, "return new Array(n)")!.occurrences, 1);
  }

  for (const type of ["module", "commonjs"]) {
    it(`needs the runtime and no dependency of it, by the documented command: ${type}`, async () => {
      const project = compiled(type);
      const { code, stdout } = await project.node(BIN, "build", "--out", "out");
      assert.equal(`${stdout}${code}`, "0");
      const app = join(image, type);
      cpSync(join(project.folder, "out"), app, { recursive: true });
      writeFileSync(join(app, "package.json"), JSON.stringify({ type }));
      project.remove();
      assert.deepEqual(readdirSync(join(image, "node_modules")), ["mprof"]);
      await reports(image, join(type, "main.js"));
    });
  }

  it("needs the same files by COPY", async () => {
    const stage = scratchFolder();
    for (const line of blockOf("dockerfile").trim().split("\n")) {
      const [, from, to] = /^COPY --from=build \/app\/node_modules\/mprof\/(\S+) (\S+)$/.exec(line)!;
      mkdirSync(join(stage, to!), { recursive: true });
      cpSync(join(ROOT, from!), to!.endsWith("/") ? join(stage, to!, "package.json") : join(stage, to!), {
        recursive: true,
      });
    }
    renameSync(join(image, "module"), join(stage, "module"));
    await reports(stage, "module/main.js");
  });

  it("needs nothing beside a bundle", async () => {
    const project = compiled("module");
    await project.node(BIN, "build", "--out", "out");
    const folder = scratchFolder();
    const outfile = join(folder, "main.mjs");
    const entryPoints = [join(project.folder, "out/main.js")];
    await build({ entryPoints, bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
    project.remove();
    assert.ok(!existsSync(join(folder, "node_modules")));
    await reports(folder, "main.mjs");
  });
});
