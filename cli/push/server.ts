/** Where profiles go, and what comes back. */
import { setTimeout as wait } from "node:timers/promises";
import { OPTIONS } from "../../contract/options.ts";
import { UsageError } from "../command.ts";
import type { Parcel } from "./parcel.ts";

export interface Server {
  /** Of its ingest API, without user and password. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** `refused`: the same would be refused again; `unreached`: later it may be taken. */
export type Answer =
  | { kind: "taken" }
  | { kind: "refused"; why: string }
  | { kind: "unreached"; why: string; retryMs?: number | undefined };

export interface Patience {
  /** Of one parcel. */
  attempts: number;
  /** Milliseconds after the first attempt; twice as long after each further one. */
  first: number;
}

/** Longer nobody waits, whatever a server asks for. */
const LONGEST_MS = 30_000;
const TIMEOUT_MS = 30_000;
/** What servers say when they cannot now: timeout, too many requests. */
const LATER = [408, 429];
const MOST_SAID = 200;

/** @throws UsageError for what is no address, and values that no header takes */
export function serverOf(address: string, env: NodeJS.ProcessEnv): Server {
  if (!URL.canParse(address))
    throw new UsageError("the server is no URL", "Write it as http://localhost:4040, and a password percent-encoded.");
  const url = new URL(address);
  const { username, password } = url;
  const inUrl = username
    ? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`
    : undefined;
  const { authorization, tenant } = OPTIONS;
  const headers = {
    authorization: env[authorization.variable.name] || inUrl,
    "X-Scope-OrgID": env[tenant.variable.name],
    "content-type": "application/octet-stream",
  };
  const given = Object.entries(headers).filter((header): header is [string, string] => Boolean(header[1]));
  for (const [name, value] of given) {
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue;
    const variable = name === "authorization" ? authorization.variable.name : tenant.variable.name;
    throw new UsageError(`${variable} is no value of a header`, "Leave out line ends and what is not Latin.");
  }
  return { url: `${url.origin}${url.pathname.replace(/\/$/, "")}/ingest`, headers: Object.fromEntries(given) };
}

/**
 * Sends until it is taken, refused, or patience ends.
 *
 * @param tell of each attempt that failed and is followed by another
 * @param signal ends the patience: a request that is under way is awaited, for it may have arrived
 */
export async function send(
  server: Server,
  parcel: Parcel,
  { attempts, first }: Patience,
  tell: (text: string) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await post(server, parcel);
    if (answer.kind !== "unreached" || attempt >= attempts || signal?.aborted) return answer;
    // Not all at once, when a server comes back.
    const pause = first * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
    const ms = Math.min(LONGEST_MS, Math.max(pause, answer.retryMs ?? 0));
    tell(`${answer.why}: attempt ${attempt + 1} of ${attempts} in ${(ms / 1000).toFixed(1)} s`);
    await wait(ms, undefined, { signal }).catch(() => {});
  }
}

async function post({ url, headers }: Server, { search, body }: Parcel): Promise<Answer> {
  try {
    const response = await fetch(url + search, {
      method: "POST",
      headers,
      body: Uint8Array.from(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const said = (await response.text()).replace(/\s+/g, " ").trim().slice(0, MOST_SAID);
    if (response.ok) return { kind: "taken" };
    const { status } = response;
    const why = `HTTP ${status}${said ? `, ${said}` : ""}`;
    if (status < 500 && !LATER.includes(status)) return { kind: "refused", why };
    return { kind: "unreached", why, retryMs: retryAfter(response.headers.get("retry-after")) };
  } catch (error) {
    return { kind: "unreached", why: reasonOf(error) };
  }
}

/** Seconds, or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? ms : undefined;
}

/** `fetch` itself says no more than that it failed. */
function reasonOf(error: unknown): string {
  const { cause, name, message } = error as Error;
  if (name === "TimeoutError") return `no answer within ${TIMEOUT_MS / 1000} s`;
  const { code, message: why } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? why ?? message;
}
