/** What Vite's dev server does besides: the profile of the open page arrives in the terminal and at `/__mprof/`. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { UnpluginOptions } from "unplugin";
import { PAGE_MODULE } from "../../contract/runtime-module.ts";
import type { ProfileDesk } from "./dev/profile-desk.ts";

type ViteHooks = NonNullable<UnpluginOptions["vite"]>;

/** The part of Vite's `ViteDevServer` that is used. */
interface DevServer {
  config: { base: string; logger: { info(text: string): void; warn(text: string): void } };
  middlewares: { use(path: string, handle: (request: IncomingMessage, response: ServerResponse) => void): void };
  httpServer: Pick<Server, "once"> | null;
  resolvedUrls: { local: string[] } | null;
}

const PATH = "__mprof/";
/** Milliseconds between two messages of a page. */
const INTERVAL = 1000;

/** The hooks; none of them runs in a build. `onServe` is called when there is a server. */
export function showProfiles(onServe: () => void): ViteHooks {
  let desk: ProfileDesk | undefined;
  let base = "/";
  return {
    async configureServer(server: DevServer) {
      onServe();
      // A build does not wait for what only a server needs.
      const { ProfileDesk } = await import("./dev/profile-desk.ts");
      const { config, middlewares, httpServer } = server;
      let isLiveTold = false;
      const terminal = {
        print(text: string) {
          config.logger.info(`\n${text.trimEnd()}\n`);
          const [address] = server.resolvedUrls?.local ?? [];
          if (address === undefined || isLiveTold) return;
          isLiveTold = true;
          config.logger.info(`  mprof: live at ${new URL(PATH, address)}\n`);
        },
        warn: (text: string) => config.logger.warn(text),
      };
      const opened = new ProfileDesk(terminal);
      desk = opened;
      base = config.base;
      middlewares.use(`${base}${PATH.slice(0, -1)}`, (request, response) => {
        const path = (request.url ?? "/").replace(/[?#].*$/s, "");
        // Without the slash at the end, what the page asks for would be beside it and not below.
        const asked = (request as { originalUrl?: string }).originalUrl ?? "";
        if (path === "/" && request.method === "GET" && /__mprof(\?|$)/.test(asked)) {
          response.writeHead(302, { location: PATH }).end();
        } else opened.answer(path, request, response);
      });
      httpServer?.once("close", () => opened.close());
    },
    transformIndexHtml: {
      order: "pre",
      handler() {
        if (desk === undefined) return [];
        const options = JSON.stringify({ url: `${base}${PATH}`, token: desk.token, interval: INTERVAL });
        const children = `import { connect } from ${JSON.stringify(PAGE_MODULE)};\nconnect(${options});\n`;
        return [{ tag: "script", attrs: { type: "module" }, children, injectTo: "head-prepend" }];
      },
    },
  } as ViteHooks;
}
