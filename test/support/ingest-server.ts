import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Pprof, readPprof } from "./read-pprof.ts";
import { refusalOf } from "./server-rules.ts";

export interface Ingested {
  method: string;
  url: string;
  /** Names and values as they were written, in their order. */
  rawHeaders: string[];
  body: Buffer;
  query: URLSearchParams;
  profile: Pprof;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  text?: string;
}

export interface IngestServer {
  url: string;
  taken: Ingested[];
  /** What is answered next, and then what Pyroscope's server answers. */
  answers: Answer[];
  /** Resolves when so many requests have come; rejects where they do not come for a while. */
  until(count: number): Promise<void>;
}

const PATIENCE_MS = 20_000;

/** A server that takes what is sent to Pyroscope's ingest API, for the time of a test. */
export async function withIngest<T>(use: (server: IngestServer) => Promise<T>): Promise<T> {
  let notify = () => {};
  const taken: Ingested[] = [];
  const answers: IngestServer["answers"] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces);
      const { method = "", url = "", rawHeaders } = request;
      const query = new URL(url, "http://localhost").searchParams;
      const profile = readPprof(body);
      taken.push({ method, url, rawHeaders, body, query, profile });
      const { status, headers, text }: Answer = answers.shift() ?? refusalOf(query, profile) ?? { status: 200 };
      response.writeHead(status, headers).end(text);
      notify();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const until = async (count: number) => {
    while (taken.length < count) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${taken.length} of ${count} requests came`)), PATIENCE_MS);
        notify = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  try {
    return await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken, answers, until });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Names of what waits to be sent, of processes whose folder for temporary files is `folder`. */
export function waitingIn(folder: string): string[] {
  const [queue] = readdirSync(folder).filter((name) => name.startsWith("mprof-push-"));
  return queue === undefined ? [] : readdirSync(join(folder, queue));
}
