/**
 * Worker threads. A worker keeps its figures on shared memory and announces every piece of it over a channel of the
 * process; the main thread reads them when it reports, also those of workers that have ended or were terminated.
 *
 * The main thread leaves a note for the workers it starts. A worker without one has nobody who reports for it.
 */
import {
  BroadcastChannel,
  getEnvironmentData,
  isMainThread,
  type MessagePort,
  receiveMessageOnPort,
  setEnvironmentData,
  threadId,
} from "node:worker_threads";
import type { ListingFigures } from "../core/build-profile.ts";
import type { Allocate } from "../core/state.ts";
import { mainProcess } from "./main-context.ts";

const channelName = () => `mprof:${mainProcess.pid}`;
const NOTE = "mprof:reporter";

/** Figures of one listing of one thread; the later message about a listing replaces the earlier. */
interface Announcement {
  thread: number;
  /** Of the listing in its thread: a module that is loaded twice has two of the same name and place. */
  listing: number;
  figures: ListingFigures;
}

export interface Threads {
  allocate: Allocate;
  /** In a worker that another thread reports for. */
  announce?(figures: ListingFigures): void;
  /** On the thread that reports. */
  otherThreads?(): ListingFigures[];
  /** On the thread that reports: set to hear of figures that have come, while the event loop turns. */
  onNews?: () => void;
}

export function joinThreads(): Threads {
  if (isMainThread) return listen();
  return getEnvironmentData(NOTE) === true ? speak() : { allocate: (length) => new Float64Array(length) };
}

function listen(): Threads {
  const known = new Map<string, ListingFigures>();
  const note = ({ thread, listing, figures }: Announcement) => {
    known.set(`${thread} ${listing}`, figures);
  };
  const channel = new BroadcastChannel(channelName());
  // Messages come by themselves while the event loop turns, and are fetched when it does not turn again.
  channel.onmessage = (event) => {
    note((event as { data: Announcement }).data);
    threads.onNews?.();
  };
  // Before anything can fail that would leave it open: the program would not end.
  channel.unref();
  setEnvironmentData(NOTE, true);
  const threads: Threads = {
    allocate: (length) => new Float64Array(length),
    otherThreads() {
      for (;;) {
        const received = receiveMessageOnPort(channel as unknown as MessagePort);
        if (received === undefined) return [...known.values()];
        note(received.message);
      }
    },
  };
  return threads;
}

function speak(): Threads {
  const channel = new BroadcastChannel(channelName());
  channel.unref();
  /** By what each keeps for as long as it is there. */
  const listings = new Map<Float64Array, number>();
  return {
    allocate: (length) => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)),
    announce(figures) {
      const listing = listings.get(figures.tallies) ?? listings.size;
      listings.set(figures.tallies, listing);
      channel.postMessage({ thread: threadId, listing, figures } satisfies Announcement);
    },
  };
}
