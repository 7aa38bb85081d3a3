import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createProject, type Project } from "../support/typescript-project.ts";

const TEXT = `import { profile as renamed } from "mprof";
@profile
export function load(): number { return 1; }
@other
export function mine(): void {}
@renamed
export function again(): void {}
export class Cache { @profile get(): number { return wrong; } }
export const f = profile(() => 1);
`;

describe("the editor plugin", () => {
  let project: Project;
  let server: Server;

  before(() => {
    project = createProject({
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          target: "es2022",
          module: "nodenext",
          noUnusedLocals: true,
          types: [],
          plugins: [{ name: "mprof/tsserver" }, { transform: "mprof/typescript", transformProgram: true }],
        },
      }),
      "main.ts": TEXT,
      "package.json": '{ "type": "module" }',
    });
    server = new Server(project.folder);
  });

  after(async () => {
    await server.stop();
    project.remove();
  });

  it("takes away our TS1206 and supplies the ambient profile, and leaves the rest", async () => {
    const file = join(project.folder, "main.ts");
    server.send("open", { file });
    const semantic = (await server.request("semanticDiagnosticsSync", { file })) as {
      code: number;
      start: { line: number };
    }[];
    assert.deepEqual(
      semantic.map(({ code, start }) => [code, start.line]),
      [
        [1206, 4],
        [2304, 8],
      ],
    );
    assert.deepEqual(await server.request("syntacticDiagnosticsSync", { file }), []);
  });
});

/** A real tsserver, spoken to as editors do. */
class Server {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (body: unknown) => void>();
  private sequence = 0;

  constructor(cwd: string) {
    const script = join(cwd, "node_modules/typescript/lib/tsserver.js");
    this.child = spawn(process.execPath, [script, "--disableAutomaticTypingAcquisition", "--allowLocalPluginLoads"], {
      cwd,
    });
    createInterface({ input: this.child.stdout! }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const { type, request_seq: request, body } = JSON.parse(line);
      if (type === "response") this.waiting.get(request)?.(body);
    });
  }

  send(command: string, args: object): number {
    const seq = ++this.sequence;
    this.child.stdin!.write(`${JSON.stringify({ seq, type: "request", command, arguments: args })}\n`);
    return seq;
  }

  request(command: string, args: object): Promise<unknown> {
    return new Promise((resolve) => this.waiting.set(this.send(command, args), resolve));
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.child.on("close", () => resolve());
      this.send("exit", {});
    });
  }
}
