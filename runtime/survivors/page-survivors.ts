/** Follows what survives where nobody tells of collections, as in pages of Chromium. */
import type { ModuleHandle } from "../../contract/module-table.ts";
import type { Profile } from "../../contract/profile.ts";
import { addSurvivors } from "./add-survivors.ts";
import { type LeakReport, leakingRows } from "./leaking-rows.ts";
import { type FollowedListing, type Sizes, Survivors } from "./survivors.ts";

/** From one sign to the next: so long, or this share of the time since the last collection. */
const LEAST_MS = 50;
const SHARE = 0.1;
/** Pointers of Chromium's are half as long as Node's. */
const SIZES: Sizes = { own: 256, smallest: 8 };

/** What a host brings along. */
export interface PageHost {
  /** Milliseconds. */
  clock(): number;
  /** Bytes. */
  heap(): number;
  wait(work: () => void, ms: number): void;
}

interface Signs {
  register(sign: symbol | object, born: number): void;
}

export class PageSurvivors {
  private readonly survivors: Survivors;
  private readonly host: PageHost;
  /**
   * Each is gone with the first full collection that began after it: V8 makes symbols among old objects, which no other
   * collection looks at. Knows when they were made.
   */
  private readonly signs: Signs = new FinalizationRegistry<number>((born) => this.hear(born));
  private newest = 0;
  private isSettling = false;

  /** @throws TypeError where symbols cannot be watched: V8 before 10.8 */
  constructor(host: PageHost) {
    this.host = host;
    const clock = () => host.clock();
    // How long a page has worked it is not told.
    this.survivors = new Survivors(clock, clock, SIZES);
    this.survivors.start();
    this.setSigns();
  }

  keeper(listings: readonly FollowedListing[]): NonNullable<ModuleHandle["keep"]> {
    return this.survivors.keeper(listings);
  }

  /** The same profile, with what survives. */
  added(profile: Profile): Profile {
    addSurvivors(profile, this.survivors);
    return profile;
  }

  report(profile: Profile): LeakReport {
    return { collections: this.survivors.collections, rows: leakingRows(profile, this.survivors) };
  }

  private setSigns(): void {
    const { begun, last = begun } = this.survivors;
    const now = this.host.clock();
    this.signs.register(Symbol(), now);
    this.host.wait(() => this.setSigns(), Math.max(LEAST_MS, SHARE * (now - last)));
  }

  /** The registry of the samples tells in a task of its own. */
  private hear(born: number): void {
    this.newest = Math.max(this.newest, born);
    if (this.isSettling) return;
    this.isSettling = true;
    const later = (work: () => void) => this.host.wait(work, 0);
    later(() => later(() => later(() => this.settle())));
  }

  private settle(): void {
    this.isSettling = false;
    if (this.newest > this.survivors.begun) this.survivors.noteCollection(this.newest, this.host.heap());
  }
}
