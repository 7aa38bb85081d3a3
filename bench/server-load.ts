/** Load on an HTTP server of another process, in turns, so that two servers can be compared on a machine that does other things. */
import { Agent, request } from "node:http";

export class ServerLoad {
  requests = 0;
  /** Of all turns. */
  ms = 0;
  private readonly port: number;
  private readonly path: (request: number) => string;
  private readonly atOnce: number;
  private readonly agent: Agent;

  /** @param path of the request of a number. @param atOnce connections, each with one request after the other */
  constructor(port: number, path: (request: number) => string, atOnce: number) {
    this.port = port;
    this.path = path;
    this.atOnce = atOnce;
    this.agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  }

  /** Requests a second. */
  get rate(): number {
    return (1000 * this.requests) / this.ms;
  }

  async turn(ms: number): Promise<void> {
    const began = performance.now();
    const end = began + ms;
    const client = async () => {
      while (performance.now() < end) await this.ask(this.path(this.requests++));
    };
    await Promise.all(Array.from({ length: this.atOnce }, client));
    this.ms += performance.now() - began;
  }

  /** Connections that wait keep the bench alive. */
  close(): void {
    this.agent.destroy();
  }

  private ask(path: string): Promise<void> {
    const { port, agent } = this;
    return new Promise((resolve, reject) => {
      const sent = request({ port, agent, path }, (response) => response.resume().on("end", resolve));
      sent.on("error", reject).end();
    });
  }
}
