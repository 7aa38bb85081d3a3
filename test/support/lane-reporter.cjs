// mocha --reporter: what was tried again, and why; then what the slowest files took. The rest is said by another reporter.
const { relative } = require("node:path");
const { performance } = require("node:perf_hooks");
const { reporters } = require("mocha");

/** Tests that say nothing else of it are tried so often besides. */
const RETRIES = 2;
const SHOWN = 10;

class LaneReporter {
  constructor(runner, options) {
    const again = [];
    const seconds = new Map([["(loading)", performance.now() / 1000]]);
    let began = 0;
    runner.on("retry", (test, error) => again.push(`${test.fullTitle()}: ${String(error.stack).slice(0, 2000)}`));
    runner.on("suite", ({ parent }) => {
      if (parent?.root) began = performance.now();
    });
    runner.on("suite end", ({ parent, file }) => {
      if (!parent?.root) return;
      const name = relative("dist/esm/test", file);
      seconds.set(name, (seconds.get(name) ?? 0) + (performance.now() - began) / 1000);
    });
    runner.once("end", () => {
      if (again.length > 0) console.log(`\n  tried again:\n    ${again.join("\n    ")}`);
      const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
      console.log(
        `\n  slowest files:\n${slowest.map(([name, took]) => `    ${took.toFixed(1)} s ${name}`).join("\n")}`,
      );
    });
    const Base = reporters[options.reporterOptions?.base ?? "Spec"];
    this.base = new Base(runner, options);
  }

  done(failures, exit) {
    if (this.base.done) this.base.done(failures, exit);
    else exit(failures);
  }
}

module.exports = LaneReporter;
/** @param base a reporter of mocha's by its name. @returns arguments of mocha */
module.exports.argumentsOf = (base, isTriedAgain = false) => [
  ...(isTriedAgain ? ["--retries", String(RETRIES)] : []),
  "--reporter",
  __filename,
  "--reporter-option",
  `base=${base}`,
];
