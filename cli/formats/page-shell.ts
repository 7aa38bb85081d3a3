/** A page that needs nothing else: its style and its script stand in it, and its policy allows these by their hashes alone. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export interface PageParts {
  title: string;
  style: string;
  /** Runs when the body is there. */
  script?: string;
  /** HTML. */
  body: string;
  /** Attributes of the body, with a blank before each. */
  attributes?: string;
}

export function pageOf({ title, style, script, body, attributes = "" }: PageParts): string {
  const policy = [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
<body${attributes}>
${body}
${script === undefined ? "" : `<script>${script}</script>\n`}</html>
`;
}

/** The build puts these there (`test/support/finish-build.mjs`). */
export function pagePart(name: string): string {
  return readFileSync(new URL(`../../../vendor/${name}`, import.meta.url), "utf8").trim();
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
