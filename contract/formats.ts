/** What a profile can be converted to, as `mprof convert --to` names it. */
export const FORMATS = [
  "json",
  "csv",
  "markdown",
  "html",
  "heapprofile",
  "speedscope",
  "pprof",
  "collapsed",
  "dat",
] as const;
export type FormatName = (typeof FORMATS)[number];
