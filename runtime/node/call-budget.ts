/**
 * Which calls of a function are written one by one. All at first; after each thousand only those that are twice as long as
 * before, or move twice as much memory. So a recording has a thousand calls of a function for each doubling of its running
 * time, however often it is called; the others are counted.
 */
import { type FunctionCall, joinRest, type RestOfCalls } from "../../contract/recording.ts";

const CALLS_A_STEP = 1000;
/** Where doubling begins. */
const FIRST_SECONDS = 0.001;
const FIRST_MIB = 0.25;

export class CallBudget {
  private left = CALLS_A_STEP;
  /** Calls that are as long as this are written, and those that change memory by as much. */
  private seconds = 0;
  private memory = 0;
  /** Calls that were not, since this was last taken. */
  private rest: RestOfCalls | undefined;

  /** @returns whether the call is written; else it is counted */
  take({ enter, exit }: FunctionCall): boolean {
    const seconds = exit.time - enter.time;
    if (seconds < this.seconds && Math.abs(exit.memory - enter.memory) < this.memory) {
      const own = { count: 1, seconds, highest: exit.memory > enter.memory ? exit : enter };
      this.rest = this.rest ? joinRest(this.rest, own) : own;
      return false;
    }
    if (--this.left === 0) {
      this.left = CALLS_A_STEP;
      this.seconds = this.seconds * 2 || FIRST_SECONDS;
      this.memory = this.memory * 2 || FIRST_MIB;
    }
    return true;
  }

  takeRest(): RestOfCalls | undefined {
    const { rest } = this;
    this.rest = undefined;
    return rest;
  }
}
