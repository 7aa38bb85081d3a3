/**
 * Load of constant concurrency on two servers that are the same, in turns, from a process of its own: what the machine does
 * besides hits both. Its own client of HTTP: that of Node takes longer than the servers. Says each slice to who has started it.
 */
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";

export const EXPRESS_LOAD = fileURLToPath(import.meta.url);

const CLIENTS = 8;
/** Of these one in so many is an order, which the servers keep. */
const REQUESTS = 100;
const EACH_ORDER = 20;
const ITEMS = 30;
const NS_PER_MS = 1e6;

export interface LoadedServer {
  port: number;
  pid: number;
}

/** What is sent for each slice. */
export interface Slice {
  /** Which of the servers. */
  server: number;
  /** Milliseconds of the clock of the day. */
  began: number;
  ended: number;
  answered: number;
  /** Milliseconds of CPU time of the server's main thread: what others on the machine do is not in it. */
  cpu: number;
  /** Answers that were not those that the first server gave at the start. */
  wrong: string[];
}

/** One connection, one request at a time. */
class Client {
  private readonly socket: Socket;
  private text = "";
  private answer: ((body: string) => void) | undefined;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setNoDelay(true).setEncoding("latin1");
    this.socket.on("data", (piece) => this.take(String(piece)));
    for (const event of ["error", "close"]) this.socket.on(event, () => this.answer?.(`the connection had: ${event}`));
  }

  ask(request: string): Promise<string> {
    return new Promise((resolve) => {
      this.answer = resolve;
      this.socket.write(request);
    });
  }

  private take(piece: string): void {
    this.text += piece;
    const head = this.text.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/^content-length: (\d+)/im.exec(this.text)?.[1]);
    if (!(this.text.length < head + 4 + length)) this.finish(head);
  }

  private finish(head: number): void {
    const body = `${this.text.slice(0, this.text.indexOf("\r\n"))} ${this.text.slice(head + 4)}`;
    this.text = "";
    this.answer?.(body);
  }
}

function requestOf(index: number): string {
  if (index % EACH_ORDER > 0) return `GET /products?below=${100 + index * 9} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const items = Array.from({ length: ITEMS }, (_, i) => ({ id: index + i, count: 1 + (i % 3) }));
  const body = JSON.stringify({ items });
  const heads = [
    "POST /orders HTTP/1.1",
    "Host: x",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
  ];
  return `${heads.join("\r\n")}\r\n\r\n${body}`;
}

function cpuOf(pid: number): number {
  return Number.parseInt(readFileSync(`/proc/${pid}/schedstat`, "utf8"), 10) / NS_PER_MS;
}

async function load(servers: readonly LoadedServer[], sliceMs: number): Promise<void> {
  const clients = servers.map(({ port }) => Array.from({ length: CLIENTS }, () => new Client(port)));
  const requests = Array.from({ length: REQUESTS }, (_, index) => requestOf(index));
  const expected: string[] = [];
  for (const request of requests) expected.push(await clients[0]![0]!.ask(request));
  const next = servers.map(() => 0);
  for (let server = 0; process.connected; server = (server + 1) % servers.length) {
    const { pid } = servers[server]!;
    const slice: Slice = { server, began: Date.now(), ended: 0, answered: 0, cpu: -cpuOf(pid), wrong: [] };
    const work = async (client: Client) => {
      while (Date.now() - slice.began < sliceMs && slice.wrong.length === 0) {
        const index = next[server]!++ % REQUESTS;
        const body = await client.ask(requests[index]!);
        slice.answered++;
        if (body !== expected[index]) slice.wrong.push(`${body}, not ${expected[index]}`);
      }
    };
    await Promise.all(clients[server]!.map(work));
    slice.cpu += cpuOf(pid);
    slice.ended = Date.now();
    if (!process.connected) return;
    process.send!(slice);
    if (slice.wrong.length > 0) return;
  }
}

if (process.argv[1] === EXPRESS_LOAD) {
  const [servers, sliceMs] = JSON.parse(process.argv[2]!) as [LoadedServer[], number];
  await load(servers, sliceMs);
  process.exit();
}
