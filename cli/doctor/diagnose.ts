import { countMarks } from "../../plugin/node/find-marks.ts";
import { readManifest } from "../../plugin/node/manifest.ts";
import { type Block, findBlocks } from "./find-blocks.ts";
import { type Facts, type Finding, gatherFacts, tellFacts } from "./gather-facts.ts";
import { tellMarks } from "./tell-marks.ts";
import { tellPaths } from "./tell-paths.ts";

/** What `mprof doctor` says; the names are those of its JSON. */
export interface Diagnosis {
  folder: string;
  /** mprof, Node, and what the project has installed. */
  versions: Finding[];
  project: Finding[];
  /** How files go into Node, by extension. */
  paths: Finding[];
  marks: Finding[];
  /** What keeps a result away. */
  blocks: Block[];
}

export function diagnose(folder: string, env: NodeJS.ProcessEnv): Diagnosis {
  const facts: Facts = gatherFacts(folder, env);
  const marks = countMarks(folder);
  return {
    folder,
    versions: [...facts.versions].map(([name, value]) => ({ name, value })),
    project: tellFacts(facts),
    paths: tellPaths(folder, readManifest(folder)),
    marks: tellMarks(marks, folder),
    blocks: findBlocks(facts, marks, env),
  };
}
