/** `mprof/browser`: sends the profile of a page to where it is told, while the page is open and when it is left. */
import { MprofError } from "../../contract/errors.ts";
import { runtime } from "../core/host-runtime.ts";
import { replaceListings } from "../full/replace-listings.ts";
import type { BrowserGlobals } from "./globals.ts";
import { recordMemory } from "./memory-timeline.ts";
import { Sender } from "./sender.ts";

export interface ConnectOptions {
  /** Where profiles are posted; a relative one is relative to the page. */
  url: string;
  /** Sent along, so that the receiver knows its pages. @default "" */
  token?: string;
  /** Milliseconds from one message to the next while figures change; 0 sends only when the page is hidden or left. @default 0 */
  interval?: number;
}

/**
 * Posts the profile of this page (`PageMessage`, as JSON) when the page is hidden or left and, with `interval`, while it
 * is open. Nothing is sent while no figure changes. Where there is no page, as in a worker, it does nothing.
 * @example connect({ url: "/profiles", token: "…" });
 * @throws MprofError for wrong options
 */
export function connect({ url, token = "", interval = 0 }: ConnectOptions): void {
  const globals = globalThis as unknown as BrowserGlobals;
  if (typeof url !== "string" || typeof token !== "string" || !(interval >= 0)) {
    throw new MprofError(
      "MPROF_OPTION_TYPE",
      `connect takes { url, token, interval }, got ${JSON.stringify({ url, token, interval })}`,
      "url and token are strings, interval is a number of milliseconds.",
    );
  }
  if (globals.document === undefined) return;
  // Whoever watches a page may change its modules meanwhile; a page that nobody watches is spared the code.
  runtime.platform.replace = replaceListings;
  const timeline = recordMemory(globals);
  const message = () => ({ token, page: globals.location.pathname, profile: runtime.getProfile(), timeline });
  const sender = new Sender(new URL(url, globals.location.href).href, message, globals);
  globals.document.addEventListener("visibilitychange", () => {
    if (globals.document.visibilityState === "hidden") sender.sendLast();
  });
  globals.addEventListener("pagehide", () => sender.sendLast());
  if (interval > 0) setInterval(() => void sender.send(), interval);
}
