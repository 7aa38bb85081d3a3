/** Where the profile of the open page arrives, and where it is shown: the terminal, and the page at `/__mprof/`. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PageMessage } from "../../../contract/page-message.ts";
import { renderText } from "../../../runtime/reporters/text.ts";
import { LIVE_SCRIPT, renderDocument, renderProfile } from "./live-page.ts";
import { Refusal, receive } from "./receive.ts";
import { TerminalReport } from "./terminal.ts";

export interface Terminal {
  print(text: string): void;
  warn(text: string): void;
}

/** Refusals that are shown. */
const MOST_TOLD = 20;

export class ProfileDesk {
  /** What pages of this server know, and others do not. */
  readonly token = randomBytes(24).toString("base64url");
  private readonly terminal: Terminal;
  private readonly report: TerminalReport;
  private latest: PageMessage | null = null;
  private readonly watchers = new Set<ServerResponse>();
  private readonly told = new Set<string>();

  constructor(terminal: Terminal) {
    this.terminal = terminal;
    this.report = new TerminalReport((text) => terminal.print(text));
  }

  /** Answers a request; `path` is below that of the desk, without a query. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("cache-control", "no-store");
    response.setHeader("x-content-type-options", "nosniff");
    if (path === "/" && request.method === "GET") {
      // Nothing that a source line or a name could hold is ever run, and the page asks nobody but this server.
      response.setHeader(
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'self'",
      );
      reply(response, 200, renderDocument(renderProfile(this.latest)), "text/html");
    } else if (path === "/live.js" && request.method === "GET") reply(response, 200, LIVE_SCRIPT, "text/javascript");
    else if (path === "/events" && request.method === "GET") this.watch(response);
    else if (path === "/" && request.method === "POST") void this.take(request, response);
    else reply(response, 404, `There is no ${request.method} ${path} here.`);
  }

  /** Ends what is open, so that the server can close. */
  close(): void {
    this.report.flush();
    for (const watcher of this.watchers) watcher.end();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const message = await receive(request, this.token);
      const html = renderProfile(message);
      // Refused here, if it cannot be rendered: the terminal has its turn later, where nobody would catch it.
      renderText(message.profile);
      this.latest = message;
      this.report.update(message.profile);
      for (const watcher of this.watchers) send(watcher, html);
      reply(response, 204, "");
    } catch (error) {
      request.resume();
      const refusal =
        error instanceof Refusal ? error : new Refusal(400, `The profile is not as it should be: ${error}`);
      this.tell(refusal);
      reply(response, refusal.status, refusal.message);
    }
  }

  /** Each once: what posts the same every second, or something else each time, fills no terminal. */
  private tell({ status, message }: Refusal): void {
    const { told, terminal } = this;
    if (told.has(message) || told.size === MOST_TOLD) return;
    told.add(message);
    const last = told.size === MOST_TOLD ? " (other refusals are not shown any more)" : "";
    terminal.warn(`[mprof] a profile was refused (${status}): ${message}${last}`);
  }

  private watch(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "x-accel-buffering": "no" });
    send(response, renderProfile(this.latest));
    this.watchers.add(response);
    response.on("close", () => this.watchers.delete(response));
  }
}

function send(watcher: ServerResponse, html: string): void {
  watcher.write(`data: ${JSON.stringify(html)}\n\n`);
}

function reply(response: ServerResponse, status: number, body: string, type = "text/plain"): void {
  response.statusCode = status;
  if (status !== 204) response.setHeader("content-type", `${type}; charset=utf-8`);
  response.end(body);
}
