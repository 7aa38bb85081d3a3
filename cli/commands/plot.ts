import { writeFileSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import { printable } from "../../contract/recording.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";
import { type ChartOptions, chartOf } from "../plot/chart.ts";
import { type Curves, curvesOf } from "../plot/curves.ts";
import { flameOf } from "../plot/flame.ts";
import { THEMES } from "../plot/theme.ts";
import { findRecording, newestRecording, readRecording } from "../recording/find-recordings.ts";
import { openOnDesktop } from "../terminal/open-on-desktop.ts";

type Flags = FlagsOf<"plot">;

/** `mprof plot [recordings…]`: memory over time as a picture, a page, or in the terminal. */
export const plot: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("plot [recordings...]"), "plot")
      .description("draw recordings, by file or index (default: the newest, -1)")
      .addHelpText(
        "after",
        "\nExamples:\n  mprof plot\n  mprof plot -o memory.png -s -1\n  mprof plot --flame -o calls.svg\n  mprof plot -2 -1\n",
      )
      .action((wanted: string[], flags: Flags) => draw(wanted, flags, io));
  },
};

async function draw(wanted: string[], flags: Flags, io: Io): Promise<void> {
  if (wanted.length === 0) io.error("Using last profile data.\n");
  const names = wanted.length === 0 ? [newestRecording(io.cwd)] : wanted.map((each) => findRecording(each, io.cwd));
  const files = names.map((name) => curvesOf(readRecording(name, io), flags.window));
  for (const [index, { main }] of files.entries()) {
    if (main.length === 0)
      throw new UsageError(`no memory values of ${names[index]} lie in the window`, "Choose a wider one with -w.");
  }
  if (flags.terminal) {
    const width = Math.max(20, (process.stdout.columns ?? 80) - 16);
    const { renderTerminal } = await import("../plot/terminal.ts");
    for (const file of files) io.out(renderTerminal({ ...file, title: titleOf(file, flags) }, width, 16));
    return;
  }
  const output = resolve(io.cwd, flags.output ?? `${basename(names[0]!, ".dat")}.html`);
  const picture = await render(output, files, flags);
  tellLeftOut(files, flags, io);
  try {
    writeFileSync(output, picture);
  } catch (error) {
    throw new UsageError(`the picture cannot be written: ${(error as Error).message}`, "Choose another file with -o.");
  }
  io.out(`${output}\n`);
  if (flags.output === undefined) openOnDesktop(output, io);
}

async function render(output: string, files: readonly Curves[], flags: Flags): Promise<string | Buffer> {
  const extension = extname(output).toLowerCase();
  if (![".svg", ".png", ".html"].includes(extension)) {
    throw new UsageError(
      `a picture of this kind cannot be drawn: "${extension}"`,
      "Give -o a file that ends in .svg, .png or .html.",
    );
  }
  // Loaded here, so that other commands don't wait for it.
  const { renderHtml, renderPng, renderSvg } = await import("../plot/render.ts");
  const options = (theme: keyof typeof THEMES): ChartOptions => ({
    title: flags.title,
    functions: flags.functionTs,
    slope: flags.slope ?? false,
    flame: flags.flame ?? false,
    window: flags.window,
    theme: THEMES[theme],
  });
  const chart = (theme: keyof typeof THEMES) => chartOf(files, options(theme));
  if (extension === ".html") return renderHtml(titleOf(files[0]!, flags), chart("light"));
  const one = chart(flags.dark ? "dark" : "light");
  return extension === ".png" ? renderPng(one) : renderSvg(one);
}

function titleOf({ title }: Curves, flags: Flags): string {
  return printable(flags.title ?? title);
}

/** What is asked for, or in the recording, and not in the picture. */
function tellLeftOut(files: readonly Curves[], { functionTs, flame, window }: Flags, io: Io): void {
  const [first, ...others] = files;
  if (others.length > 0) {
    if (flame) io.error("[mprof] drawn without --flame: there are several recordings\n  Draw one at a time.\n");
    return;
  }
  if (flame) {
    const { drawn, left } = flameOf(first!);
    const [why, cure] =
      first!.calls.length === 0
        ? ["no calls", "Mark functions with @profile."]
        : ["no calls that are long enough to be seen", "Choose a narrower window, -w 0.5,2."];
    if (drawn.length === 0)
      io.error(`[mprof] drawn without --flame: there are ${why}${window ? " in the window" : ""}\n  ${cure}\n`);
    else if (left > 0)
      io.error(
        `[mprof] left out, because they are too thin to be seen: ${left} calls\n  A narrower window, -w 0.5,2, has more of them.\n`,
      );
  } else if (functionTs && first!.rest.size > 0) {
    const count = [...first!.rest.values()].reduce((sum, each) => sum + each.count, 0);
    io.error(
      `[mprof] ${window ? "left out of the window" : "in the legend only"}: ${count} calls that the recording counts\n  docs/cli.md says which calls those are.\n`,
    );
  }
}
