/** A tokenizer and a parser for arithmetic: characters in a loop, many small functions, a syntax tree. */
function isDigit(code) {
  return code >= 48 && code <= 57;
}

function isLetter(code) {
  return (code >= 97 && code <= 122) || code === 95;
}

function readWhile(text, from, test) {
  let at = from;
  while (at < text.length && test(text.charCodeAt(at))) {
    at++;
  }
  return at;
}

function nextToken(text, from) {
  const code = text.charCodeAt(from);
  if (code === 32) return nextToken(text, from + 1);
  if (isDigit(code)) {
    const end = readWhile(text, from, isDigit);
    return { kind: "number", from, end };
  }
  if (isLetter(code)) {
    const end = readWhile(text, from, isLetter);
    return { kind: "name", from, end };
  }
  return { kind: "sign", from, end: from + 1 };
}

function tokenize(text) {
  const tokens = [];
  let at = 0;
  while (at < text.length) {
    const token = nextToken(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function parseTerm(text, tokens, state) {
  const token = tokens[state.at++];
  if (text[token.from] === "(") {
    const inner = parseSum(text, tokens, state);
    state.at++;
    return inner;
  }
  return { type: token.kind, from: token.from, end: token.end };
}

function parseSum(text, tokens, state) {
  let left = parseTerm(text, tokens, state);
  while (state.at < tokens.length && text[tokens[state.at].from] !== ")") {
    const sign = tokens[state.at++];
    const right = parseTerm(text, tokens, state);
    left = { type: "binary", sign: text[sign.from], left, right };
  }
  return left;
}

function depth(node) {
  if (node.type !== "binary") return 1;
  return 1 + Math.max(depth(node.left), depth(node.right));
}

export function run(scale) {
  const text = "alpha + (42 - beta) + 17 - (gamma + (3 + delta)) - 1999 + epsilon + (7 - zeta)";
  let sum = 0;
  for (let round = 0; round < 70_000 * scale; round++) {
    const tree = parseSum(text, tokenize(text), { at: 0 });
    sum += depth(tree);
  }
  return sum;
}
