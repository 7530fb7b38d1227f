// The handle on the senders, all of them in one process that is not the desk's.
import { startChild } from "./child.ts";
import type { Mix } from "./samples.ts";
import type { TimeFigures } from "./times.ts";

/** What its process is told. */
export type SenderOrder =
  | ({ readonly kind: "prepare" } & FloodPlan)
  | { readonly kind: "flood"; readonly url: string; readonly seconds: number }
  | { readonly kind: "fill"; readonly url: string; readonly items: number; readonly minutes: number }
  | { readonly kind: "pace"; readonly url: string; readonly eventsPerS: number }
  | { readonly kind: "stop" };

/** What a flood is made of. */
export interface FloodPlan {
  readonly mix: Mix;
  readonly batch: number;
  readonly senders: number;
  /** Bodies are then made and compressed for so many items; else they are made new in place. */
  readonly gzipItems: number | undefined;
}

/** What was made before the clock started. */
export interface Prepared {
  /** Mean size of an item in protobuf, and on the wire. */
  readonly itemBytes: number;
  readonly wireBytes: number;
}

/** What came of sending. */
export interface SendReport {
  /** Items in the requests that were sent, and in those that were answered with 200. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly requests: number;
  readonly bytes: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly wrong: readonly string[];
  readonly seconds: number;
  /** Acknowledged items by whole second. */
  readonly slowestSecond: number;
  readonly answers: TimeFigures | undefined;
  /** CPU of the senders' process. */
  readonly cpuMicros: number;
  /** Compressed bodies were used up before the time was: the desk was faster than expected. */
  readonly ranOut: boolean;
}

/** The senders. */
export interface Sender {
  /** Makes bodies; takes seconds. */
  prepare(plan: FloodPlan): Promise<Prepared>;
  /** Sends what was prepared, each sender its next request when the one before is answered. */
  flood(url: string, seconds: number): Promise<SendReport>;
  /** Sends events and decisions of the last minutes, as fast as they are taken. */
  fill(url: string, items: number, minutes: number): Promise<SendReport>;
  /** Sends events and decisions as they happen, until `stop`. */
  pace(url: string, eventsPerS: number): Promise<void>;
  stop(): Promise<SendReport>;
  end(): Promise<void>;
}

/** Starts the process. */
export function startSender(): Sender {
  const child = startChild<SenderOrder>(new URL("./sender-process.ts", import.meta.url), "the sender");
  return {
    prepare: (plan) => child.ask({ kind: "prepare", ...plan }),
    flood: (url, seconds) => child.ask({ kind: "flood", url, seconds }),
    fill: (url, items, minutes) => child.ask({ kind: "fill", url, items, minutes }),
    pace: (url, eventsPerS) => child.ask({ kind: "pace", url, eventsPerS }),
    stop: () => child.ask({ kind: "stop" }),
    end: () => child.end(),
  };
}
