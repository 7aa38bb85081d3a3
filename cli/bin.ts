#!/usr/bin/env node
import { main } from "./main.ts";

await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  cwd: process.cwd(),
  env: process.env,
  exit: (code) => {
    process.exitCode = code;
  },
});
