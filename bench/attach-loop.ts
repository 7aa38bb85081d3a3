/**
 * Attaches to a busy server many times, and is killed some more: `node dist/esm/bench/attach-loop.js [attaches] [kills]`. Prints
 * what went wrong and by how much the process grew; exits with 1 if anything did, or by more than 1 MiB. 200 and 50 take a
 * quarter of an hour.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachOften } from "../test/support/attach-loop.ts";

const MOST_MIB = 1;

const [attaches = 200, kills = 50] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "mprof-attach-loop-"));
const { faults, answered, growth } = await attachOften(folder, attaches, kills);
rmSync(folder, { recursive: true });
for (const fault of faults) console.log(fault);
const counts = `${attaches} attaches, ${kills} kills, ${answered} answers`;
console.log(`Node ${process.version}: ${counts}, ${faults.length} faults, ${growth.toFixed(2)} MiB more`);
if (faults.length > 0 || growth > MOST_MIB) process.exitCode = 1;
