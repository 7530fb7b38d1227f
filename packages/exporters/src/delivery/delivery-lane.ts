// The way of one signal and class to its receiver: memory, spool, sender; in order, in series, every item accounted for.
import { Backoff, FIRST_BACKOFF_MS } from "./backoff.ts";
import type { DeliveryDropReason, DeliveryLaneOptions, LaneRequest } from "./delivery-lane-options.ts";
import type { DeliveryStats } from "./delivery-stats.ts";
import type { SendFailure, SendOutcome } from "./sender.ts";
import type { SpoolDropReason, SpooledRequest } from "./spool.ts";
import type { FiledRequest } from "./spool-file.ts";
import { within } from "./within.ts";

export type { DeliveryDropReason, DeliveryLaneOptions, LaneRequest } from "./delivery-lane-options.ts";
export type { DeliveryStats } from "./delivery-stats.ts";

/** A running lane. */
export interface DeliveryLane {
  /** Takes a request. Never throws, waits or does I/O. */
  push(request: LaneRequest): void;
  /** Sends all there is; resolves when that is done, when the receiver does not take it, or after `deadlineMs`. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
  /** Flushes, writes what is left to the spool, counts what that does not take as dropped, and stops. Never rejects. */
  close(deadlineMs: number): Promise<void>;
  /** Writes what is in memory to the spool before it returns, and stops: for a process that ends now. Never throws. */
  saveSync(): void;
  /** Told by whoever owns the spool. */
  spoolDropped(reason: SpoolDropReason, items: number): void;
  spoolRestored(items: number): void;
  stats(): DeliveryStats;
}

/** An answer 500 may be the receiver's trouble or be due to what is in the request: after this many it is given up. */
const MAX_SERVER_ERRORS = 3;
/** With a share of the memory in use requests move on to disk, even though the receiver has not failed yet: it may be hanging. */
const SPILL_SHARE = 0.25;

/** Opens a lane. Timers are unref'd: a lane never keeps a process alive. */
export function createDeliveryLane(options: DeliveryLaneOptions): DeliveryLane {
  return new Lane(options);
}

/** What is being written is on disk soon, even when the time is up. */
const LAST_SPILL_MS = 200;

/** What is being sent, or waits for another try: older than all else. */
interface Current {
  readonly request: LaneRequest | FiledRequest;
  readonly spooled: SpooledRequest | undefined;
  serverErrors: number;
}

class Lane implements DeliveryLane {
  readonly #options: DeliveryLaneOptions;
  readonly #nowMs: () => number;
  readonly #queue: LaneRequest[] = [];
  #current: Current | undefined;
  /** What is being written to the spool at this moment. */
  #spilling: LaneRequest | undefined;
  #spillingDone: Promise<void> | undefined;
  /** Requests whose bytes may still lie with a socket, since they were tried before. */
  readonly #tried = new WeakSet<LaneRequest | FiledRequest>();
  #accepted = 0;
  #restored = 0;
  #delivered = 0;
  #dropped = 0;
  #queued = 0;
  #queuedBytes = 0;
  readonly #attempts = { delivered: 0, retry: 0, rejected: 0 };
  #failing: SendFailure | undefined;
  readonly #backoff: Backoff;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #spillAgainAt = 0;
  #isWaking = false;
  #closed = false;

  constructor(options: DeliveryLaneOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#backoff = new Backoff(options.random ?? Math.random);
  }

  push(request: LaneRequest): void {
    this.#accepted += request.items;
    if (this.#closed) return this.#lose("shutdown", request);
    const { maxItems, maxBytes } = this.#options;
    this.#queue.push(request);
    this.#hold(request, 1);
    // The newest is worth more than the oldest, and what is worth most has a lane of its own.
    while ((this.#queued > maxItems || this.#queuedBytes > maxBytes) && this.#queue.length > 1)
      this.#lose("queue_full", this.#unqueue()!);
    if (request.bytes.length > maxBytes) this.#lose("queue_full", this.#unqueue()!);
    this.#wakeSoon();
  }

  async flush(deadlineMs: number): Promise<void> {
    const until = this.#nowMs() + deadlineMs;
    const { retry } = this.#attempts;
    while (!this.#isEmpty()) {
      const left = until - this.#nowMs();
      if (left <= 0 || this.#closed || this.#attempts.retry > retry) return;
      this.#backoff.hurry();
      if (this.#running === undefined && this.#canStart()) this.#start();
      const work = this.#running ?? this.#spillingDone;
      if (work === undefined) return;
      await within(work, left);
    }
  }

  async close(deadlineMs: number): Promise<void> {
    const until = this.#nowMs() + deadlineMs;
    // With a receiver that is known to be away nothing is won by waiting: what is on disk is safe.
    if (this.#failing === undefined || this.#options.spool === undefined) await this.flush(deadlineMs);
    // What is half written would otherwise be written, and counted, twice.
    if (this.#spillingDone !== undefined)
      await within(this.#spillingDone, Math.max(until - this.#nowMs(), LAST_SPILL_MS));
    this.saveSync();
  }

  saveSync(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const { spool, name } = this.#options;
    // Whether what is under way arrives, nobody will hear any more: it is kept, at the risk of arriving twice.
    const current =
      this.#current?.spooled === undefined ? (this.#current?.request as LaneRequest | undefined) : undefined;
    const left = [this.#spilling, ...this.#queue].filter((one) => one !== undefined);
    this.#queue.length = 0;
    this.#current = undefined;
    this.#spilling = undefined;
    const keep = (requests: readonly LaneRequest[], where: "front" | "back"): void => {
      const saved = spool?.appendSync(name, requests, where) ?? 0;
      for (const [i, request] of requests.entries()) {
        this.#hold(request, -1);
        if (i < saved) request.release?.(false);
        else this.#lose("shutdown", request);
      }
    };
    if (current !== undefined) keep([current], "front");
    keep(left, "back");
  }

  spoolDropped(reason: SpoolDropReason, items: number): void {
    this.#dropped += items;
    this.#options.onDrop(reason, items);
  }

  spoolRestored(items: number): void {
    this.#restored += items;
    this.#wake();
  }

  stats(): DeliveryStats {
    const spool = this.#options.spool?.stats(this.#options.name);
    return {
      accepted: this.#accepted,
      restored: this.#restored,
      delivered: this.#delivered,
      dropped: this.#dropped,
      queued: this.#queued,
      queuedBytes: this.#queuedBytes,
      spooled: spool?.items ?? 0,
      spooledBytes: spool?.bytes ?? 0,
      oldestSpooledEpochMs: spool?.oldestEpochMs,
      attempts: { ...this.#attempts },
      failing: this.#failing,
    };
  }

  get #spooledItems(): number {
    return this.#options.spool?.stats(this.#options.name).items ?? 0;
  }

  #isEmpty(): boolean {
    return (
      this.#current === undefined &&
      this.#queue.length === 0 &&
      this.#spilling === undefined &&
      this.#spooledItems === 0
    );
  }

  /** True when there is something to send. What is being written to disk is older than what is in memory: that waits for it. */
  #hasNext(): boolean {
    if (this.#current !== undefined || this.#spooledItems > 0) return true;
    return this.#queue.length > 0 && this.#spilling === undefined;
  }

  #canStart(): boolean {
    return this.#hasNext() && this.#nowMs() >= this.#backoff.notBeforeMs;
  }

  /** In a turn of its own: to make a request ready and to begin to send it would hold the event loop for the sum of both. */
  #wakeSoon(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    setImmediate(() => {
      this.#isWaking = false;
      this.#wake();
    });
  }

  /** Sees to it that what waits moves: out, or to disk. */
  #wake(): void {
    if (this.#closed) return;
    if (this.#shouldSpill())
      this.#spillingDone = this.#spill().finally(() => {
        this.#spillingDone = undefined;
        this.#wake();
      });
    if (this.#running !== undefined) return;
    const waitMs = this.#backoff.notBeforeMs - this.#nowMs();
    if (waitMs <= 0) {
      if (this.#hasNext()) this.#start();
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#wake();
      }, waitMs).unref();
    }
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#hasNext()) this.#wake();
    });
  }

  /** Sends one request after the other, the oldest first, until there is none or one fails. Never rejects. */
  async #run(): Promise<void> {
    while (!this.#closed && this.#nowMs() >= this.#backoff.notBeforeMs) {
      const current = this.#current ?? this.#takeQueued() ?? (await this.#takeSpooled());
      if (current === undefined || this.#closed) return;
      const startMs = this.#nowMs();
      const outcome = await this.#send(current.request);
      this.#options.onSent?.(this.#nowMs() - startMs);
      // Closed in the meantime: it is in the spool, or still there, and counted as such.
      if (this.#closed) return;
      await this.#settle(current, outcome, startMs);
    }
  }

  /** A sender never rejects; one that does all the same must not end the host. */
  async #send(request: LaneRequest | FiledRequest): Promise<SendOutcome> {
    try {
      return await this.#options.sender.send(request);
    } catch (error) {
      return { kind: "retry", failure: { message: error instanceof Error ? error.message : String(error) } };
    }
  }

  /** The oldest in memory, unless something older is on disk or on its way there. At once: who ends the process now must find it. */
  #takeQueued(): Current | undefined {
    if (this.#spilling !== undefined || this.#spooledItems > 0) return undefined;
    const request = this.#queue.shift();
    if (request === undefined) return undefined;
    this.#current = { request, spooled: undefined, serverErrors: 0 };
    return this.#current;
  }

  async #takeSpooled(): Promise<Current | undefined> {
    const { spool, name } = this.#options;
    while (spool !== undefined && this.#spooledItems > 0 && !this.#closed) {
      const spooled = await spool.first(name);
      if (spooled === undefined) {
        // It is there and cannot be read now. What is in memory is newer, and waits.
        if (this.#spooledItems > 0) this.#backoff.pause(this.#nowMs());
        return undefined;
      }
      if (spooled.request.bytes !== undefined) {
        this.#current = { request: spooled.request, spooled, serverErrors: 0 };
        return this.#current;
      }
      const gone = spool.done(name, spooled);
      this.spoolDropped("spool_damaged", spooled.request.items);
      await gone;
    }
    return undefined;
  }

  async #settle(current: Current, outcome: SendOutcome, startMs: number): Promise<void> {
    const { items } = current.request;
    if (outcome.kind === "delivered") {
      this.#attempts.delivered++;
      this.#failing = undefined;
      this.#backoff.succeeded();
      this.#delivered += items - outcome.rejected;
      if (outcome.rejected > 0) {
        this.#count("partial_success", outcome.rejected);
        this.#options.onFailure({ status: 200, message: outcome.message ?? "", rejected: outcome.rejected }, true);
      }
      return this.#letGo(current, !this.#tried.has(current.request));
    }
    this.#failing = outcome.failure;
    if (outcome.kind === "server_error") current.serverErrors++;
    const isFinal = outcome.kind === "rejected" || current.serverErrors >= MAX_SERVER_ERRORS;
    if (isFinal) {
      this.#attempts.rejected++;
      this.#count("rejected", items);
      await this.#letGo(current, false);
    } else {
      this.#attempts.retry++;
      this.#tried.add(current.request);
      this.#putBack(current);
    }
    this.#options.onFailure(outcome.failure, isFinal);
    const retryAfterMs = outcome.kind === "retry" ? outcome.retryAfterMs : undefined;
    this.#backoff.failed({ startMs, nowMs: this.#nowMs(), retryAfterMs, isFinal });
  }

  async #letGo(current: Current, isFree: boolean): Promise<void> {
    this.#current = undefined;
    if (current.spooled !== undefined) return this.#options.spool?.done(this.#options.name, current.spooled);
    const request = current.request as LaneRequest;
    this.#hold(request, -1);
    request.release?.(isFree);
  }

  /** A request that has to wait for the receiver waits on disk, if nothing there is newer than it. */
  #putBack({ request, spooled, serverErrors }: Current): void {
    const { spool } = this.#options;
    if (spool === undefined || serverErrors > 0) return;
    if (spooled !== undefined) spool.putBack(spooled);
    else if (this.#spilling === undefined && this.#spooledItems === 0) this.#queue.unshift(request as LaneRequest);
    else return;
    this.#current = undefined;
  }

  #shouldSpill(): boolean {
    if (this.#options.spool === undefined || this.#spilling !== undefined || this.#queue.length === 0) return false;
    if (this.#nowMs() < this.#spillAgainAt) return false;
    return (
      this.#backoff.failures > 0 || this.#spooledItems > 0 || this.#queuedBytes > this.#options.maxBytes * SPILL_SHARE
    );
  }

  /** Moves what waits in memory to disk, the oldest first, until memory is empty or the disk does not take it. */
  async #spill(): Promise<void> {
    const { spool, name } = this.#options;
    while (this.#shouldSpill()) {
      const request = this.#queue.shift()!;
      this.#spilling = request;
      const isOnDisk = await spool!.append(name, request);
      // Closed in the meantime: whoever closed has written it as well.
      if (this.#closed) return;
      this.#spilling = undefined;
      if (!isOnDisk) {
        this.#queue.unshift(request);
        this.#spillAgainAt = this.#nowMs() + FIRST_BACKOFF_MS;
        break;
      }
      this.#hold(request, -1);
      request.release?.(!this.#tried.has(request));
    }
  }

  #unqueue(): LaneRequest | undefined {
    const request = this.#queue.shift();
    if (request !== undefined) this.#hold(request, -1);
    return request;
  }

  #hold(request: LaneRequest, sign: 1 | -1): void {
    this.#queued += sign * request.items;
    this.#queuedBytes += sign * request.bytes.length;
  }

  #lose(reason: DeliveryDropReason, request: LaneRequest): void {
    this.#count(reason, request.items);
    request.release?.(false);
  }

  #count(reason: DeliveryDropReason, items: number): void {
    this.#dropped += items;
    this.#options.onDrop(reason, items);
  }
}
