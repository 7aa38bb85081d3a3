/** The working directory when this was loaded: a program may remove it later, or replace `process.cwd`. */
export const START_FOLDER = startFolder();

function startFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}
