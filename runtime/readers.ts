/** Which reader a listing is measured with, when what it asks for is there and when it is not. */
import { calibrate } from "./calibrate.ts";
import { MprofError } from "./errors.ts";
import type { Sources } from "./sources/select.ts";
import type { CustomSource } from "./sources/source.ts";
import type { AsideReader, Reader } from "./state.ts";

/** What is asked for: a source, and whether garbage is collected before each reading. */
export interface Wanted {
  backend: string | CustomSource;
  gc: boolean;
}

export interface Chosen {
  reader: Reader;
  aside: AsideReader | undefined;
}

export class Readers {
  private readonly sources: Sources;
  private readonly warn: (error: MprofError) => void;
  private readonly calibrated = new WeakSet<Reader>();

  constructor(sources: Sources, warn: (error: MprofError) => void) {
    this.sources = sources;
    this.warn = warn;
  }

  /**
   * A mark cannot throw into the program that carries it: what its options ask for and the host lacks is said, and left
   * out; then `main` is measured.
   */
  select({ backend, gc }: Wanted, main: Wanted["backend"]): Chosen {
    for (const [name, collects] of [
      [backend, gc],
      [backend, false],
      [main, false],
    ] as const) {
      try {
        const reader = this.sources.select(name, collects);
        const aside = this.sources.aside(reader);
        this.calibrateOnce(reader, aside);
        return { reader, aside };
      } catch (error) {
        if (!(error instanceof MprofError)) throw error;
        this.warn(error);
      }
    }
    return { reader: this.sources.select(this.sources.fallback()), aside: undefined };
  }

  private calibrateOnce(reader: Reader, aside: AsideReader | undefined): void {
    if (!reader.isSelfMeasuring || this.calibrated.has(reader)) return;
    this.calibrated.add(reader);
    calibrate(reader, aside);
  }
}
