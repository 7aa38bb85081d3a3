/** What the live page's endpoint makes of anything: messages that are almost right, texts, methods, a thousand at once, senders that stop. */
import assert from "node:assert/strict";
import { Agent, createServer, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import fc from "fast-check";
import { ProfileDesk } from "../../plugin/unplugin/dev/profile-desk.ts";
import { MIXED } from "../support/sample-profile.ts";

const MESSAGES = 3000;
const AT_ONCE = 1000;
const STOPPED = 50;
/** In the terminal, however many refusals say something else. */
const MOST_WARNINGS = 20;
const MARKUP = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const strange: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    "",
    MARKUP,
    "\u0000\u001b[2J",
    -1,
    1e308,
    2 ** 53,
    [],
    {},
    [[]],
    "x".repeat(100_000),
  ),
  fc.double({ noNaN: true }),
  fc.string(),
  fc.jsonValue() as fc.Arbitrary<Json>,
);

/** Puts `value` where the numbers lead to, or leaves out what is there. */
function change(message: Json, way: readonly number[], value: Json | undefined): Json {
  if (message === null || typeof message !== "object" || way.length === 0) return value ?? null;
  const [step, ...rest] = way;
  const keys = Object.keys(message);
  if (keys.length === 0) return value ?? null;
  const key = keys[step! % keys.length]!;
  const copy = Array.isArray(message) ? [...message] : { ...message };
  const inner = (copy as { [key: string]: Json })[key]!;
  if (rest.length === 0 && value === undefined) Reflect.deleteProperty(copy, key);
  else (copy as { [key: string]: Json })[key] = change(inner, rest, value);
  return copy;
}

describe("where profiles of pages arrive", function () {
  this.timeout(120_000);
  let server: Server;
  let url: string;
  let token: string;
  const warnings: string[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });

  before(async () => {
    const desk = new ProfileDesk({ print() {}, warn: (text) => warnings.push(text) });
    token = desk.token;
    server = createServer((from, to) => desk.answer(from.url ?? "/", from, to));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    agent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function ask(method: string, path: string, body = "", headers: Record<string, string> = { origin: url }) {
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sent = request(`${url}${path}`, { method, headers, agent }, async (response) => {
        let text = "";
        for await (const piece of response) text += piece;
        resolve({ status: response.statusCode!, text });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  const message = (): Json => {
    const timeline = { source: "usedJSHeapSize", points: [[1, 2]] };
    return JSON.parse(JSON.stringify({ token, page: "/", profile: MIXED, timeline }));
  };

  it(`is told ${MESSAGES} messages that are almost right: takes or refuses them, and its page runs nothing`, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(40), { maxLength: 8 }),
        fc.option(strange, { nil: undefined }),
        async (way, value) => {
          const { status } = await ask("POST", "/", JSON.stringify(change(message(), way, value)));
          assert.ok([204, 400, 403].includes(status), `${status}`);
          const page = await ask("GET", "/");
          assert.equal(page.status, 200);
          assert.doesNotMatch(page.text, /<img|<script>/);
          assert.equal(page.text.match(/<script/g)!.length, 1);
        },
      ),
      { numRuns: MESSAGES },
    ));

  it("refuses texts that are cut off or have other bytes in them", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 0xffff }), fc.boolean(), async (place, code, isCut) => {
        const text = JSON.stringify(message());
        const at = place % text.length;
        const { status } = await ask(
          "POST",
          "/",
          text.slice(0, at) + (isCut ? "" : String.fromCharCode(code) + text.slice(at + 1)),
        );
        assert.ok(isCut ? status === 400 : [204, 400, 403].includes(status), `${status}`);
      }),
      { numRuns: 500 },
    ));

  it("does not repeat each refusal in the terminal", () =>
    assert.ok(warnings.length > 0 && warnings.length <= MOST_WARNINGS, `${warnings.length}`));

  it("answers other methods and paths", async () => {
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
      for (const path of ["/x", "//", "/%00", "/../../etc/passwd", "/?/", `/${encodeURIComponent(MARKUP)}`]) {
        const { status } = await ask(method, path);
        assert.ok(status === 404, `${method} ${path}: ${status}`);
      }
  });

  it(`answers ${AT_ONCE} at once`, async () => {
    const body = JSON.stringify(message());
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => ask("POST", "/", body)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [204]);
  });

  it(`answers others while ${STOPPED} senders have stopped in the middle, and closes when they are gone`, async () => {
    const head = `POST / HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncontent-length: 1000\r\n\r\n{"token"`;
    const { port } = server.address() as AddressInfo;
    const stopped: Socket[] = Array.from({ length: STOPPED }, () => connect(port, "127.0.0.1"));
    for (const socket of stopped) socket.on("error", () => {}).write(head);
    assert.equal((await ask("POST", "/", JSON.stringify(message()))).status, 204);
    for (const socket of stopped) socket.destroy();
    assert.equal((await ask("GET", "/")).status, 200);
  });
});
