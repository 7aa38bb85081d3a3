import { createInterface } from "node:readline";
import { type REPLServer, Recoverable, start } from "node:repl";
import { PassThrough } from "node:stream";
import { inspect } from "node:util";
import { runInContext, Script } from "node:vm";
import { configure, getProfile, memit, reset } from "../../api/node.ts";
import { instrument } from "../../plugin/node/source.ts";
import { TABLES } from "../../runtime/reporters/tables.ts";
import { type MprunRequest, readMprun } from "./read-mprun.ts";

const BANNER = `Functions that you define here can be looked at line by line.
  .memit EXPRESSION                    the peak of memory, and by how much it rises
  .mprun -f NAME [-f NAME…] STATEMENT  the lines of functions while the statement runs
`;
/** Where the REPL's own text finds us; nothing that a person would write. */
const MEMIT = "__mprof_memit";

type Done = (error: Error | null, value: unknown) => void;

/** Node's own REPL, its functions compiled with probes. @returns when it is left */
export function startRepl(stdin: NodeJS.ReadStream, output: NodeJS.WritableStream): Promise<void> {
  configure({ report: "none", precision: 3 });
  // There is no report at the end; and Node interrupts a statement only where nobody else listens to Ctrl-C.
  process.removeAllListeners("SIGINT");
  output.write(BANNER);
  const input = stdin.isTTY ? stdin : new PassThrough();
  const server = start({ prompt: "> ", input, output, breakEvalOnSigint: true });
  const session = new Session(server, output);
  if (input instanceof PassThrough) void session.feed(stdin, input);
  return new Promise((resolve) => {
    server.on("exit", () => {
      // `.exit` before the end of a pipe.
      if (!stdin.isTTY) stdin.destroy();
      resolve();
    });
  });
}

class Session {
  private readonly server: REPLServer;
  private readonly output: NodeJS.WritableStream;
  /** Functions that were defined with probes. */
  private readonly names = new Set<string>();
  private request: MprunRequest | undefined;
  /** The input so far is the beginning of a statement. */
  private isContinued = false;
  private inputs = 1;
  private onPrompt = () => {};

  constructor(server: REPLServer, output: NodeJS.WritableStream) {
    this.server = server;
    this.output = output;
    this.compileInput();
    this.watchPrompt();
    this.addMemit();
    this.addMprun();
  }

  /** Of a pipe, a line at a time: Node's REPL would not wait for an `await` before the next. */
  async feed(from: NodeJS.ReadStream, to: PassThrough): Promise<void> {
    for await (const line of createInterface({ input: from })) {
      const isReady = new Promise<void>((resolve) => {
        this.onPrompt = resolve;
      });
      to.write(`${line}\n`);
      await isReady;
    }
    to.end();
  }

  /** Node's evaluation understands `await`, unfinished input and Ctrl-C; it gets the same text with probes in it. */
  private compileInput(): void {
    const evaluate = this.server.eval;
    const withProbes = (code: string, context: object, file: string, done: Done) => {
      if (this.request) reset();
      this.isContinued = false;
      evaluate.call(this.server, this.compile(code), context as never, file, (error, value) => {
        this.isContinued = error instanceof Recoverable;
        done(error, this.report() ? undefined : value);
      });
    };
    Object.assign(this.server, { eval: withProbes });
  }

  /** Text that does not parse, or could be an object, is Node's own business. */
  private compile(code: string): string {
    if (/^\s*\{/.test(code)) return code;
    const compiled = instrument(code, {
      filename: `repl/${this.inputs}.js`,
      functions: "all",
      packageType: "commonjs",
      runtime: "global",
      sourceMap: false,
    });
    for (const { name } of compiled?.table?.listings ?? []) this.names.add(name);
    return compiled?.code ?? code;
  }

  /** Every input ends at a prompt; those that throw, nowhere else. */
  private watchPrompt(): void {
    const displayPrompt = this.server.displayPrompt;
    this.server.displayPrompt = (keepsCursor) => {
      this.report();
      if (!this.isContinued) this.inputs++;
      displayPrompt.call(this.server, keepsCursor);
      this.onPrompt();
    };
  }

  private addMemit(): void {
    const { server } = this;
    Object.defineProperty(server.context, MEMIT, {
      value: (code: string) =>
        memit(() => runInContext(code, server.context, { breakOnSigint: true }), { quiet: true }),
    });
    server.defineCommand("memit", {
      help: "The peak of memory while an expression is computed: .memit JSON.parse(text)",
      action(text) {
        this.clearBufferedCommand();
        server.emit("line", `await ${MEMIT}(${JSON.stringify(asCall(text))})`);
      },
    });
  }

  private addMprun(): void {
    const run = (text: string) => {
      this.server.clearBufferedCommand();
      try {
        const request = readMprun(text, this.names);
        this.request = request;
        this.server.emit("line", request.statement);
      } catch (error) {
        this.output.write(`${(error as Error).message}\n`);
        this.server.displayPrompt();
      }
    };
    const help = "The lines of functions while a statement runs: .mprun -f load load(100)";
    this.server.defineCommand("mprun", { help, action: run });
  }

  /** Prints what `.mprun` asked for, once its statement has run. */
  private report(): boolean {
    const { request } = this;
    if (request === undefined || this.isContinued) return false;
    this.request = undefined;
    this.output.write(reportOf(request));
    return true;
  }
}

/** As an expression if it is one, so that its value is not let go before it is measured. */
function asCall(text: string): string {
  const expression = `(async () => (${text}\n))()`;
  try {
    new Script(expression);
    return expression;
  } catch {
    return `(async () => {${text}\n})()`;
  }
}

function reportOf({ names }: MprunRequest): string {
  const profile = getProfile();
  const listings = profile.listings.filter(({ name }) => names.includes(name));
  const report = TABLES.render({ ...profile, listings });
  return report === "" ? `[mprof] ${names.map((name) => inspect(name)).join(", ")} did not run\n` : report;
}
