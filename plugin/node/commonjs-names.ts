import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initSync, parse } from "cjs-module-lexer";
import type { CompilerClient } from "./compiler-client.ts";
import { findSource } from "./find-source.ts";

/** The names that CommonJS modules export, as Node finds them: in what they are compiled to, by the same lexer. */
export class CommonJsNames {
  private readonly compiler: CompilerClient;

  constructor(compiler: CompilerClient) {
    this.compiler = compiler;
    initSync();
  }

  of(filename: string, seen = new Set<string>()): string[] {
    if (seen.has(filename)) return [];
    seen.add(filename);
    const { exports, reexports } = this.lex(filename);
    const others = reexports.flatMap((each) => {
      const found = locate(each, filename);
      return found === null ? [] : this.of(found, seen);
    });
    return [...exports, ...others];
  }

  private lex(filename: string): { exports: string[]; reexports: string[] } {
    try {
      const text = readFileSync(filename, "utf8");
      return parse(this.compiler.compile(filename, text)?.code ?? text);
    } catch {
      // Whoever loads it says what is wrong with it.
      return { exports: [], reexports: [] };
    }
  }
}

function locate(specifier: string, importer: string): string | null {
  try {
    return findSource(specifier, importer) ?? createRequire(importer).resolve(specifier);
  } catch {
    return null;
  }
}
