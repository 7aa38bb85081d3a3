/**
 * Threads and forks inherit the flags of their parent, and the hook with them, unless `execArgv` gives them others: then the
 * hook is put before those. Invalid options are left for Node to refuse.
 */
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

type Options = { execArgv?: unknown } | null | undefined;

/** @param hook the file that `--require` loads */
export function reachChildren(hook: string): void {
  const flags = ["--require", hook];
  const hasOwn = (options: Options): options is { execArgv: string[] } =>
    typeof options === "object" && options !== null && Array.isArray(options.execArgv);
  const flagsOf = ({ execArgv }: { execArgv: string[] }) => [...flags, ...execArgv];

  const reachThread: ProxyHandler<typeof threads.Worker> = {
    construct(Worker, [file, options, ...rest], target) {
      // What the options inherit is read, too.
      const given = hasOwn(options) ? Object.create(options, { execArgv: { value: flagsOf(options) } }) : options;
      return Reflect.construct(Worker, [file, given, ...rest], target);
    },
  };
  const reachFork: ProxyHandler<typeof childProcess.fork> = {
    // The arguments of the program may be left out.
    apply: (fork, self, args) =>
      Reflect.apply(
        fork,
        self,
        args.map((arg, i) => (i > 0 && hasOwn(arg) ? { ...arg, execArgv: flagsOf(arg) } : arg)),
      ),
  };
  // A host may have frozen them: then children with flags of their own are not reached.
  const Worker = new Proxy(threads.Worker, reachThread);
  if (Reflect.set(threads, "Worker", Worker)) Reflect.set(Worker.prototype, "constructor", Worker);
  Reflect.set(childProcess, "fork", new Proxy(childProcess.fork, reachFork));
  syncBuiltinESMExports();
}
