// A leak in a loop, and its cure. Each request leaves its answer in a cache; one cache keeps everything, the other the latest few.
// Both rows of `compute` add 40 MiB; the row of `delete` is where the second cache gives 32 of them back.
// `gc: true` collects garbage before each reading, so that what is left is what is kept.
//
//   npx mprof --backend heap examples/leak.ts

import { profile } from "mprof";

class LeakingCache {
  #answers = new Map<string, Float64Array>();

  @profile({ gc: true })
  serve(requests: number): number {
    let sum = 0;
    for (let i = 0; i < requests; i++) {
      const answer = compute(i);
      this.#answers.set(`request ${i}`, answer);
      sum += answer[0]!;
    }
    return sum;
  }
}

class BoundedCache {
  #answers = new Map<string, Float64Array>();

  constructor(readonly limit: number) {}

  @profile({ gc: true })
  serve(requests: number): number {
    let sum = 0;
    for (let i = 0; i < requests; i++) {
      const answer = compute(i);
      this.#answers.set(`request ${i}`, answer);
      if (this.#answers.size > this.limit) {
        const [oldest] = this.#answers.keys();
        this.#answers.delete(oldest!);
      }
      sum += answer[0]!;
    }
    return sum;
  }
}

function compute(request: number): Float64Array {
  return new Float64Array(128 * 1024).fill(request);
}

const REQUESTS = 40;
console.log(new LeakingCache().serve(REQUESTS), new BoundedCache(8).serve(REQUESTS));
