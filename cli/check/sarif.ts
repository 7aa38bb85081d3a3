import { version } from "../version.ts";
import { type Finding, placeOfFinding, RULES } from "./finding.ts";

/** SARIF 2.1.0, as code scanning reads it. Paths are those of the profile, relative to where the program ran. */
export function sarifOf(findings: readonly Finding[]): string {
  const ids = Object.keys(RULES);
  const rules = Object.entries(RULES).map(([id, text]) => ({
    id,
    shortDescription: { text: `${text}.` },
    fullDescription: { text: `${text}; docs/reports.md of mprof says how it is measured.` },
    helpUri: "https://www.npmjs.com/package/mprof",
    help: { text: "mprof report shows which lines took it." },
  }));
  const results = findings.map((finding) => {
    const { file, line } = placeOfFinding(finding);
    return {
      ruleId: finding.rule,
      ruleIndex: ids.indexOf(finding.rule),
      level: "warning",
      message: { text: `${finding.says}.` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(file).replace(/[#?]/g, encodeURIComponent), uriBaseId: "SRCROOT" },
            region: { startLine: line },
          },
        },
      ],
    };
  });
  const driver = { name: "mprof", version: version(), informationUri: "https://www.npmjs.com/package/mprof", rules };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
