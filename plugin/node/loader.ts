import { checkOptions, type Options } from "../core/options.ts";
import { instrument } from "./source.ts";

export type { Options } from "../core/options.ts";

/** The part of webpack's loader context that is used; Turbopack has it, too. */
interface LoaderContext {
  resourcePath: string;
  async(): (error: Error | null, code?: string, map?: unknown) => void;
  getOptions?(): Options;
  emitWarning?(warning: Error): void;
}

/** `mprof/loader`: for what takes loaders but no plugins, as Turbopack. Options as in docs/options.md. */
export default function loader(this: LoaderContext, code: string, map?: unknown): void {
  const done = this.async();
  try {
    const options = this.getOptions?.() ?? {};
    checkOptions(options);
    const onWarning = ({ message }: { message: string }) => this.emitWarning?.(new Error(message));
    const result = instrument(code, { onWarning, ...options, filename: this.resourcePath, packageType: "module" });
    if (result === null) done(null, code, map);
    else done(null, result.code, result.map);
  } catch (error) {
    done(error as Error);
  }
}
