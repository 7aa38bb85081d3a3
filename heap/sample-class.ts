/** The class of what the runtime keeps of a value that it follows, as the snapshot names it. */
export const SAMPLE_CLASS = "MprofSample";
