/** A client of Node's inspector: commands and their answers. */
import WebSocket from "ws";

/** Or an event, which has no number but a method. */
interface Answer {
  id?: number;
  method?: string;
  result?: unknown;
  error?: { message: string };
}

/** What `Runtime.evaluate` and its like answer. */
interface Evaluated {
  result: { type: string; value?: unknown; objectId?: string };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

/** The other side has gone. */
export class ConnectionLost extends Error {}

export class Inspector {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  private ids = 0;
  private workersSeen = 0;
  private isClosed = false;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => this.take(JSON.parse(String(data))));
    socket.on("close", () => this.lose());
    socket.on("error", () => this.lose());
  }

  /** @throws what the connection fails with */
  static connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 0 });
    return new Promise((resolve, reject) => {
      socket.once("open", () => resolve(new Inspector(socket)));
      socket.once("error", reject);
    });
  }

  /** Evaluates an expression whose value is an object. @returns its id; undefined if it is none */
  async object(expression: string): Promise<string | undefined> {
    return valueIn(await this.send("Runtime.evaluate", { expression, includeCommandLineAPI: true })).objectId;
  }

  /** Calls a method of an object. @param isPromise what it promises is waited for */
  async call(objectId: string, method: string, args: readonly unknown[], isPromise: boolean): Promise<unknown> {
    const evaluated = await this.send("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: "function (method, args) { return this[method](...args); }",
      arguments: [{ value: method }, { value: args }],
      returnByValue: true,
      awaitPromise: isPromise,
    });
    return valueIn(evaluated).value;
  }

  /** How many worker threads the process has: it is told of each before the answer. They are let go at once. */
  async countWorkers(): Promise<number> {
    this.workersSeen = 0;
    await this.send("NodeWorker.enable", { waitForDebuggerOnStart: false });
    await this.send("NodeWorker.disable", {});
    return this.workersSeen;
  }

  /** @throws ConnectionLost */
  private async send(method: string, params: object): Promise<Evaluated> {
    if (this.isClosed) throw new ConnectionLost("the connection is closed");
    const id = ++this.ids;
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result as Evaluated;
  }

  close(): void {
    this.socket.terminate();
  }

  private take(answer: Answer): void {
    if (answer.method === "NodeWorker.attachedToWorker") this.workersSeen++;
    if (answer.id === undefined) return;
    this.waiting.get(answer.id)?.resolve(answer);
    this.waiting.delete(answer.id);
  }

  private lose(): void {
    this.isClosed = true;
    for (const { reject } of this.waiting.values()) reject(new ConnectionLost("the connection was broken off"));
    this.waiting.clear();
  }
}

/** @throws what was thrown on the other side */
function valueIn({ result, exceptionDetails }: Evaluated): Evaluated["result"] {
  if (exceptionDetails === undefined) return result;
  throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
}
