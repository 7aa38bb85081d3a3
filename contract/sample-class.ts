/** The class of what the runtime keeps of a value that it follows, by which it is found in a heap snapshot. */
export const SAMPLE_CLASS = "MprofSample";
