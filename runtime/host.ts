import type { HostInfo } from "../contract/profile.ts";

interface Globals {
  process?: { versions?: Record<string, string | undefined>; platform?: string; pid?: number };
  navigator?: { userAgent?: string };
  document?: unknown;
}

/** Says where we run, from global names alone, so that no host module is needed. */
export function detectHost(globals: object = globalThis): HostInfo {
  const { process, navigator, document } = globals as Globals;
  const versions = process?.versions ?? {};
  const platform = process?.platform ?? "";
  const pid = process?.pid ?? 0;
  // Bun and Deno carry `versions.node` too, for compatibility.
  for (const runtime of ["bun", "deno", "node"]) {
    const version = versions[runtime];
    if (version !== undefined) return { runtime, version, platform, pid };
  }
  if (document !== undefined || navigator?.userAgent !== undefined) {
    return { runtime: "browser", version: navigator?.userAgent ?? "", platform, pid: 0 };
  }
  return { runtime: "unknown", version: "", platform, pid };
}
