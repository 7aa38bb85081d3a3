/** Memory over time, as a `.dat` file of the reference holds it. Memory in MiB, times in seconds since the epoch. */
export interface Recording {
  /** The command line, or "" if the file has none. */
  command: string;
  samples: Sample[];
  /** By process id, in the order in which they appear. */
  children: Map<string, Sample[]>;
  calls: FunctionCall[];
}

export interface Sample {
  memory: number;
  time: number;
}

/** One call of a profiled function, or one marked block. */
export interface FunctionCall {
  /** Dotted, as `app.load`; a block is `.name`. */
  name: string;
  enter: Sample;
  exit: Sample;
  /** Calls that had begun and not ended at its start; 0 in files that do not say. */
  level: number;
}

/** The largest value; `undefined` of no samples. */
export function peakOf(samples: readonly Sample[]): Sample | undefined {
  return samples.reduce<Sample | undefined>(
    (peak, each) => (peak && peak.memory >= each.memory ? peak : each),
    undefined,
  );
}
