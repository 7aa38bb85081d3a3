/** Texts put together, cut and searched. */
function makeLine(i) {
  const name = `user${i % 100}`;
  return `${name};${i};${(i * 7) % 13};end`;
}

function readLine(line) {
  const fields = line.split(";");
  const name = fields[0].toUpperCase();
  return name.length + Number(fields[1]) + fields[2].length;
}

function join(lines) {
  let text = "";
  for (const line of lines) {
    text += line;
    text += "\n";
  }
  return text.indexOf("user99") + text.length;
}

export function run(scale) {
  let sum = 0;
  for (let round = 0; round < 100 * scale; round++) {
    const lines = [];
    for (let i = 0; i < 2000; i++) {
      const line = makeLine(i);
      lines.push(line);
      sum += readLine(line);
    }
    sum += join(lines);
  }
  return sum;
}
