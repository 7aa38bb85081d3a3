/**
 * What the runtime uses of Node, taken when it is loaded: a program may replace the members of these modules later, as mocks
 * and fake timers do, and would then be asked for our readings, or be held by them.
 */
import { Buffer as NodeBuffer } from "node:buffer";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { constants, PerformanceObserver as NodePerformanceObserver, performance } from "node:perf_hooks";
import process from "node:process";
import timers from "node:timers";
import url from "node:url";
import v8 from "node:v8";
import threads from "node:worker_threads";
import zlib from "node:zlib";

export const Buffer = NodeBuffer;
export const {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  writevSync,
} = fs;
export const { basename, dirname, join, relative, resolve } = path;
export const { fileURLToPath } = url;
export const PerformanceObserver = NodePerformanceObserver;
export const performanceConstants = constants;
export const { tmpdir } = os;
export const { clearInterval, setImmediate, setInterval, setTimeout } = timers;
export const { GCProfiler, getHeapStatistics, setFlagsFromString } = v8;
export const { Worker } = threads;
export const { crc32, gzipSync } = zlib;
export const cpuUsage = process.cpuUsage.bind(process);
/** Milliseconds since the process began. */
export const clock: () => number = performance.now.bind(performance);
/** Milliseconds since the epoch, of the same clock. */
export const epoch = (): number => performance.timeOrigin + clock();
