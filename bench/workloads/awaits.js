/** Bare awaits: nothing waits for anything but a promise that is fulfilled already. */
async function read(i) {
  return i & 1023;
}

async function parse(i) {
  const raw = await read(i);
  return raw * 2;
}

async function handle(i) {
  const value = await parse(i);
  const checked = await read(value);
  return checked + 1;
}

export async function run(scale) {
  let sum = 0;
  for (let i = 0; i < 400_000 * scale; i++) {
    sum += await handle(i);
  }
  return sum;
}
