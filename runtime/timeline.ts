/** Calls of profiled functions over time: what `mprof run` adds to a recording. */
export interface Timeline {
  /** A call begins; `call` is any object that stands for it until it ends. */
  begin(call: object): void;
  /** The call of the function `name` in `file` ends. */
  end(call: object, file: string, name: string): void;
}
