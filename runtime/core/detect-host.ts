import type { HostInfo } from "../../contract/profile.ts";

interface Globals {
  process?: { versions?: Record<string, string | undefined>; platform?: string; pid?: number };
  navigator?: { userAgent?: string };
}

/** Says where we run, from global names alone, so that no host module is needed. */
export function detectHost({ process, navigator }: object & Globals): HostInfo {
  const versions = process?.versions ?? {};
  const userAgent = navigator?.userAgent;
  // Bun and Deno carry `versions.node` too, and all of them a user agent, for compatibility.
  const runtime = ["bun", "deno", "node"].find((name) => versions[name]) ?? (userAgent ? "browser" : "unknown");
  return {
    runtime,
    version: versions[runtime] ?? userAgent ?? "",
    platform: process?.platform ?? "",
    pid: process?.pid ?? 0,
  };
}
