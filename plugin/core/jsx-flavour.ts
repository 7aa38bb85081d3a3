import type { Options } from "./options.ts";
import type { Outline } from "./outline.ts";

/** What the project around a file says about itself. */
export interface ProjectFacts {
  /** `jsxImportSource` of its tsconfig. */
  jsxImportSource: string | null;
  /** Names of the packages that the nearest package.json depends on, in any way. */
  dependencies: readonly string[];
}

export interface JsxFlavour {
  /** JSX is compiled to something lazy or special: thunks, slots, directives. */
  isOpaque: boolean;
  /** What said so. */
  because: string;
}

/** Runtimes whose JSX is calls that run where they stand. */
const REACT_LIKE =
  /^(react|preact|hono|@emotion\/react|theme-ui|nativewind|@theme-ui\/core|@wordpress\/element|ink)(\/|$)/;
/** Packages whose own compilers read JSX. */
const OPAQUE = /^(solid-js|vue|@builder\.io\/qwik|@qwik\.dev\/core|svelte|voby|inferno|million|ripple)(\/|$)/;

/**
 * What becomes of the JSX in a file: by the option `jsx`; else tsconfig, the file's own pragma, its imports, the nearest
 * package.json, in that order. A runtime that nobody here knows counts as special; where nothing is said, JSX is React's.
 */
export function findJsxFlavour<N>(
  options: Options,
  { text, imports }: Outline<N>,
  factsOf: () => ProjectFacts,
): JsxFlavour {
  if (options.jsx) return { isOpaque: options.jsx === "opaque", because: 'the option "jsx"' };
  const { jsxImportSource, dependencies } = factsOf();
  if (jsxImportSource) return named(jsxImportSource, "tsconfig.json");
  const [, pragma] = /@jsxImportSource\s+([^\s*]+)/.exec(text) ?? [];
  if (pragma) return named(pragma, "the pragma @jsxImportSource");
  // A classic pragma names a function that is called where it stands.
  if (/@jsx\s+[\w$.]+/.test(text)) return { isOpaque: false, because: "the pragma @jsx" };
  return (
    among(
      imports.map(({ from }) => from),
      "its imports",
    ) ??
    among(dependencies, "package.json") ?? { isOpaque: false, because: "nothing that says otherwise" }
  );
}

function named(source: string, because: string): JsxFlavour {
  return { isOpaque: !REACT_LIKE.test(source), because: `${because}: ${source}` };
}

/** React beside another: an app of React with, say, a package of Solid's in its tooling is React's. */
function among(names: readonly string[], where: string): JsxFlavour | null {
  const react = names.find((name) => REACT_LIKE.test(name));
  const opaque = names.find((name) => OPAQUE.test(name));
  const found = react ?? opaque;
  return found === undefined ? null : { isOpaque: found === opaque, because: `${where}: ${found}` };
}
