import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import vm from "node:vm";
import { RUNTIME_MODULE } from "../../contract/runtime-module.ts";
import { readHeader, type TestHeader, textOf, type Variant } from "./read-test.ts";
import { createRealm, type Realm } from "./realm.ts";

/** How a text is changed before it is run; the original is run as it is. */
export interface Compiler {
  /** Compiled harness files are kept under this name. */
  name: string;
  compile(text: string, path: string, isModule: boolean): string;
}

export interface Test {
  /** Folder of the checkout. */
  root: string;
  /** `test/language/…`, below the root. */
  path: string;
  text: string;
  header: TestHeader;
}

/** `pass`, or the error: `TypeError: message`, `not finished`. */
export type TestOutcome = string;

export const PASS = "pass";
const TURNS = 2000;
const ASYNC_MS = 2000;
const HARNESS = ["assert.js", "sta.js"];

export function readTest(root: string, path: string): Test {
  const text = readFileSync(join(root, path), "utf8");
  return { root, path, text, header: readHeader(text) };
}

/** Runs a test in a realm of its own. */
export async function runTest(test: Test, variant: Variant, compiler: Compiler | null): Promise<TestOutcome> {
  const realm = createRealm();
  const { flags, negative } = test.header;
  try {
    if (variant.mode !== "raw") runHarness(test, realm, compiler);
    const text = textOf(test.text, variant);
    if (variant.mode === "module") await runModule(test, text, realm, compiler);
    else runScript(test, text, realm, compiler);
    if (flags.includes("async")) await finish(realm);
  } catch (error) {
    const said = describe(error);
    return negative && said.split(":")[0] === negative.type ? `${PASS} (${said})` : said;
  }
  if (negative) return `no ${negative.type}`;
  return flags.includes("async") ? asyncOutcome(realm.printed) : PASS;
}

const scripts = new Map<string, vm.Script>();

export function runHarness(
  { root, header: { flags, includes } }: Test,
  { context }: Realm,
  compiler: Compiler | null,
): void {
  const files = [...HARNESS, ...(flags.includes("async") ? ["doneprintHandle.js"] : []), ...includes];
  for (const file of files) {
    const path = join("harness", file);
    const key = `${compiler?.name ?? "original"} ${path}`;
    let script = scripts.get(key);
    if (!script) {
      const text = readFileSync(join(root, path), "utf8");
      script = new vm.Script(compiler ? compiler.compile(text, path, false) : text, { filename: path });
      scripts.set(key, script);
    }
    script.runInContext(context);
  }
}

function runScript(test: Test, text: string, realm: Realm, compiler: Compiler | null): void {
  const code = compiler ? compiler.compile(text, test.path, false) : text;
  const modules = new ModuleLoader(test.root, realm, compiler);
  const script = new vm.Script(code, {
    filename: test.path,
    importModuleDynamically: ((specifier: string) => modules.importFrom(specifier, test.path)) as never,
  });
  script.runInContext(realm.context);
}

async function runModule(test: Test, text: string, realm: Realm, compiler: Compiler | null): Promise<void> {
  const modules = new ModuleLoader(test.root, realm, compiler);
  const module = modules.add(test.path, text);
  await module.link((specifier, from) => modules.load(specifier, from.identifier));
  await module.evaluate();
}

export class ModuleLoader {
  private readonly root: string;
  private readonly realm: Realm;
  private readonly compiler: Compiler | null;
  private readonly modules = new Map<string, vm.Module>();

  constructor(root: string, realm: Realm, compiler: Compiler | null) {
    this.root = root;
    this.realm = realm;
    this.compiler = compiler;
  }

  add(path: string, text: string): vm.SourceTextModule {
    const module = new vm.SourceTextModule(this.compiler ? this.compiler.compile(text, path, true) : text, {
      identifier: path,
      context: this.realm.context,
      importModuleDynamically: ((specifier: string, from: vm.Module) =>
        this.importFrom(specifier, from.identifier)) as never,
    });
    this.modules.set(path, module);
    return module;
  }

  load(specifier: string, from: string): vm.Module {
    const path =
      specifier === RUNTIME_MODULE ? specifier : relative(this.root, join(this.root, dirname(from), specifier));
    const known = this.modules.get(path);
    if (known) return known;
    if (specifier === RUNTIME_MODULE) {
      const table = this.realm.runtime.table.bind(this.realm.runtime);
      return this.synthetic(path, { default: { table } });
    }
    const text = readFileSync(join(this.root, path), "utf8");
    if (!path.endsWith(".json")) return this.add(path, text);
    return this.synthetic(path, {
      default: vm.runInContext(`JSON.parse(${JSON.stringify(text)})`, this.realm.context),
    });
  }

  async importFrom(specifier: string, from: string): Promise<vm.Module> {
    const module = this.load(specifier, from);
    if (module.status === "unlinked") await module.link((name, by) => this.load(name, by.identifier));
    if (module.status === "linked") await module.evaluate();
    return module;
  }

  private synthetic(path: string, values: Record<string, unknown>): vm.Module {
    const evaluate = () => {
      for (const [name, value] of Object.entries(values)) module.setExport(name, value);
    };
    const settings = { identifier: path, context: this.realm.context };
    const module = new vm.SyntheticModule(Object.keys(values), evaluate, settings);
    this.modules.set(path, module);
    return module;
  }
}

/** Waits for `$DONE`. */
export async function finish({ printed }: Realm): Promise<void> {
  const end = Date.now() + ASYNC_MS;
  for (let turn = 0; turn < TURNS && Date.now() < end; turn++) {
    if (printed.some((line) => line.startsWith("Test262:Async"))) return;
    await new Promise((resolve) => (turn < 50 ? setImmediate(resolve) : setTimeout(resolve, 5)));
  }
}

export function asyncOutcome(printed: readonly string[]): TestOutcome {
  const said = printed.find((line) => line.startsWith("Test262:Async"));
  if (said === undefined) return "not finished";
  return said === "Test262:AsyncTestComplete" ? PASS : said.replace("Test262:AsyncTestFailure:", "");
}

/** Errors are those of another realm, and may be anything. */
export function describe(error: unknown): string {
  try {
    const thrown = error as Error;
    return `${thrown.constructor?.name ?? thrown.name}: ${thrown.message}`;
  } catch {
    return "an error that cannot be read";
  }
}
