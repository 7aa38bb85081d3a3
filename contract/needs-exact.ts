/** What takes a reading at every line, or an activation for each call: then code is built in mode `exact`. */
import { OPTIONS } from "./options.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const { gc, report, backend, maxMem, onOom, recording, self } = OPTIONS;

/** @returns the variable that asks for it; undefined if mode `auto` can do all that is asked for */
export function needsExact(env: Environment): string | undefined {
  const asks: readonly [name: string, isAsked: (text: string) => unknown][] = [
    [gc.variable.name, gc.variable.takes.read],
    [report.variable.name, (text) => text === "call"],
    [backend.variable.name, (text) => text === "all"],
    [maxMem.variable.name, Boolean],
    [onOom.variable.name, onOom.variable.takes.read],
    [recording.variable.name, Boolean],
    [self.variable.name, (text) => self.variable.takes.read(text)],
  ];
  return asks.find(([name, isAsked]) => isAsked(env[name] ?? ""))?.[0];
}

/** What a build is told of its mode: by MPROF_MODE, or by what cannot be had in mode `auto`. */
export function modeFor(env: Environment): "exact" | "auto" | undefined {
  const { name, takes } = OPTIONS.mode.variable;
  return takes.read(env[name] ?? "") ?? (needsExact(env) === undefined ? undefined : "exact");
}
