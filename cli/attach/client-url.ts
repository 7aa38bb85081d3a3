/** Whether an inspector of Node listens at an address. */
import { get } from "node:http";

const ANSWERS_IN_MS = 2000;

/** Where a client of the inspector connects to; undefined where none answers. */
export function clientUrl(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = get({
      host: host.replace(/^\[|\]$/g, ""),
      port,
      path: "/json/list",
      // What is not an address of its own the inspector does not answer to.
      headers: { Host: `127.0.0.1:${port}`, Connection: "close" },
      agent: false,
      timeout: ANSWERS_IN_MS,
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined));
    asked.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve(urlIn(text, `${host}:${port}`)));
      response.on("error", () => resolve(undefined));
    });
  });
}

/** A port that is forwarded is another one than the process says. */
function urlIn(list: string, address: string): string | undefined {
  try {
    const targets: unknown = JSON.parse(list);
    if (!Array.isArray(targets)) return undefined;
    const { type, webSocketDebuggerUrl } = targets[0] ?? {};
    if (type !== "node" || typeof webSocketDebuggerUrl !== "string") return undefined;
    return webSocketDebuggerUrl.replace(/^ws:\/\/[^/]*/, `ws://${address}`);
  } catch {
    return undefined;
  }
}
