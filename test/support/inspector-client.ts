import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Socket } from "node:net";

/** A message of the inspector's protocol. */
export interface Message {
  id?: number;
  method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: as the protocol has it
  params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as the protocol has it
  result?: any;
}

/** A debugger: Node 20 has no WebSocket of its own. */
export class InspectorClient {
  private readonly socket: Socket;
  private readonly answers = new Map<number, (message: Message) => void>();
  private readonly waiting = new Map<string, (message: Message) => void>();
  private received = Buffer.alloc(0);
  private ids = 0;
  /** Of every script that was parsed, by its id. */
  readonly urls = new Map<string, string>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (piece) => this.read(piece));
  }

  static connect(url: string): Promise<InspectorClient> {
    const { hostname, port, pathname } = new URL(url);
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    };
    return new Promise((resolve, reject) => {
      request({ hostname, port, path: pathname, headers })
        .on("upgrade", (_, socket) => resolve(new InspectorClient(socket as Socket)))
        .on("error", reject)
        .end();
    });
  }

  /** The answer to a command. */
  send(method: string, params: object = {}): Promise<Message> {
    const id = ++this.ids;
    const text = Buffer.from(JSON.stringify({ id, method, params }));
    const mask = randomBytes(4);
    const head = text.length < 126 ? [0x81, 0x80 | text.length] : [0x81, 0xfe, text.length >> 8, text.length & 255];
    const masked = text.map((byte, index) => byte ^ mask[index % 4]!);
    this.socket.write(Buffer.concat([Buffer.from(head), mask, masked]));
    return new Promise((resolve) => this.answers.set(id, resolve));
  }

  /** The next event of this name. */
  next(method: string): Promise<Message> {
    return new Promise((resolve) => this.waiting.set(method, resolve));
  }

  close(): void {
    this.socket.destroy();
  }

  private read(piece: Buffer): void {
    this.received = Buffer.concat([this.received, piece]);
    for (;;) {
      const { received } = this;
      if (received.length < 2) return;
      const short = received[1]! & 127;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (received.length < start) return;
      const length =
        short === 126 ? received.readUInt16BE(2) : short === 127 ? Number(received.readBigUInt64BE(2)) : short;
      if (received.length < start + length) return;
      this.received = received.subarray(start + length);
      this.take(JSON.parse(received.toString("utf8", start, start + length)));
    }
  }

  private take(message: Message): void {
    if (message.method === "Debugger.scriptParsed") this.urls.set(message.params.scriptId, message.params.url);
    if (message.id !== undefined) this.answers.get(message.id)?.(message);
    else this.waiting.get(message.method!)?.(message);
  }
}
