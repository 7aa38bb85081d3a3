/** A terminal that shows a text anew again and again, until a key ends it. */
import type { ReadStream } from "node:tty";
import type { Io } from "../command.ts";

const OPEN = "\x1b[?1049h\x1b[?25l";
const CLOSE = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const END_OF_LINE = "\x1b[K";
const END_OF_SCREEN = "\x1b[J";
/** q, Escape, and what Ctrl-C and Ctrl-D are where keys come as they are. */
const QUITS = ["q", "Q", "\x1b", "\x03", "\x04"];

export type Keys = Pick<ReadStream, "setRawMode" | "on" | "off" | "resume" | "pause">;

/**
 * Shows what `view` says every `interval` seconds. The screen is as it was before, whatever happens.
 *
 * @param view undefined when there is nothing to show any more
 * @returns the last view
 */
export async function showLive(
  view: () => string | undefined,
  interval: number,
  keys: Keys,
  { out, screen }: Pick<Io, "out" | "screen">,
): Promise<string> {
  let last = "";
  let quit = () => {};
  const hasQuit = new Promise<true>((resolve) => {
    quit = () => resolve(true);
  });
  const onKeys = (typed: Buffer) => QUITS.includes(String(typed)) && quit();
  out(OPEN);
  keys.setRawMode(true);
  keys.on("data", onKeys);
  keys.resume();
  try {
    for (let isOver = false; !isOver; ) {
      const text = view();
      if (text === undefined) break;
      last = text;
      out(frame(text, screen));
      isOver = await pause(interval, hasQuit);
    }
  } finally {
    keys.off("data", onKeys);
    keys.setRawMode(false);
    keys.pause();
    out(CLOSE);
  }
  return last;
}

/** What fits. */
function frame(text: string, screen: Io["screen"]): string {
  const { rows, columns } = screen ?? { rows: 24, columns: 80 };
  const lines = text.split("\n").slice(0, rows - 1);
  return HOME + lines.map((line) => `${line.slice(0, columns)}${END_OF_LINE}`).join("\r\n") + END_OF_SCREEN;
}

/** @returns whether it was ended early */
function pause(seconds: number, isEnded: Promise<true>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1000 * seconds, false);
    void isEnded.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
