import type { Profile } from "../../contract/profile.ts";

/** The profile document itself; `docs/profile-format.md` explains it. */
export function renderJson(profile: Profile): string {
  return `${JSON.stringify(profile, null, 2)}\n`;
}
