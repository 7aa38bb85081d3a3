/**
 * Vitest ends its worker threads (`--pool=threads`, `vmThreads`) before they could report. Figures of threads go to a main
 * thread that has the runtime, and that one reports for all: so Vitest's gets it, before there are threads.
 */
export async function reportForThreads(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (env.VITEST !== undefined) await import("../../runtime/node/index.ts");
}
