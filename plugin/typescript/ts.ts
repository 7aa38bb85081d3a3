import type TS from "typescript";

/** The TypeScript that is at work. */
export type Ts = typeof TS;
export type Node = TS.Node;
