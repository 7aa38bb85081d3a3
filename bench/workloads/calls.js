/** A storm of calls of functions that do almost nothing. */
function clamp(x) {
  if (x > 1000) return x - 1000;
  return x;
}

function mix(a, b) {
  const c = clamp(a + b);
  return (c * 31) % 997;
}

function step(state, i) {
  const next = mix(state, i & 255);
  if (next % 2 === 0) {
    return next + 1;
  }
  return next;
}

export function run(scale) {
  let state = 1;
  for (let i = 0; i < 1.5e7 * scale; i++) {
    state = step(state, i);
  }
  return state;
}
