import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as Babel from "@babel/core";
import ts from "typescript";
import babelPlugin from "../../plugin/node/babel.ts";
import { createHost } from "../../plugin/node/host.ts";
import { factsOf } from "../../plugin/node/project-facts.ts";
import { instrument } from "../../plugin/node/source.ts";
import { createTypeScriptPlugin } from "../../plugin/typescript/index.ts";
import { scratchFolder } from "../support/scratch.ts";

/** Which JSX a file has: what its project says, what its settings say, what it imports. */
describe("the flavour of JSX", () => {
  const BODY = "// @profile\nexport function View(props) {\n  const first = [1];\n  return (\n    <p>\n";
  const VIEW = `${BODY}      {\n        props.read() + first\n      }\n    </p>\n  );\n}\n`;
  const depends = (on: object) => JSON.stringify({ name: "app", type: "module", ...on });
  const LEFT_WHOLE: Record<string, Record<string, string>> = {
    "a dependency": { "package.json": depends({ dependencies: { "solid-js": "^1.9.0" } }) },
    "a peer dependency": { "package.json": depends({ peerDependencies: { "solid-js": "^1.9.0" } }) },
    "a development dependency": { "package.json": depends({ devDependencies: { "solid-js": "^1.9.0" } }) },
    "jsxImportSource in tsconfig.json": {
      "tsconfig.json":
        '{\n  // of the app\n  "compilerOptions": { "jsx": "preserve", "jsxImportSource": "solid-js" },\n}\n',
    },
    "an import": { "src/View.jsx": `import { onMount } from "solid-js";\nonMount(() => {});\n${VIEW}` },
    "a pragma": { "src/View.jsx": `/** @jsxImportSource solid-js */\n${VIEW}` },
    "a dependency, of Vue": { "package.json": depends({ dependencies: { vue: "^3.5.0" } }) },
    "a dependency, of Qwik": { "package.json": depends({ dependencies: { "@builder.io/qwik": "^1.9.0" } }) },
  };
  const WITH_ROWS: Record<string, Record<string, string>> = {
    React: { "package.json": depends({ dependencies: { react: "^19.0.0" } }) },
    Preact: { "package.json": depends({ dependencies: { preact: "^10.0.0" } }) },
    "nothing known": {},
  };

  type Compile = (code: string, filename: string, root: string, isOn: boolean) => string;
  const BACK_ENDS: Record<string, Compile> = {
    source: (code, filename, root, isOn) =>
      isOn ? instrument(code, { filename, root, embedSource: false })!.code : code,
    babel(code, filename, root, isOn) {
      const plugins = isOn ? [[babelPlugin, { root, embedSource: false }]] : [];
      const settings = { filename, cwd: root, configFile: false, babelrc: false, parserOpts: { plugins: ["jsx"] } };
      return Babel.transformSync(code, { ...settings, plugins } as Babel.TransformOptions)!.code!;
    },
    typescript(code, filename, root, isOn) {
      const settings = join(root, "tsconfig.json");
      const read = existsSync(settings) ? ts.readConfigFile(settings, ts.sys.readFile).config.compilerOptions : {};
      const options = {
        ...read,
        jsx: ts.JsxEmit.Preserve,
        target: ts.ScriptTarget.ESNext,
        module: ts.ModuleKind.ESNext,
      };
      const { createTransformer } = createTypeScriptPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }));
      const file = ts.createSourceFile(filename, code, ts.ScriptTarget.Latest, true);
      const transformers = isOn ? [createTransformer(undefined, { root, embedSource: false }, ts)] : [];
      return ts.createPrinter().printFile(ts.transform(file, transformers, options).transformed[0]!);
    },
  };

  function compile(files: Record<string, string>, backEnd: string) {
    const root = scratchFolder();
    const all: Record<string, string> = { "package.json": depends({}), "src/View.jsx": VIEW, ...files };
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const filename = join(root, "src/View.jsx");
    const [plain, code] = [false, true].map((isOn) => BACK_ENDS[backEnd]!(all["src/View.jsx"]!, filename, root, isOn));
    const element = /<p>[\s\S]*<\/p>/;
    return { plain: element.exec(plain!)![0], element: element.exec(code!)![0], code: code! };
  }

  for (const backEnd of Object.keys(BACK_ENDS)) {
    for (const [name, files] of Object.entries(LEFT_WHOLE)) {
      it(`${backEnd}: ${name}: the element is left whole, statements have probes`, () => {
        const { plain, element, code } = compile(files, backEnd);
        assert.equal(element, plain);
        assert.match(code, /__mp\.line\(\d+\);\s*const first/);
      });
    }
    for (const [name, files] of Object.entries(WITH_ROWS)) {
      it(`${backEnd}: ${name}: what the element holds has a row`, () => {
        const { element } = compile(files, backEnd);
        assert.match(element, /__mp\.line\(7\)/);
      });
    }
  }
});
