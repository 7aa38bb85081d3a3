/** What `.mprun` is to do. */
export interface MprunRequest {
  names: string[];
  statement: string;
}

/**
 * Reads `-f NAME [-f NAME…] STATEMENT`.
 *
 * @param known functions that were defined with probes
 * @throws Error for a person: what is wrong, and the cure
 */
export function readMprun(text: string, known: ReadonlySet<string>): MprunRequest {
  const names: string[] = [];
  let rest = text.trim();
  for (let flag = /^-f\s+(\S+)\s*/.exec(rest); flag !== null; flag = /^-f\s+(\S+)\s*/.exec(rest)) {
    names.push(flag[1]!);
    rest = rest.slice(flag[0].length);
  }
  if (names.length === 0 || rest === "")
    throw new Error("[mprof] .mprun needs a function and a statement\n  Write .mprun -f load load(100).");
  for (const name of names) {
    if (known.has(name)) continue;
    const cure = known.size === 0 ? "Define it first." : `Known are ${[...known].join(", ")}.`;
    throw new Error(`[mprof] no function of this name was defined here: ${name}\n  ${cure}`);
  }
  return { names, statement: rest };
}
