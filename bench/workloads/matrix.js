/** Products of square matrices in Float64Arrays: arithmetic in three loops, no allocation within them. */
function fill(n, seed) {
  const m = new Float64Array(n * n);
  for (let i = 0; i < m.length; i++) {
    m[i] = ((i * seed) % 17) / 17;
  }
  return m;
}

function multiply(a, b, n) {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const x = a[i * n + k];
      for (let j = 0; j < n; j++) {
        c[i * n + j] += x * b[k * n + j];
      }
    }
  }
  return c;
}

export function run(scale) {
  const n = 64;
  let sum = 0;
  for (let round = 0; round < 100 * scale; round++) {
    const c = multiply(fill(n, round + 3), fill(n, round + 7), n);
    sum += c[n];
  }
  return sum;
}
