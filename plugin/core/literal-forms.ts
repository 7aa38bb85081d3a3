/**
 * What another compiler recognises by its shape keeps its shape, wherever line breaks stand: no wrapper where it looks. A
 * probe may stand before the statement. Each row has its reason here, and a case of its own in `fixtures/syntax/literal`.
 */
import type { Expression } from "./outline.ts";
import { nextToken } from "./source-text.ts";

export interface LiteralForm {
  /**
   * Callees and tags by the name that is written: `*` stands for any number of characters, `?` for one, a leading `*.` for
   * any object. `import` is the call of that word.
   */
  names: readonly string[];
  /** Whether a wrapper may stand round the whole. */
  wrap: boolean;
  /** `whole`: no probe inside but for what suspends. `untouched`: none at all. `rows`: as everywhere. */
  inside: "whole" | "untouched" | "rows";
  /** Functions that are handed to it are left alone: moved elsewhere, or sent away as text. */
  functions?: "moved" | "sent";
  /** Who looks, and for what. */
  why: string;
}

export const LITERAL_FORMS: readonly LiteralForm[] = [
  {
    names: ["import", "require", "require.resolve", "System.import"],
    wrap: true,
    inside: "whole",
    why: "bundlers resolve what is named here",
  },
  {
    names: ["require.context", "require.resolveWeak", "require.ensure", "module.hot.*"],
    wrap: true,
    inside: "whole",
    why: "webpack reads the arguments",
  },
  {
    names: ["import.meta.*"],
    wrap: true,
    inside: "whole",
    why: "Vite expands glob, and reads the dependencies of hot.accept; loaders replace resolve",
  },
  {
    names: ["new URL"],
    wrap: true,
    inside: "whole",
    why: "bundlers take new URL(…, import.meta.url) for an asset",
  },
  {
    names: ["new Worker", "new SharedWorker", "*.serviceWorker.register", "*.audioWorklet.addModule"],
    wrap: true,
    inside: "whole",
    why: "bundlers take new Worker(new URL(…)) for an entry",
  },
  {
    names: ["$?*"],
    wrap: false,
    inside: "untouched",
    why: "Svelte's runes stand where their variable or field is declared, and become thunks",
  },
  {
    names: ["define?*", "withDefaults"],
    wrap: false,
    inside: "untouched",
    why: "macros of Vue and Nuxt are read, and moved out of the function",
  },
  {
    names: [
      ...["jest.mock", "jest.*.mock", "jest.unmock", "jest.*.unmock", "jest.*Automock", "jest.deepUnmock"],
      ...["vi.mock", "vi.*.mock", "vi.unmock", "vi.*.unmock", "vi.hoisted"],
    ],
    wrap: false,
    inside: "untouched",
    functions: "moved",
    why: "mocks are moved above the imports, where nothing of ours exists yet",
  },
  {
    names: ["jest.doMock", "jest.dontMock", "jest.setMock", "vi.doMock", "vi.doUnmock"],
    wrap: false,
    inside: "whole",
    why: "Jest and Vitest read which module is meant",
  },
  {
    names: [
      "*.evaluate",
      "*.evaluateHandle",
      "*.evaluateAll",
      "*.$eval",
      "*.$$eval",
      "*.addInitScript",
      "*.evaluateOnNewDocument",
      "*.waitForFunction",
      "browser.execute",
      "browser.executeAsync",
      "*.executeScript",
      "*.executeAsyncScript",
    ],
    wrap: true,
    inside: "rows",
    functions: "sent",
    why: "Playwright, Puppeteer and WebDriver send a function's text to a page that has no profiler",
  },
  {
    names: [
      "graphql",
      "gql",
      "css",
      "keyframes",
      "createGlobalStyle",
      "injectGlobal",
      "styled",
      "styled.*",
      "tw",
      "msg",
      "defineMessage",
    ],
    wrap: false,
    inside: "whole",
    why: "Relay, Gatsby, linaria, styled-components and macros read the template where it is declared",
  },
];

/** `<style jsx>` is read by styled-jsx. */
const STYLE_JSX: LiteralForm = {
  names: ["<style jsx>"],
  wrap: false,
  inside: "untouched",
  why: "styled-jsx reads the template in it",
};

/** All of JSX that is compiled to something lazy or special. */
const OPAQUE_JSX: LiteralForm = {
  names: ["<…>"],
  wrap: true,
  inside: "untouched",
  why: "Solid, Vue and their kin turn what is inside into thunks, slots and directives",
};

/** What the option `literal` adds. */
function added(names: readonly string[]): LiteralForm {
  return { names, wrap: false, inside: "untouched", why: 'the option "literal" says so' };
}

interface Row {
  form: LiteralForm;
  pattern: RegExp;
}

const ROWS = LITERAL_FORMS.map(rowOf);

function rowOf(form: LiteralForm): Row {
  return { form, pattern: new RegExp(`^(?:${form.names.map(patternOf).join("|")})$`) };
}

/** The literal forms of a file. */
export interface LiteralForms {
  text: string;
  /** JSX is compiled to something other than calls that run where they stand. */
  hasOpaqueJsx(): boolean;
  rows: readonly Row[];
  /** What was asked before. */
  names: Map<string, LiteralForm | null>;
  /** Names of callees: links of a chain have all those before them in theirs. */
  callees: Map<Expression<unknown>, string>;
}

/** @param text the outline's. @param literal more names, by the option of that name */
export function createLiteralForms(
  text: string,
  literal: readonly string[],
  askOpaqueJsx: () => boolean,
): LiteralForms {
  const rows = literal.length > 0 ? [...ROWS, rowOf(added(literal))] : ROWS;
  let answer: boolean | null = null;
  return {
    text,
    rows,
    names: new Map(),
    callees: new Map(),
    hasOpaqueJsx() {
      answer ??= askOpaqueJsx();
      return answer;
    },
  };
}

function patternOf(name: string): string {
  const parts = name.split(/([*?])/).map((part) => {
    if (part === "*") return ".*";
    return part === "?" ? "." : part.replace(/[\\^$.+()[\]{}|]/g, "\\$&");
  });
  return parts.join("");
}

/** The form that an expression has, if it is one that others recognise. */
export function literalFormOf<N>(expression: Expression<N>, forms: LiteralForms): LiteralForm | null {
  if (expression.kind === "jsx") {
    const { element } = expression;
    if (element?.name === "style" && element.attributes.includes("jsx")) return STYLE_JSX;
    return forms.hasOpaqueJsx() ? OPAQUE_JSX : null;
  }
  if (expression.kind !== "call" && expression.kind !== "tagged") return null;
  return formOfName(nameOf(expression, forms), forms);
}

function formOfName(name: string, { rows, names }: LiteralForms): LiteralForm | null {
  const known = names.get(name);
  if (known !== undefined) return known;
  const form = rows.find(({ pattern }) => pattern.test(name))?.form ?? null;
  names.set(name, form);
  return form;
}

function nameOf<N>(expression: Expression<N, "call" | "tagged">, forms: LiteralForms): string {
  if (expression.kind === "tagged") return calleeName(expression.tag, forms);
  if (expression.form === "import" || !expression.callee) return "import";
  return (expression.form === "new" ? "new " : "") + calleeName(expression.callee, forms);
}

/** `$derived.by`, `import.meta.glob`; `….evaluate` of any object; `…` for what has no name. */
function calleeName<N>(callee: Expression<N>, forms: LiteralForms): string {
  const known = forms.callees.get(callee);
  if (known !== undefined) return known;
  const { text } = forms;
  const names: string[] = [];
  let object = callee;
  while (object.kind === "member" && !object.property && names.length < 4) {
    names.unshift(lastName(text.slice(object.object.end, object.end)));
    object = object.object;
  }
  // `styled(Button)`, `styled.a.attrs()`
  if (object.kind === "call" && object.callee) names.unshift(abridged(calleeName(object.callee, forms)));
  else names.unshift(object.kind === "name" ? withoutBlanks(text.slice(object.start, object.end)) : "…");
  const name = names.join(".");
  forms.callees.set(callee, name);
  return name;
}

/** Of a long chain the beginning says whose it is. */
function abridged(name: string): string {
  return name.length > 200 ? `${name.slice(0, 150)}.…` : name;
}

function lastName(text: string): string {
  return /[#\p{ID_Continue}$]+$/u.exec(text)?.[0] ?? "…";
}

/** `import . meta` and what stands between. */
function withoutBlanks(text: string): string {
  let result = "";
  for (let at = nextToken(text, 0); at < text.length; at = nextToken(text, at + 1)) result += text[at];
  return result;
}
