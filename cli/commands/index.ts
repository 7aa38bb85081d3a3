import type { Command } from "../command.ts";
import { attach } from "./attach.ts";
import { build } from "./build.ts";
import { check } from "./check.ts";
import { clean } from "./clean.ts";
import { convert } from "./convert.ts";
import { diff } from "./diff.ts";
import { doctor } from "./doctor.ts";
import { leaks } from "./leaks.ts";
import { list } from "./list.ts";
import { live } from "./live.ts";
import { marks } from "./marks.ts";
import { merge } from "./merge.ts";
import { peak } from "./peak.ts";
import { plan } from "./plan.ts";
import { plot } from "./plot.ts";
import { profile } from "./profile.ts";
import { repl } from "./repl.ts";
import { report } from "./report.ts";
import { rm } from "./rm.ts";
import { run } from "./run.ts";

/** Every command; the first is what `mprof` does without a subcommand. */
export const COMMANDS: readonly Command[] = [
  profile,
  run,
  attach,
  report,
  live,
  leaks,
  convert,
  merge,
  diff,
  check,
  build,
  plan,
  marks,
  plot,
  list,
  peak,
  rm,
  clean,
  repl,
  doctor,
];
