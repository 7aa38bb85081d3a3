import { type ChildProcess, fork } from "node:child_process";

export interface Failure {
  failure: string;
}

interface Worker {
  child: ChildProcess;
  done: number;
}

/** Processes are replaced after so many tasks: realms are not always collected, and each collection takes longer. */
const TASKS_A_PROCESS = 80;

/**
 * Gives tasks to worker processes, each one task at a time. A task that doesn't end within the limit, or that takes its
 * process down, is tried once more in a fresh process.
 */
export async function runPool<Task, Result>(
  tasks: readonly Task[],
  settings: { script: string; jobs: number; limitMs: number; execArgv: string[] },
  onResult: (task: Task, result: Result | Failure) => void,
): Promise<void> {
  let next = 0;

  async function work(): Promise<void> {
    let worker = start();
    while (next < tasks.length) {
      const task = tasks[next++]!;
      if (worker.done >= TASKS_A_PROCESS) worker = restart(worker);
      let result = await ask(worker, task);
      if (result === null) {
        worker = restart(worker);
        result = await ask(worker, task);
      }
      if (result === null) worker = restart(worker);
      onResult(task, result ?? { failure: `no answer within ${settings.limitMs} ms, twice` });
    }
    worker.child.kill("SIGKILL");
  }

  function start(): Worker {
    return {
      child: fork(settings.script, { execArgv: settings.execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] }),
      done: 0,
    };
  }

  function restart({ child }: Worker): Worker {
    child.kill("SIGKILL");
    return start();
  }

  /** @returns `null` if there is no answer */
  function ask(worker: Worker, task: Task): Promise<Result | Failure | null> {
    worker.done++;
    return new Promise((resolve) => {
      const { child } = worker;
      const answer = (result: Result | Failure | null) => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(result);
      };
      const timer = setTimeout(answer, settings.limitMs, null);
      child.once("message", (result) => answer(result as Result | Failure));
      child.once("exit", () => answer(null));
      child.once("error", () => answer(null));
      child.send(task as never, (error) => error && answer(null));
    });
  }

  await Promise.all(Array.from({ length: settings.jobs }, work));
}
