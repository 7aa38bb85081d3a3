/**
 * The marks where they are not imported: `"types": ["mprof/globals"]` in tsconfig.json. The transformer and the editor
 * plugin bring it along by themselves.
 */
declare const profile: typeof import("./dist/esm/runtime/full/profile.js").profile;
declare const noprofile: typeof import("./dist/esm/runtime/full/profile.js").noprofile;
