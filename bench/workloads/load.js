/** `load.js <port> <requests>`: eight connections ask one thing after another; prints how many milliseconds it took. */
import { Agent, get } from "node:http";

const CONNECTIONS = 8;
const [, , port, requests] = process.argv;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
let asked = 0;

function ask(path) {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path, agent }, (response) => {
      response.resume();
      response.on("end", resolve);
    });
    request.on("error", reject);
  });
}

async function connect() {
  while (asked < Number(requests)) {
    const number = asked++;
    await ask(number % 2 === 0 ? `/json/${number}` : `/html/${number}`);
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: CONNECTIONS }, connect));
console.log(performance.now() - began);
agent.destroy();
