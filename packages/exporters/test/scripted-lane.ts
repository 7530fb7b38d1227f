// A lane with a sender that behaves as scripted, time that tests pass by hand, and, if wanted, a real spool on disk.
import { setImmediate as turn } from "node:timers/promises";
import { vi } from "vitest";
import { createDeliveryLane, type DeliveryLane } from "../src/delivery/delivery-lane.ts";
import type { OtlpRequest, SendOutcome } from "../src/delivery/sender.ts";
import { createSpool, type Spool } from "../src/delivery/spool.ts";
import { TRACES } from "./spools.ts";

/** What a sender does with one request. */
export type Act =
  | { readonly kind: "delivered"; readonly rejected?: number }
  | { readonly kind: "retry"; readonly retryAfterMs?: number | undefined }
  | { readonly kind: "server_error" | "rejected" | "throws" }
  /** Answers after so long. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Never answers: ends as a sender does after its timeout. */
  | { readonly kind: "hangs" };

/** One try, as the sender saw it; times are monotonic milliseconds. */
export interface Try {
  readonly id: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: SendOutcome;
  /** True when somebody flushed since the try before. */
  readonly isHurried: boolean;
}

export const SENDER_TIMEOUT_MS = 2_000;

/** A lane under test. */
export interface ScriptedLane {
  readonly lane: DeliveryLane;
  readonly tries: Try[];
  /** How the next requests end; those beyond it are delivered. */
  readonly script: Act[];
  readonly drops: Record<string, number>;
  readonly failures: { isFinal: boolean }[];
  /** Requests that were let go of, and whether their bytes may be used again. */
  readonly released: Map<number, boolean>;
  /** Pushes a request of so many items and bytes; its number is in its bytes. Returns that number. */
  push(items?: number, sizeBytes?: number): number;
  /** Lets time pass and everything happen that happens in it. */
  pass(ms: number): Promise<void>;
  flush(ms: number): Promise<void>;
  close(ms: number): Promise<void>;
  /** Items of the requests with these numbers. */
  itemsOf(ids: Iterable<number>): number;
  /** accepted + restored - delivered - dropped - queued - spooled */
  imbalance(): number;
}

const STEP_MS = 100;

/** Opens a lane; call it with timers faked. */
export function openScriptedLane(options: {
  readonly spoolDir?: string | undefined;
  readonly maxItems?: number;
  readonly maxBytes?: number;
  readonly script?: readonly Act[];
  readonly random?: () => number;
}): ScriptedLane & { readonly spool: Spool | undefined } {
  const { maxItems = 1_000, maxBytes = 100_000, random = () => 0.5 } = options;
  const tries: Try[] = [];
  const script = [...(options.script ?? [])];
  const drops: Record<string, number> = {};
  const failures: { isFinal: boolean }[] = [];
  const released = new Map<number, boolean>();
  const items = new Map<number, number>();
  let pushed = 0;
  let pending = 0;
  let isHurried = false;
  const busy = <Result>(work: Promise<Result>): Promise<Result> => {
    pending++;
    return work.finally(() => pending--);
  };
  const real =
    options.spoolDir === undefined
      ? undefined
      : createSpool({
          dir: options.spoolDir,
          maxBytes: 64 * 1_048_576,
          maxAgeMs: 1e9,
          takes: () => true,
          onDrop: (_, reason, count) => lane.spoolDropped(reason, count),
          onRestored: (_, count) => lane.spoolRestored(count),
          onProblem: (error) => {
            throw error;
          },
        });
  const spool: Spool | undefined = real && {
    append: (name, request) => busy(real.append(name, request)),
    first: (name) => busy(real.first(name)),
    done: (name, spooled) => busy(real.done(name, spooled)),
    putBack: (spooled) => real.putBack(spooled),
    appendSync: (name, requests, where) => real.appendSync(name, requests, where),
    adopt: () => busy(real.adopt()),
    stats: (name) => real.stats(name),
    bytes: 0,
    close: () => real.close(),
  };
  const lane = createDeliveryLane({
    name: TRACES,
    spool,
    maxItems,
    maxBytes,
    random,
    sender: {
      destination: "nowhere",
      close: () => {},
      async send(request) {
        const startMs = performance.now();
        const act = script.shift() ?? { kind: "delivered" };
        const wasHurried = isHurried;
        isHurried = false;
        const note = (outcome: SendOutcome): SendOutcome => {
          tries.push({ id: idOf(request), startMs, endMs: performance.now(), outcome, isHurried: wasHurried });
          return outcome;
        };
        if (act.kind === "slow") await new Promise((resolve) => setTimeout(resolve, act.ms));
        if (act.kind === "hangs") await new Promise((resolve) => setTimeout(resolve, SENDER_TIMEOUT_MS));
        const outcome = note(outcomeOf(act, request));
        if (act.kind === "throws") throw new Error("the sender is broken");
        return outcome;
      },
    },
    onDrop: (reason, count) => {
      drops[reason] = (drops[reason] ?? 0) + count;
    },
    onFailure: (_, isFinal) => failures.push({ isFinal }),
  });
  const settle = async (): Promise<void> => {
    // Twice nothing under way on the disk, with a turn between: what follows from it has happened.
    for (let quiet = 0; quiet < 2; quiet = pending === 0 ? quiet + 1 : 0) await turn();
  };
  const during = async (work: Promise<void>): Promise<void> => {
    let isOver = false;
    void work.finally(() => {
      isOver = true;
    });
    await settle();
    for (let i = 0; !isOver && i < 1_000; i++) {
      await vi.advanceTimersByTimeAsync(STEP_MS);
      await settle();
    }
    await work;
  };
  return {
    lane,
    spool,
    tries,
    script,
    drops,
    failures,
    released,
    push(count = 1, sizeBytes = 8) {
      const id = pushed++;
      items.set(id, count);
      const bytes = Buffer.from(`${id};`.padEnd(sizeBytes, "x"));
      const release = (isFree: boolean): void => void released.set(id, isFree);
      lane.push({ bytes, format: "protobuf", items: count, bornEpochMs: Date.now(), release });
      return id;
    },
    async pass(ms) {
      await settle();
      for (let left = ms; left > 0; left -= STEP_MS) {
        await vi.advanceTimersByTimeAsync(Math.min(left, STEP_MS));
        await settle();
      }
    },
    async flush(ms) {
      isHurried = true;
      await during(lane.flush(ms));
    },
    async close(ms) {
      isHurried = true;
      await during(lane.close(ms));
      await settle();
    },
    itemsOf: (ids) => [...ids].reduce((sum, id) => sum + (items.get(id) ?? 0), 0),
    imbalance() {
      const { accepted, restored, delivered, dropped, queued, spooled } = lane.stats();
      return accepted + restored - delivered - dropped - queued - spooled;
    },
  };
}

/** The number of a request, from its bytes. */
export function idOf(request: Pick<OtlpRequest, "bytes">): number {
  return Number.parseInt(Buffer.from(request.bytes).toString("latin1"), 10);
}

function outcomeOf(act: Act, { items }: OtlpRequest): SendOutcome {
  const failure = { message: act.kind };
  switch (act.kind) {
    case "delivered":
      return { kind: "delivered", rejected: Math.min(act.rejected ?? 0, items) };
    case "slow":
      return { kind: "delivered", rejected: 0 };
    case "retry":
      return { kind: "retry", failure, retryAfterMs: act.retryAfterMs };
    case "rejected":
    case "server_error":
      return { kind: act.kind, failure };
    case "hangs":
    case "throws":
      return { kind: "retry", failure };
  }
}
