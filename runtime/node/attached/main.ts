/** What is evaluated in the process, as one text: the value is the agent, or undefined if one of ours is there already. */
import { ATTACHED, type AttachedAgent, type AttachOptions } from "../../../contract/attached.ts";
import { mainGlobals } from "../main-context.ts";
import { Agent } from "./agent.ts";

export function attach(options: AttachOptions): AttachedAgent | undefined {
  return Reflect.has(mainGlobals, Symbol.for(ATTACHED)) ? undefined : new Agent(options);
}
