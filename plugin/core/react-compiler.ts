import type { FoundFunction } from "./find-functions.ts";
import { visitInside } from "./walk.ts";

/** A component or a hook, by the names that React's compiler goes by: it takes no `try` without a `catch`. */
export function isForReactCompiler<N>({ name, fn }: FoundFunction<N>): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (/^use[A-Z]/.test(last)) return true;
  let hasJsx = false;
  if (/^[A-Z]/.test(last)) {
    visitInside(fn, {
      expression: ({ kind }) => {
        hasJsx ||= kind === "jsx";
      },
    });
  }
  return hasJsx;
}
