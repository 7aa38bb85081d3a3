import type { ListingProfile, Profile } from "../../contract/profile.ts";
import type { ListingFigures } from "./build-profile.ts";

/** The listing of a profile that these figures are part of: by file, name, place and text, as `buildListings` groups them. */
export function findListing(
  { listings }: Pick<Profile, "listings">,
  { file, table }: Pick<ListingFigures, "file" | "table">,
): ListingProfile | undefined {
  const { name, first, lines } = table;
  return listings.find(
    (each) =>
      each.file === file &&
      each.name === name &&
      each.first === first &&
      each.rows.length === lines.length &&
      each.rows.every(({ text }, i) => text === lines[i]),
  );
}
