/** An HTTP server under load: orders priced and rendered. The load comes from a process of its own. */
import { spawn } from "node:child_process";
import { createServer } from "node:http";

function makeItem(order, i) {
  const price = ((order * 31 + i * 17) % 1000) / 10;
  return { id: i, name: `item ${i}`, price, amount: 1 + (i % 5) };
}

function makeOrder(number) {
  const items = [];
  for (let i = 0; i < 120; i++) {
    items.push(makeItem(number, i));
  }
  return { number, items };
}

function priceOf(item) {
  const sum = item.price * item.amount;
  return item.amount > 3 ? sum * 0.9 : sum;
}

function totalOf(order) {
  let total = 0;
  for (const item of order.items) {
    total += priceOf(item);
  }
  return total;
}

function escapeText(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function renderItem(item) {
  const name = escapeText(item.name);
  return `<li>${name}: ${item.amount} at ${item.price.toFixed(2)}</li>`;
}

function renderOrder(order) {
  const rows = order.items.map(renderItem);
  const total = totalOf(order);
  return `<h1>Order ${order.number}</h1><ul>${rows.join("")}</ul><p>${total.toFixed(2)}</p>`;
}

function groupByAmount(order) {
  const groups = new Map();
  for (const item of order.items) {
    const group = groups.get(item.amount) ?? [];
    group.push(item.id);
    groups.set(item.amount, group);
  }
  return Object.fromEntries(groups);
}

async function findOrder(url) {
  const number = Number(url.slice(url.lastIndexOf("/") + 1));
  return makeOrder(number);
}

async function answer(request) {
  const order = await findOrder(request.url);
  if (request.url.startsWith("/html/")) return renderOrder(order);
  return JSON.stringify({ total: totalOf(order), groups: groupByAmount(order), order });
}

/** @returns milliseconds from the first request to the last answer, as the client saw them */
function load(port, requests) {
  const client = spawn(process.execPath, [new URL("load.js", import.meta.url).pathname, port, requests], { env: {} });
  let said = "";
  client.stdout.on("data", (piece) => {
    said += piece;
  });
  return new Promise((resolve) => client.on("close", () => resolve(Number(said))));
}

export async function run(scale) {
  const server = createServer(async (request, response) => {
    response.end(await answer(request));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const milliseconds = await load(server.address().port, Math.ceil(1000 * scale));
  server.close();
  return { milliseconds };
}
