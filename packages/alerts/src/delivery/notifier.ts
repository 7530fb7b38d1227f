// Delivery: takes what is due from the outbox of alerts and tells people, once, in order, however often it has to be tried.
import { randomUUID } from "node:crypto";
import type { Meter } from "@opentelemetry/api";
import type { Channel } from "../channels/channel.ts";
import type { NotificationConfig } from "../routing/notification-config.ts";
import { createDeliveryMetrics } from "./delivery-metrics.ts";
import type { NotifierRecords } from "./notifier-records.ts";
import { NotifierRounds } from "./notifier-rounds.ts";

/** Options of {@link createNotifier}. */
export interface NotifierOptions {
  readonly records: NotifierRecords;
  /** By name. */
  readonly channels: ReadonlyMap<string, Channel>;
  readonly config: NotificationConfig;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly nowMs?: (() => number) | undefined;
  /** Milliseconds that only ever go on, whatever becomes of the time of day. Default `performance.now`, or `nowMs` where that is given. */
  readonly elapsedMs?: (() => number) | undefined;
  /** From 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Messages under way at a time. 1 to 64, default 8. */
  readonly maxConcurrent?: number | undefined;
  /** After this time, and ten tries, a message has failed for good. Milliseconds, default a day. */
  readonly giveUpAfterMs?: number | undefined;
  /** Told of what goes wrong with delivery itself (the store, not a channel), one line each, without secrets. */
  readonly onProblem?: ((line: string) => void) | undefined;
  /** Default: the global one. */
  readonly meter?: Meter | undefined;
}

/** Delivery at work. */
export interface Notifier {
  /** Polls twice a second until it is stopped. */
  start(): void;
  /** Polls now: something was put into the outbox. */
  wake(): void;
  /** One look at the outbox; resolves when what was due is under way. Never rejects. */
  poll(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Waits `graceMs` (default 5,000) for what is under way, ends it then, and gives the lease back. */
  stop(graceMs?: number): Promise<void>;
}

const POLL_MS = 500;
const STOP_GRACE_MS = 5_000;

/**
 * Makes the delivery of one process. Any number of processes may have one: a lease lets one of them work at a time, and another one takes over
 * at most 15 seconds after it has died. What it had claimed by then is due again at the same time. A
 * message for email or Slack that may have been sent before that is sent again and says so, so that none is lost; PagerDuty, Opsgenie and receivers of
 * webhooks know what they have had.
 */
export function createNotifier(options: NotifierOptions): Notifier {
  const maxConcurrent = options.maxConcurrent ?? 8;
  if (!(Number.isInteger(maxConcurrent) && maxConcurrent >= 1 && maxConcurrent <= 64))
    throw new RangeError(`maxConcurrent is ${maxConcurrent}; it can be 1 to 64.`);
  const rounds = new NotifierRounds({
    records: options.records,
    channels: options.channels,
    config: options.config,
    nowMs: options.nowMs ?? Date.now,
    elapsedMs: options.elapsedMs ?? options.nowMs ?? (() => performance.now()),
    random: options.random ?? Math.random,
    maxConcurrent,
    giveUpAfterMs: options.giveUpAfterMs ?? 86_400_000,
    onProblem: options.onProblem ?? (() => undefined),
    metrics: createDeliveryMetrics(options.meter),
    holder: randomUUID(),
  });
  return toNotifier(rounds);
}

function toNotifier(rounds: NotifierRounds): Notifier {
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      timer ??= setInterval(() => void rounds.poll(), POLL_MS).unref();
    },
    wake: () => void rounds.poll(),
    poll: () => rounds.poll(),
    idle: () => rounds.idle(),
    async stop(graceMs = STOP_GRACE_MS) {
      clearInterval(timer);
      timer = undefined;
      await rounds.stop(graceMs);
    },
  };
}
