/** React by Vite's plug-in; React's own compiler, which memoises what it understands; styled-jsx, which reads its styles. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openCompilers } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { assertSame, buildWithVite, INSTRUMENTED, type Mode, type Outcome, readBuilt, runNode } from "./programs.ts";

const packages = openCompilers();
const CODE = "MPROF_REACT_COMPILER";

describe("React", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const project = packages.project("react");
  after(() => project.remove());
  let react: () => unknown;
  let plain: Outcome;

  async function render(mode: Mode) {
    const settings = { folder: project.folder, mode, entry: "src/server.tsx", plugins: () => [react()] };
    const built = await buildWithVite(packages!, settings);
    return { built, outcome: await runNode([join(built.folder, "main.mjs")], project.folder) };
  }

  before(async () => {
    react = (await packages.load<{ default: typeof react }>("@vitejs/plugin-react")).default;
    plain = (await render("plain")).outcome;
    assert.match(plain.did.stdout, /<li class="dark">pear<b>1<\/b><\/li>.*<i>7<\/i>/);
  });

  for (const mode of INSTRUMENTED) {
    it(`${mode}: the same HTML, rows for statements and for what elements hold, and no warning`, async () => {
      const { built, outcome } = await render(mode);
      assertSame(plain, outcome, built.code);
      assert.deepEqual(built.warnings, []);
      assert.equal(rowOf(outcome.report, "const id = useId();")?.occurrences, 2, outcome.report);
      assert.equal(rowOf(outcome.report, "const theme = use(Theme);")?.occurrences, 4);
      assert.equal(rowOf(outcome.report, "<b>{row.id}</b>")?.occurrences, 2);
    });
  }
});

/**
 * What holds: with the compiler's default options the build never fails. A component with probes is either memoised as
 * without us, or it is not and then one warning says so, however many there are; components without probes are memoised.
 */
describe("React's compiler", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const project = packages.project("react-compiler");
  after(() => project.remove());

  // A bundle writes `(0, import_compiler_runtime.c)(7)`.
  const memoised = (code: string) => code.match(/\b(?:_c|\w*compiler_?runtime\w*\.c\))\(\d+\)/gi)?.length ?? 0;
  const isMemoised = (code: string) => memoised(code) > 0;

  async function compile(mode: Mode) {
    const { did } = await runNode(["compile.mjs", mode], project.folder);
    assert.equal(did.code, 0, did.stderr);
    return JSON.parse(did.stdout) as { code: Record<string, string>; warnings: string[] };
  }

  it("memoises each component of the project as it is", async () => {
    const { code } = await compile("plain");
    for (const file of ["List.jsx", "Other.jsx", "Page.jsx"]) assert.ok(isMemoised(code[file]!), file);
  });

  for (const mode of INSTRUMENTED) {
    it(`${mode}, in one Babel configuration: compiles, and says once that memoisation is lost`, async () => {
      const { code, warnings } = await compile(mode);
      const profiled = mode === "all" ? ["List.jsx", "Other.jsx", "Page.jsx"] : ["List.jsx", "Other.jsx"];
      for (const file of profiled) assert.match(code[file]!, /__mp\.line\(/, file);
      if (mode === "marked") assert.ok(isMemoised(code["Page.jsx"]!), "what has no mark is memoised");
      const isLost = profiled.some((file) => !isMemoised(code[file]!));
      assert.deepEqual(warnings, isLost ? [CODE] : []);
    });
  }

  describe("behind Vite's plug-in", () => {
    type Make = (options?: object) => unknown;
    let plugins: () => unknown[];
    let plain: Awaited<ReturnType<typeof render>>;

    async function render(mode: Mode) {
      const settings = { folder: project.folder, mode, entry: "src/server.jsx", plugins };
      const built = await buildWithVite(packages!, settings);
      return { built, outcome: await runNode([join(built.folder, "main.mjs")], project.folder) };
    }

    before(async () => {
      const react = await packages.load<{ default: Make; reactCompilerPreset: Make }>("@vitejs/plugin-react");
      const { default: babel } = await packages.load<{ default: Make }>("@rolldown/plugin-babel");
      // The preset leaves out what is built for a server, unless it is told of a client.
      const preset = react.reactCompilerPreset() as { rolldown: { applyToEnvironmentHook?: unknown } };
      delete preset.rolldown.applyToEnvironmentHook;
      plugins = () => [react.default(), babel({ presets: [preset] })];
      plain = await render("plain");
      assert.ok(isMemoised(plain.built.code), "the compiler is at work");
      assert.match(plain.outcome.did.stdout, /<li>2<\/li><li>3<\/li>/);
    });

    for (const mode of INSTRUMENTED) {
      it(`${mode}: the same HTML, and it is said once that memoisation is lost`, async () => {
        const { built, outcome } = await render(mode);
        assertSame(plain.outcome, outcome, built.code);
        assert.equal(rowOf(outcome.report, "const shown = rows.filter(")?.occurrences, 4, outcome.report);
        const isLost = memoised(built.code) < memoised(plain.built.code);
        assert.equal(built.warnings.filter((text) => text.includes(CODE)).length, isLost ? 1 : 0);
      });
    }
  });
});

describe("styled-jsx", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const project = packages.project("styled-jsx");
  after(() => project.remove());
  let plain: Outcome;

  async function render(mode: Mode): Promise<Outcome> {
    const { did } = await runNode(["compile.cjs", mode], project.folder);
    assert.equal(did.code, 0, did.stderr);
    return runNode([join("out", mode, "server.js")], project.folder);
  }

  before(async () => {
    plain = await render("plain");
    assert.match(plain.did.stdout, /color:red.*margin:3px.*width:200px/s);
  });

  for (const mode of INSTRUMENTED) {
    it(`${mode}: the same HTML and the same CSS, and rows for statements`, async () => {
      const outcome = await render(mode);
      assertSame(plain, outcome, readBuilt(join(project.folder, "out", mode)).code);
      assert.equal(rowOf(outcome.report, "const width = isWide")?.occurrences, 1, outcome.report);
      assert.equal(rowOf(outcome.report, 'const text = "plain";')?.occurrences, 1);
    });
  }
});
