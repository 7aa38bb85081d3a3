/** A server in TypeScript, built by esbuild as one ES module with its map, and started plainly: what `mprof attach` is for. */
import { type ChildProcess, spawn } from "node:child_process";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { listenersAt } from "../../cli/attach/proc.ts";
import { ROOT } from "./load-fixture.ts";
import { runCli } from "./run-cli.ts";

export const SOURCES = join(ROOT, "fixtures/attach/src");

/** What the server says of its process. */
export interface TargetState {
  names: string[];
  symbols: string[];
  texts: string[];
  listeners: string[];
  heapUsed: number;
}

/** Any port for the inspector: several tests may run on a machine. */
export const ANY_PORT = "--inspect-port=0";

export class Target {
  readonly child: ChildProcess;
  readonly pid: number;
  private readonly port: number;
  /** No connection is kept: one that the server closes just then would be an error that is nobody's. */
  private readonly agent = new Agent({ keepAlive: false });
  private isLoaded = false;
  private readonly load: Promise<void>[] = [];
  /** Answers to the load, and those that were wrong. */
  answered = 0;
  wrong: string[] = [];

  /** On standard error. */
  readonly said: () => string;

  private constructor(child: ChildProcess, port: number, said: () => string) {
    this.said = said;
    this.child = child;
    this.pid = child.pid!;
    this.port = port;
  }

  static async start(folder: string, node: readonly string[] = [ANY_PORT]): Promise<Target> {
    const outfile = join(folder, "dist/server.mjs");
    buildSync({
      entryPoints: [join(SOURCES, "server.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      sourcemap: true,
      outfile,
      logLevel: "warning",
    });
    let said = "";
    const child = spawn(process.execPath, [...node, outfile], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const port = await new Promise<number>((resolve) => child.stdout.once("data", (text) => resolve(Number(text))));
    return new Target(child, port, () => said);
  }

  ask(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      get({ port: this.port, host: "127.0.0.1", path, agent: this.agent }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
        });
        response.on("end", () => resolve(text));
      }).on("error", reject);
    });
  }

  async state(): Promise<TargetState> {
    return JSON.parse(await this.ask("/state"));
  }

  /** Bytes on its heap, without what it keeps and garbage; it has to be started with --expose-gc. */
  async heap(): Promise<number> {
    return Number(await this.ask("/heap"));
  }

  /** Four requests at a time, until it stops. */
  startLoad(): void {
    this.isLoaded = true;
    const expected = Array.from({ length: 20 }, (_, i) => `<li>${i}</li>`).join("\n");
    const ask = async () => {
      while (this.isLoaded) {
        const text = await this.ask("/x").catch(String);
        this.answered++;
        if (text.replace(/^\d+\n/, "") === expected) continue;
        this.wrong.push(text);
        this.isLoaded = false;
      }
    };
    for (let i = 0; i < 4; i++) this.load.push(ask());
  }

  async stopLoad(): Promise<void> {
    this.isLoaded = false;
    await Promise.all(this.load.splice(0));
  }

  /** Ports that it listens on, its own server's apart. */
  ports(): number[] {
    const own = listenersAt(this.pid)!.filter(({ isOwn, port }) => isOwn && port !== this.port);
    return own.map(({ port }) => port);
  }

  attach(...args: string[]) {
    return runCli(["attach", String(this.pid), ...args]);
  }

  end(): void {
    this.child.kill("SIGKILL");
  }
}
