import type { Reporter } from "./reporter.ts";

/** The profile document itself; `docs/profile-format.md` explains it. */
export const JSON_REPORTER: Reporter = {
  name: "json",
  extension: "json",
  render: (profile) => `${JSON.stringify(profile, null, 2)}\n`,
};
