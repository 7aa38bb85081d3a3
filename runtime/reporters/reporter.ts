import type { Profile } from "../../contract/profile.ts";

/** A report is a pure function of the profile. */
export type Reporter = (profile: Profile) => string;
