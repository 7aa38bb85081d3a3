/** Who may post a profile, and what is taken for one. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { MAX_MESSAGE, type PageMessage } from "../../../contract/page-message.ts";
import { readProfile } from "../../../contract/read-profile.ts";

/** Why a post is not taken: an HTTP status, and what is wrong, with the cure. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads a message. @throws Refusal */
export async function receive(request: IncomingMessage, token: string): Promise<PageMessage> {
  checkOrigin(request);
  const message = parse(await readBody(request));
  if (!isSame(message.token, token)) {
    throw new Refusal(403, "The token is not that of this server: it was started again since. Reload the page.");
  }
  checkProfile(message.profile);
  checkTimeline(message.timeline);
  return message;
}

/**
 * The page must be of the origin that it posts to. A browser says so itself, and no page can make it say something else;
 * where it does not say, the host that it was asked for counts, here or at the proxy in front.
 */
function checkOrigin({ headers }: IncomingMessage): void {
  if (headers["sec-fetch-site"] === "same-origin") return;
  const { origin = "none", host = "" } = headers;
  const forwarded = String(headers["x-forwarded-host"] ?? host);
  if ([host, forwarded].some((each) => each !== "" && hostOf(origin) === each)) return;
  throw new Refusal(
    403,
    `A profile from the origin ${origin} is not taken at ${forwarded}: open the page by the address of the dev server, ` +
      "or let the proxy in front of it keep the Host header or set X-Forwarded-Host.",
  );
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** What comes after the limit is read and dropped: a connection that is closed while a browser writes hides the answer. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    if (Number(request.headers["content-length"]) > MAX_MESSAGE) return reject(tooLarge());
    let size = 0;
    request.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size <= MAX_MESSAGE) pieces.push(piece);
      else reject(tooLarge());
    });
    request.on("error", reject);
    request.on("end", () => resolve(Buffer.concat(pieces).toString("utf8")));
  });
}

function tooLarge(): Refusal {
  return new Refusal(413, `A profile of more than ${MAX_MESSAGE} bytes is not taken: profile fewer functions.`);
}

function parse(body: string): PageMessage {
  try {
    const message = JSON.parse(body);
    if (typeof message === "object" && message !== null) return message;
  } catch {
    // Said below, as for anything else that is no message.
  }
  throw new Refusal(400, "This is not a message of mprof/browser.");
}

function isSame(given: unknown, token: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The token is known to every script of the page, and what is shown goes into a page of its own. */
function checkProfile(profile: unknown): void {
  try {
    readProfile(profile ?? {});
  } catch (error) {
    throw new Refusal(400, (error as Error).message.replace("[mprof] ", ""));
  }
}

function checkTimeline(timeline: unknown): void {
  const { points } = (timeline ?? {}) as { points?: unknown };
  const isPoint = (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  if (!Array.isArray(points) || !points.every(isPoint)) throw new Refusal(400, "The message holds no time line.");
}
