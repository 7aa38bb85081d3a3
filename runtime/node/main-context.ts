/**
 * Node's own process and global object. A test runner may have put this code into a context of its own, with a copy of
 * `process` on which `exit` never comes, and with globals that go when the test file ends.
 */
import { runInThisContext } from "node:vm";

export const mainProcess = runInThisContext("process") as NodeJS.Process;
export const mainGlobals = runInThisContext("globalThis") as typeof globalThis;
