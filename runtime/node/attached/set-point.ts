/** Points of V8's debugger: breakpoints whose condition looks and is false. */
import type { ScriptPlace } from "../../../contract/attached.ts";
import { type Engine, EngineError } from "./engine.ts";

/** Where V8 can break. */
export interface Place extends ScriptPlace {
  scriptId: string;
  type?: string;
}

interface Points {
  breakpointId: string;
  locations: Place[];
}

/** @returns its id; undefined where V8 sets none */
export function setPoint(
  engine: Engine,
  { scriptId, lineNumber, columnNumber }: Place,
  condition: string,
): string | undefined {
  const location = { scriptId, lineNumber, columnNumber };
  return tried(() => engine.post<{ breakpointId: string }>("Debugger.setBreakpoint", { location, condition }))
    ?.breakpointId;
}

/** Another one at the place of one that is set, for which V8 has to be asked by another name. */
export function setSecond(
  engine: Engine,
  { scriptId, lineNumber, columnNumber }: Place,
  condition: string,
): string | undefined {
  const points = tried(() => {
    const place = { url: engine.urlOf(scriptId), lineNumber, columnNumber };
    return engine.post<Points>("Debugger.setBreakpointByUrl", { ...place, condition });
  });
  if (points === undefined) return undefined;
  const isThere = points.locations.some(
    (each) => each.scriptId === scriptId && each.lineNumber === lineNumber && each.columnNumber === columnNumber,
  );
  if (isThere) return points.breakpointId;
  engine.post("Debugger.removeBreakpoint", { breakpointId: points.breakpointId });
  return undefined;
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
