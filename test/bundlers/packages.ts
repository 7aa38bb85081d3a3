import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { fetchPackages } from "../support/fetch-package.ts";
import { ROOT } from "../support/load-fixture.ts";

/** The bundlers under test, and what their configurations need. */
const BUNDLERS = {
  "@farmfe/core": "1.7.11",
  "@rollup/plugin-commonjs": "29.0.3",
  "@rollup/plugin-node-resolve": "16.0.3",
  "@rollup/plugin-terser": "1.0.2",
  "@rspack/core": "2.3.2",
  "@sveltejs/vite-plugin-svelte": "7.3.1",
  "@types/node": "20.19.43",
  "@vitejs/plugin-react": "6.3.0",
  "@vitejs/plugin-vue": "6.0.11",
  "@vitejs/plugin-vue-jsx": "5.1.6",
  bun: "1.4.5",
  esbuild: "0.28.2",
  react: "19.3.1",
  "react-dom": "19.3.1",
  rolldown: "1.3.2",
  rollup: "4.60.0",
  svelte: "5.57.3",
  "terser-webpack-plugin": "5.6.1",
  "ts-loader": "9.6.2",
  typescript: "6.0.3",
  vite: "8.3.8",
  "vite-7": "npm:vite@7.3.8",
  vue: "3.5.45",
  webpack: "5.112.2",
};

export interface Bundlers {
  /** Holds the packages; projects live below it, so that they find them. */
  folder: string;
  load<T>(name: string): Promise<T>;
  resolve(name: string): string;
  binary(name: string): string;
  /** A copy of a project of `fixtures/projects`; removed by `remove`. */
  project(name: string): { folder: string; remove(): void };
}

/** What the recipes of docs/bundlers.md need. */
const RECIPES = {
  "@babel/cli": "7.29.7",
  "@babel/core": "7.29.13",
  "@babel/preset-env": "7.29.14",
  "@types/node": "20.19.43",
  "@types/react": "19.3.0",
  "@vitejs/plugin-react": "6.3.0",
  "babel-jest": "30.5.2",
  "babel-loader": "10.1.1",
  jest: "30.5.2",
  mocha: "12.0.3",
  next: "16.4.6",
  react: "19.3.1",
  "react-dom": "19.3.1",
  rollup: "4.60.0",
  "ts-jest": "29.4.15",
  "ts-patch": "3.3.0",
  typescript: "6.0.3",
  vite: "8.3.8",
  vitest: "4.1.12",
  webpack: "5.112.2",
  "webpack-cli": "6.0.1",
};

/** Other compilers that read the sources beside mprof, and frameworks that read what decorators tell. */
const COMPILERS = {
  "@angular/compiler": "21.2.26",
  "@angular/core": "21.2.26",
  "@babel/core": "7.29.13",
  "@babel/plugin-syntax-jsx": "7.29.7",
  "@babel/plugin-transform-modules-commonjs": "7.29.14",
  "@babel/preset-react": "7.29.7",
  "@nestjs/common": "12.5.1",
  "@nestjs/core": "12.5.1",
  "@rolldown/plugin-babel": "0.3.1",
  "@types/node": "20.19.43",
  "@vitejs/plugin-react": "6.3.0",
  "babel-plugin-react-compiler": "1.0.0",
  "babel-plugin-relay": "21.0.1",
  "babel-plugin-styled-components": "2.4.0",
  "babel-preset-solid": "1.9.16",
  linkedom: "0.18.15",
  react: "19.3.1",
  "react-dom": "19.3.1",
  "reflect-metadata": "0.2.2",
  rxjs: "7.8.2",
  "solid-js": "1.9.19",
  "styled-components": "6.6.0",
  "styled-jsx": "5.1.7",
  "ts-patch": "3.3.0",
  typescript: "6.0.3",
  vite: "8.3.8",
  "vite-plugin-solid": "2.11.14",
};

export const openBundlers = () => openPackages("bundlers", BUNDLERS);
export const openRecipes = () => openPackages("recipes", RECIPES);
export const openCompilers = () => openPackages("compilers", COMPILERS);

/** @returns `null` if the packages are not at hand, and then a line has said how to get them */
function openPackages(label: string, wanted: Readonly<Record<string, string>>): Bundlers | null {
  const folder = fetchPackages(label, wanted);
  if (folder === null) return null;
  installMprof(folder);
  const require = createRequire(join(folder, "package.json"));
  return {
    folder,
    load: async <T>(name: string) => (await import(pathToFileURL(require.resolve(name)).href)) as T,
    resolve: (name) => require.resolve(name),
    binary: (name) => join(folder, "node_modules/.bin", name),
    project(name) {
      const copy = realpathSync(mkdtempSync(join(folder, `${name.replaceAll("/", "-")}-`)));
      cpSync(join(ROOT, "fixtures/projects", name), copy, { recursive: true });
      return { folder: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
    },
  };
}

/** This package as a user has it: bundlers treat what is linked from elsewhere as sources. Its dependencies may be links. */
function installMprof(folder: string): void {
  const modules = join(folder, "node_modules");
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    if (existsSync(join(modules, name))) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  const target = join(modules, "mprof");
  rmSync(target, { recursive: true, force: true });
  for (const part of ["package.json", "globals.d.ts", "dist/esm", "dist/cjs"]) {
    cpSync(join(ROOT, part), join(target, part), {
      recursive: true,
      filter: (path) => !/dist\/(esm|cjs)\/(test|bench)(\/|$)/.test(path),
    });
  }
}
