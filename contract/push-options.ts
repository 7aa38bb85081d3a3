/** Rows of `options.ts`: profiles that are sent to a server which collects those of many machines. */
import type { OptionRow } from "./option-row.ts";
import { above0, type Text, text } from "./values.ts";

const SERVER: Text<string> = {
  expected: "the URL of a server, as http://localhost:4040",
  read: (written) => (/^https?:\/\/[^/\s]+(\/\S*)?$/.test(written) ? written : undefined),
};

/** What the server takes for the name of a program. */
const APPLICATION: Text<string> = {
  expected: "a name of letters, digits, _, ., - and /, as the server takes it",
  read: (written) => (/^[\w./-]+$/.test(written) ? written : undefined),
};

const EXPECTED_LABEL = "a name and its value, as region=eu, without commas, braces and quotes";

/** `region=eu`: what the server's own parser takes for a label. */
export const LABEL: Text<[name: string, value: string]> = {
  expected: EXPECTED_LABEL,
  read(written) {
    const [, name, value] = /^([a-zA-Z_][\w.]*)=([^,{}="]+)$/.exec(written) ?? [];
    return name === undefined || value === undefined ? undefined : [name, value];
  },
};

const LABELS: Text<[name: string, value: string][]> = {
  expected: `labels with commas between, each ${EXPECTED_LABEL}`,
  read(written) {
    const labels = written.split(",").flatMap((each) => {
      const label = LABEL.read(each);
      return label === undefined ? [] : [label];
    });
    return labels.length === written.split(",").length ? labels : undefined;
  },
};

export const PUSH_OPTIONS = {
  pyroscope: {
    says: "the Pyroscope server that profiles are sent to",
    group: "Output",
    default: "MPROF_PUSH_URL",
    flags: { push: { spelling: "--pyroscope <url>", takes: SERVER } },
    variable: {
      name: "MPROF_PUSH_URL",
      takes: SERVER,
      says: "the Pyroscope server that profiles are sent to while the program runs, by a process of its own",
    },
  },
  application: {
    says: "what the server calls the program",
    default: "the name in package.json, or the folder's",
    group: "Output",
    flags: { push: { spelling: "--application <name>", takes: APPLICATION } },
    variable: { name: "MPROF_PUSH_NAME", takes: APPLICATION },
  },
  label: {
    says: "a label of all that is sent, as region=eu",
    group: "Output",
    flags: { push: { spelling: "--label <name=value>", takes: LABEL, isRepeatable: true } },
    variable: { name: "MPROF_PUSH_LABELS", takes: LABELS, says: "labels of all that is sent, as region=eu,pod=a1" },
  },
  every: {
    says: "seconds between two profiles that are sent of a program that runs",
    variable: { name: "MPROF_PUSH_EVERY", takes: above0("a time in seconds"), default: "15" },
  },
  follow: {
    says: "what a running program keeps is sent until it has ended",
    group: "Options",
    flags: { push: { spelling: "--follow", isHidden: true } },
  },
  authorization: {
    says: "the header `Authorization` of what is sent, as `Bearer …`",
    variable: { name: "MPROF_PUSH_AUTH", takes: text("the value of a header") },
  },
  tenant: {
    says: "the header `X-Scope-OrgID` of what is sent: whose it is on a server for several",
    variable: { name: "MPROF_PUSH_TENANT", takes: text("the value of a header") },
  },
} as const satisfies Record<string, OptionRow>;
