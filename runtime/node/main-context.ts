/**
 * Node's own process and global object. A test runner may have put this code into a context of its own, with a copy of
 * `process` on which `exit` never comes, and with globals that go when the test file ends.
 * Either may be hidden just now: a test that plays a browser takes `process` away.
 */
import nodeProcess from "node:process";
import { runInThisContext } from "node:vm";

export const mainProcess: NodeJS.Process = runInThisContext("this.process") ?? nodeProcess;
export const mainGlobals: typeof globalThis = runInThisContext("this");

/** It may have been removed. */
export function currentFolder(): string {
  try {
    return mainProcess.cwd();
  } catch {
    return "/";
  }
}
