/** Whether a bundler builds for Node, as far as it says so. */
import type { UnpluginBuildContext } from "unplugin";

/** Vite and Rolldown hand their own. */
export interface TransformContext extends Partial<Pick<UnpluginBuildContext, "getNativeBuildContext">> {
  /** Vite 6 and later. */
  environment?: { config?: { consumer?: string } };
}

/** webpack's and Rspack's. */
const NODE_TARGET = /^(?:async-)?node|^electron-(?:main|preload)/;

/** @param isServer what Vite and its kin say of a file */
export function runsInNode(context: TransformContext, isServer: boolean | undefined): boolean {
  const { environment } = context;
  if (environment?.config?.consumer !== undefined) return environment.config.consumer === "server";
  if (isServer !== undefined) return isServer;
  const native = context.getNativeBuildContext?.();
  switch (native?.framework) {
    case "webpack":
    case "rspack":
      return NODE_TARGET.test(String(native.loaderContext?.target ?? ""));
    case "esbuild":
      return native.build.initialOptions.platform === "node";
    case "bun":
      return native.build.config.target === "node";
    case "farm":
      return native.context.config?.output?.targetEnv === "node";
    case undefined:
      return false;
  }
}
