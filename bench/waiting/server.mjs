/**
 * A server whose database makes Buffers that are kept, 187.5 MiB, and its own client: so many requests in flight at a time.
 * `npx mprof [--mode exact] [--backend external] bench/waiting/server.mjs [100]`
 */
import { once } from "node:events";
import { Agent, createServer, get } from "node:http";

const REQUESTS = 3000;
const inFlight = Number(process.argv[2] ?? 100);
const kept = [];

function query() {
  return new Promise((resolve) => {
    setTimeout(() => {
      const rows = Buffer.alloc(64 * 1024, 1);
      kept.push(rows);
      resolve(rows);
    }, 5);
  });
}

// @profile
async function handle(_request, response) {
  const rows = await query();
  response.end(`${rows.length}`);
}

// @profile
async function serve() {
  const server = createServer(handle).listen(0);
  await once(server, "listening");
  const closed = once(server, "close");
  load(server.address().port).then(() => server.close());
  await closed;
}

async function load(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const request = () =>
    new Promise((resolve, reject) => {
      get({ port, agent }, (response) => response.resume().on("end", resolve)).on("error", reject);
    });
  let left = REQUESTS;
  const client = async () => {
    while (left-- > 0) await request();
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  agent.destroy();
}

await serve();
console.error(`the database made ${(kept.length * 64) / 1024} MiB`);
