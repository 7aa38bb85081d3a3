#!/usr/bin/env node
import { main } from "./main.ts";

// Who reads may stop, as `| head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  cwd: process.cwd(),
  env: process.env,
  screen: process.stdout.isTTY ? process.stdout : undefined,
  exit: (code) => {
    process.exitCode = code;
  },
});
