/** The flags of commands, as the table of options has them, and how they reach the program: through its environment. */
import { InvalidArgumentError, Option, type Command as Program } from "commander";
import { type CommandName, FLAG_GROUPS, type Flag, type OptionRow } from "../contract/option-row.ts";
import { type FlagsOf, flagsOf, variables } from "../contract/options.ts";
import type { Text } from "../contract/values.ts";
import { UsageError } from "./command.ts";

/** Adds the flags of the command `name`, with their help. */
export function withFlags(program: Program, name: CommandName): Program {
  const flags = flagsOf(name);
  for (const group of FLAG_GROUPS) {
    for (const { row, standing } of flags.filter((each) => each.row.group === group)) {
      const options = [optionOf(row, standing), ...oppositesOf(standing)];
      for (const option of options) program.addOption(option.helpGroup(`${group}:`));
    }
  }
  return program;
}

/** The words of a flag: what it does, and what holds without it if that is not a value of its own. */
export function helpOf(row: OptionRow, flag: Flag): string {
  const says = plain(flag.says ?? row.says) + (flag.isRepeatable ? "; repeatable" : "");
  const without = flag.default ?? row.default;
  const isTold = flag.takes !== undefined && flag.value === undefined && without !== undefined;
  return isTold ? `${says} (default: ${plain(without)})` : says;
}

function optionOf(row: OptionRow, flag: Flag): Option {
  const { spelling, takes, value: fallback, isRequired = false } = flag;
  const option = new Option(spelling, helpOf(row, flag))
    .makeOptionMandatory(isRequired)
    .hideHelp(flag.isHidden === true);
  if (flag.preset !== undefined) option.preset(flag.preset);
  if (takes !== undefined && fallback !== undefined) option.default(fallback);
  if (takes?.choices !== undefined) return option.choices(takes.choices);
  if (takes === undefined) return option;
  return option.argParser<unknown>((text, before) => {
    const value = readText(text, takes);
    return flag.isRepeatable ? [...(Array.isArray(before) ? before : []), value] : value;
  });
}

/** `--no-…` is commander's own form of an opposite; other spellings imply it. */
function oppositesOf({ spelling: of, opposites = [] }: Flag): Option[] {
  const name = new Option(of).attributeName();
  return opposites.map((spelling, index) => {
    const option = new Option(spelling, `the opposite of ${of}`).hideHelp(index > 0);
    return option.attributeName() === name ? option : option.implies({ [name]: false });
  });
}

function readText(text: string, { expected, read }: Text): unknown {
  const value = read(text);
  if (value === undefined) throw new InvalidArgumentError(`It must be ${expected}.`);
  return value;
}

/** As a terminal shows it. */
function plain(words: string): string {
  return words.replaceAll("`", "");
}

/** The options as the register hook and the runtime read them; those that are undefined are left out. */
export function environmentOf(options: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    variables().flatMap(({ name, standing }) => {
      const value = options[name];
      return value === undefined ? [] : [[standing.name, value === true ? "1" : String(value)]];
    }),
  );
}

/** @throws UsageError for an action without a maximum */
export function checkLimit({ maxMem, onExceed }: Pick<FlagsOf<"profile">, "maxMem" | "onExceed">): void {
  if (onExceed !== undefined && maxMem === undefined)
    throw new UsageError(`--on-exceed ${onExceed} without a maximum`, "Add --max-mem <MiB>.");
}
