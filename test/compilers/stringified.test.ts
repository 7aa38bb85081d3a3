/** Functions that go elsewhere as text: what they name must be there, so nothing may be written into them. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { instrument, type Warning } from "../../plugin/node/source.ts";
import { ROOT } from "../support/load-fixture.ts";
import { rowOf } from "../support/run-cli.ts";
import { scratchFolder } from "../support/scratch.ts";
import { assertSame, INSTRUMENTED, type Mode, runNode } from "./programs.ts";

interface Callback {
  /** The statements of a function that takes what it returns from a page. */
  body: string;
  says: string;
}

/** By the method that takes it: the callback is left alone. */
const LEFT_ALONE: Record<string, Callback> = {
  "page.evaluate": {
    body: `const title = await page.evaluate(() => {
      const { title } = document;
      return title.toUpperCase();
    });
    return [title, await page.evaluate((text) => text.length, "abc")];`,
    says: '["T",3]',
  },
  "page.evaluate, with functions inside": {
    body: `return page.evaluate(
      function read(count) {
        const sizes = [];
        // @profile
        function add(size) {
          sizes.push(size);
          return size;
        }
        const twice = (size) => { const two = size * 2; return two; };
        class Row { size(n) { return twice(n); } }
        for (let i = 0; i < count; i++) add(new Row().size(i));
        return sizes.join();
      },
      3,
    );`,
    says: '"0,2,4"',
  },
  "page.evaluate, async": {
    body: `return page.evaluate(async (n) => {
      const value = await n;
      return value;
    }, 5);`,
    says: "5",
  },
  "page.evaluateHandle": {
    body: `const handle = await page.evaluateHandle(() => {
      const { title } = document;
      return title;
    });
    return handle.jsonValue();`,
    says: '"t"',
  },
  "page.$eval": {
    body: `return page.$eval("p", (element, more) => {
      const { textContent } = element;
      return textContent + more;
    }, "!");`,
    says: '"one!"',
  },
  "page.$$eval": {
    body: `return page.$$eval(
      "p",
      (elements) => {
        const texts = elements.map((element) => element.textContent);
        return texts.join();
      },
    );`,
    says: '"one,two"',
  },
  "page.waitForFunction": {
    body: `return page.waitForFunction((size) => {
      const isThere = document.title.length === size;
      return isThere;
    }, {}, 1);`,
    says: "true",
  },
  "page.addInitScript": {
    body: `await page.addInitScript((name) => {
      const text = name + document.title;
      return text;
    }, "init ");
    return page.goto();`,
    says: '["init t"]',
  },
  "page.evaluateOnNewDocument": {
    body: `await page.evaluateOnNewDocument(() => {
      const text = "new " + document.title;
      return text;
    });
    return page.goto();`,
    says: '["new t"]',
  },
  "locator.evaluate and evaluateAll": {
    body: `const first = await page.locator("p").evaluate((element) => {
      const { textContent } = element;
      return textContent;
    });
    const all = await page.locator("p").evaluateAll((elements) => {
      const { length } = elements;
      return length;
    });
    return [first, all];`,
    says: '["one",2]',
  },
  "frame.evaluate": {
    body: `const frame = page.mainFrame();
    return frame.evaluate(() => {
      const { title } = document;
      return title;
    });`,
    says: '"t"',
  },
  "browser.execute and executeAsync": {
    body: `const title = await browser.execute(() => {
      const { title } = document;
      return title;
    });
    const late = await browser.executeAsync((n, done) => {
      const value = n + 1;
      done(value);
    }, 1);
    return [title, late];`,
    says: '["t",2]',
  },
  "driver.executeScript": {
    body: `return driver.executeScript(function (n) {
      const value = n + 1;
      return value;
    }, 1);`,
    says: "2",
  },
};

/** Nothing at the place tells where the text goes: it goes well, or a warning names the cure. */
const TOLD: Record<string, Callback> = {
  "in a template": {
    body: `const text = \`(\${function run() { const list = []; for (let i = 0; i < 3; i++) list.push(i); return list; }})()\`;
    return vm.runInNewContext(text).join();`,
    says: '"0,1,2"',
  },
  "a property named func": {
    body: `const [{ result }] = await browser.scripting.executeScript({
      args: [2],
      func: (n) => {
        const value = n + 1;
        return value;
      },
    });
    return result;`,
    says: "3",
  },
  "by name": {
    body: `const read = () => {
      const { title } = document;
      return title;
    };
    return page.evaluate(read);`,
    says: '"t"',
  },
};

describe("functions that are taken as text", function () {
  this.timeout(30_000);

  function write({ body }: Callback, mode: Mode) {
    const folder = scratchFolder();
    const text = `import vm from "node:vm";
import { browser, driver, page } from "./page.mjs";
// @profile
async function scrape() {
    const before = [vm, browser, driver, page];
    if (before.length === 0) return null;
    ${body}
}
console.log(JSON.stringify(await scrape()));
`;
    const warnings: Warning[] = [];
    const onWarning = (warning: Warning) => warnings.push(warning);
    const filename = join(folder, "scrape.mjs");
    const runtimeModule = new URL("../../runtime/node/index.js", import.meta.url).href;
    const options = { filename, root: folder, functions: mode as "marked", runtimeModule, onWarning };
    const code = mode === "plain" ? text : instrument(text, options)!.code;
    writeFileSync(filename, code);
    const page = readFileSync(join(ROOT, "fixtures/projects/stringified/page.mjs"), "utf8");
    writeFileSync(join(folder, "page.mjs"), page);
    return { folder, filename, code, warnings };
  }

  async function compare(callback: Callback, mode: Mode) {
    const { folder, filename } = write(callback, "plain");
    const plain = await runNode([filename], folder);
    assert.deepEqual(plain.did, { stdout: `${callback.says}\n`, stderr: "", code: 0 });
    const written = write(callback, mode);
    return { ...written, plain, outcome: await runNode([written.filename], written.folder) };
  }

  for (const mode of INSTRUMENTED) {
    for (const [name, callback] of Object.entries(LEFT_ALONE)) {
      it(`${mode}: ${name}`, async () => {
        const { plain, outcome, code } = await compare(callback, mode);
        assertSame(plain, outcome, code);
        assert.equal(rowOf(outcome.report, "const before =")?.occurrences, 1, outcome.report);
      });
    }

    it(`${mode}: page.exposeFunction, whose function stays here, has rows`, async () => {
      const body = `await page.exposeFunction("add", (a, b) => {
      const sum = a + b;
      return sum;
    });
    return page.add(1, 2);`;
      const { plain, outcome, code } = await compare({ body, says: "3" }, mode);
      assertSame(plain, outcome, code);
      assert.equal(rowOf(outcome.report, "const sum = a + b;")?.occurrences, 1, outcome.report);
    });

    for (const [name, callback] of Object.entries(TOLD)) {
      it(`${mode}: ${name}: it goes well, or a warning names @noprofile`, async () => {
        const { plain, outcome, warnings } = await compare(callback, mode);
        if (warnings.length === 0) assert.deepEqual(outcome.did, plain.did);
        else assert.match(warnings[0]!.message, /@noprofile/);
      });
    }

    for (const cure of ["comment", "directive"] as const) {
      it(`${mode}: left alone by a ${cure}`, async () => {
        const [before, first] = cure === "comment" ? ["/* @noprofile */ ", ""] : ["", '"use noprofile"; '];
        const body = `const run = ${before}function (n) { ${first}const twice = n * 2; return twice; };
    return vm.runInNewContext(\`(\${${before}() => { ${first}const one = 1; return one; }})() + (\${run})(2)\`);`;
        const { plain, outcome, code, warnings } = await compare({ body, says: "5" }, mode);
        assertSame(plain, outcome, code);
        assert.deepEqual(warnings, []);
      });
    }
  }
});
