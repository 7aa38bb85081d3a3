/** What comes while rows wait: both invariants on random programs, and what is said in docs/async.md by hand. */
import assert from "node:assert/strict";
import type { Profile } from "../../contract/profile.ts";
import type { ExactReader } from "../../runtime/core/state.ts";
import { GapClock, type Wait, type WaitingRow } from "../../runtime/waiting/gap-clock.ts";
import { Program, type Shape } from "./waiting-programs.ts";

/** Of each shape; `MPROF_WAITING=10000` for long. */
const PROGRAMS = Number(process.env.MPROF_WAITING ?? 300);

/** Bytes by part, over all rows of a listing; the baseline apart. */
function sumsOf(profile: Profile, listing: number) {
  const found = profile.listings.find(({ file }) => file === `${listing}.js`);
  const sums = { increment: 0, waiting: 0, awaited: 0 };
  if (found === undefined) return sums;
  for (const { data } of found.rows) {
    for (const { increment, waiting = 0, awaited = 0 } of Object.values(data?.figures ?? {})) {
      sums.increment += increment;
      sums.waiting += waiting;
      sums.awaited += awaited;
    }
  }
  for (const entry of Object.values(found.baseline ?? {})) sums.increment -= entry;
  return sums;
}

async function check(seed: number, shape: Shape): Promise<void> {
  const program = new Program(seed, shape);
  const profile = await program.play();
  const said = `seed ${seed}, ${JSON.stringify(shape)}`;
  const listings = [0, 1, 2, 3].map((i) => ({ i, ...sumsOf(profile, i) }));
  for (let source = 0; source < shape.sources; source++) {
    const waiting = listings
      .filter(({ i }) => program.sourceOf(i) === source)
      .reduce((sum, each) => sum + each.waiting, 0);
    assert.equal(waiting, program.gaps[source], `${said}: the parts of the gaps of source ${source}`);
    assert.equal(profile.nobody?.[`source${source}`] ?? 0, program.nobody[source], `${said}: nobody's`);
  }
  for (const { i, increment, waiting, awaited } of listings) {
    assert.equal(increment, program.ran[i], `${said}: what came while listing ${i} ran`);
    if (shape.bytes === "any") continue;
    const sum = increment + waiting + awaited;
    assert.ok(
      waiting >= 0 && awaited >= 0 && sum <= program.total,
      `${said}: listing ${i} has ${sum} of ${program.total}`,
    );
  }
}

/** What a program calls and waits for is on the row that calls it, as if it had not waited. */
async function checkSequential(seed: number): Promise<number> {
  const program = new Program(seed, { bytes: "any", sources: 1, isSequential: true });
  const profile = await program.play();
  const { increment, waiting, awaited } = sumsOf(profile, program.mainListing);
  assert.equal(increment + waiting + awaited, program.total, `seed ${seed}`);
  return waiting + awaited;
}

/** Gaps that are read now and then, and waits that end meanwhile. */
function checkLate(seed: number): void {
  let state = seed;
  const below = (most: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % most;
  };
  const now = new Float64Array(1);
  let memory = 0;
  const reader = {
    now,
    read() {
      now[0] = memory;
    },
    exclude: (work: () => void) => work(),
  };
  const clock = new GapClock(reader as unknown as ExactReader, true, (length) => new Float64Array(length));
  let received = 0;
  const rows = Array.from({ length: 3 }, (): WaitingRow => {
    const receive = (bytes: Float64Array) => {
      received += bytes[0]!;
    };
    return { young: 0, old: 0, oldFrom: new Float64Array(1), isShared: false, receive, setPending: () => {} };
  });
  const waits: Wait[] = [];
  clock.up();
  clock.down();
  for (let i = 0; i < 200; i++) {
    memory += below(2001) - 1000;
    const [wait] = waits.splice(below(8), 1);
    if (wait === undefined) waits.push(clock.begin(rows[below(3)]!, { sheet: undefined }, undefined));
    else if (wait.isOld || below(3) === 0) {
      clock.look();
      clock.end(wait);
      received += clock.bytes[0]!;
    } else clock.endLater(wait);
  }
  clock.look();
  for (const wait of waits) {
    clock.end(wait);
    received += clock.bytes[0]!;
  }
  assert.equal(received + clock.nobody[0]!, memory, `seed ${seed}`);
}

describe("waiting", function () {
  this.timeout(0);
  it("adds up to the gaps where these are read now and then, and waits have ended meanwhile", () => {
    for (let seed = 0; seed < PROGRAMS; seed++) checkLate(seed);
  });

  it("makes no difference to what a row has in programs that do one thing at a time", async () => {
    let waited = 0;
    for (let seed = 0; seed < PROGRAMS; seed++) if ((await checkSequential(seed)) !== 0) waited++;
    assert.ok(waited > PROGRAMS / 2, `${waited} of ${PROGRAMS} programs have waited`);
  });

  for (const bytes of ["any", "positive", "single"] as const) {
    for (const sources of [1, 2] as const) {
      it(`adds up to the gaps, and charges no byte twice, in random programs (${bytes} bytes, sources: ${sources})`, async () => {
        for (let seed = 0; seed < PROGRAMS; seed++) await check(seed, { bytes, sources, isSequential: false });
      });
    }
  }
});
