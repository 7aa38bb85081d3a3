import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/load-fixture.ts";
import { runProcess, withFolder } from "../support/run-cli.ts";

const SCRIPT = join(ROOT, "dist/esm/test/conformance/main.js");
/** Node 26 lets no source be changed. */
const CAN_EDIT = Number(process.versions.node.split(".")[0]) < 26;
/** As those of test262, in short. */
const HARNESS = {
  "harness/assert.js": "function assert(value) { if (value !== true) throw new Test262Error('not true'); }\n",
  "harness/sta.js": "class Test262Error extends Error {}\nfunction $DONE(error) { throw new Error('not async'); }\n",
  "harness/doneprintHandle.js":
    "function $DONE(error) { print(error ? 'Test262:AsyncTestFailure:' + error : 'Test262:AsyncTestComplete'); }\n",
};
const SYNC = `/*---
description: a function and a class
---*/
function twice(x) {
  let sum = 0;
  for (let i = 0; i < 2; i++) {
    sum += x;
  }
  return sum;
}
class Count {
  get value() {
    return twice(21);
  }
}
assert(new Count().value === 42);
`;
const ASYNC = `/*---
description: what waits
flags: [async]
---*/
function* numbers() {
  yield 1;
  yield 2;
}
async function sum() {
  let all = 0;
  for await (const each of numbers()) {
    all += each;
  }
  return all;
}
sum().then((all) => assert(all === 3)).then($DONE, $DONE);
`;
const CLASSES = `/*---
description: a class of fields without a constructor
---*/
function make() {
  return class {
    x = 1;
  };
}
assert(new (make())().x === 1);
`;

/** Of a function that is `inner` to the test. */
const looksAt = (text: string) => `/*---
description: it looks at itself
flags: [onlyStrict]
---*/
function inner() {
  return 1;
}
assert(inner() === 1);
assert(${text});
`;

const compare = (tests: Record<string, string>) =>
  withFolder({}, (folder) => {
    for (const name of ["harness", "test"]) mkdirSync(join(folder, name));
    for (const [name, text] of Object.entries({ ...HARNESS, ...tests })) writeFileSync(join(folder, name), text);
    return runProcess(process.execPath, [SCRIPT, "--test262", folder, "--path", "test", "--back-end", "attached"]);
  });

describe("conformance of a process that runs already", function () {
  this.timeout(60_000);

  it("puts probes into tests that wait, runs them, and finds no difference", async () => {
    const { stdout, code } = await compare({ "test/sync.js": SYNC, "test/async.js": ASYNC });
    assert.match(stdout, /^attached: 2 tests, 4 runs compared; 0 runs do not pass without us/);
    // Log points find no place in a function of one expression.
    assert.match(
      stdout,
      CAN_EDIT ? /\nattached: 12 functions, 0 left alone / : /\nattached: 12 functions, 2 left alone /,
    );
    assert.match(stdout, /\nattached: 0 differences, 0 tests without an answer\n$/);
    assert.equal(code, 0);
  });

  it("changes no source whose functions make classes that V8 would break", async () => {
    const { stdout, code } = await compare({ "test/classes.js": CLASSES });
    assert.match(stdout, /\nattached: 0 differences, 0 tests without an answer\n$/);
    assert.equal(code, 0);
  });

  it("says what differs", async function () {
    if (!CAN_EDIT) this.skip();
    const { stdout, code } = await compare({ "test/text.js": looksAt("!String(inner).includes('__mp')") });
    assert.match(stdout, /^attached: test\/text\.js \(strict, in a function\)\n {2}original: pass\n {2}instrumented: /);
    assert.match(stdout, /Test262Error: not true\n/);
    assert.match(stdout, /\nattached: 1 differences, /);
    assert.equal(code, 1);
  });
});
