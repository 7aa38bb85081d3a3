// mocha --reporter: what measures a machine that does other things, too, is tried again when it fails. Says which, and why.
const { reporters } = require("mocha");

/** Tests that say nothing else of it are tried so often besides. */
const RETRIES = ["--retries", "2"];

class TriedAgain {
  constructor(runner, options) {
    const again = [];
    runner.on("retry", (test, error) => again.push(`${test.fullTitle()}: ${String(error.stack).slice(0, 2000)}`));
    runner.once("end", () => {
      if (again.length > 0) console.log(`\n  tried again:\n    ${again.join("\n    ")}`);
    });
    const Base = reporters[options.reporterOptions?.base ?? "Spec"];
    this.base = new Base(runner, options);
  }

  done(failures, exit) {
    if (this.base.done) this.base.done(failures, exit);
    else exit(failures);
  }
}

module.exports = TriedAgain;
/** @param base a reporter of mocha's by its name. @returns arguments of mocha */
module.exports.argumentsOf = (base) => [...RETRIES, "--reporter", __filename, "--reporter-option", `base=${base}`];
