// The lanes of one destination in the host's own process: bounded memory, tried again, every item accounted for; nothing on disk.
import {
  createDelivery,
  type DeliveryDropReason,
  type DeliveryLane,
  type LaneStats,
  type OtlpSignal,
  type SendFailure,
  type SendOutcome,
} from "@tracebook/exporters";
import { createDestinationSender } from "./destination-sender.ts";
import type { SignalFans } from "./request-fan.ts";
import type { TelemetryDestination } from "./telemetry-destination.ts";

/** What a delivery is told once. */
export interface DestinationDeliveryOptions {
  readonly destination: TelemetryDestination;
  /** Items and bytes that may wait in the memory of each lane. */
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Takes secrets out of what an error says. */
  readonly redact: (text: string) => string;
  readonly onDrop: (lane: DestinationLane, reason: DeliveryDropReason, items: number) => void;
  /** Prints a line of its own kind, at most once a minute. */
  readonly warn: (kind: string, line: string) => void;
  /** Milliseconds after which a call counts as failed. Default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** The lanes of a destination, by the fan that each is in. */
export type DestinationLane = keyof SignalFans;

/** The delivery to one destination. */
export interface DestinationDelivery {
  readonly name: string;
  readonly lanes: Readonly<Record<DestinationLane, DeliveryLane>>;
  stats(): readonly LaneStats[];
  /** What the last failed request of a lane said. */
  lastError(lane: DestinationLane): string | undefined;
  /** Hands over all there is, within the deadline. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
  /** The same, counts what is left as dropped, and stops. Never rejects. */
  close(deadlineMs: number): Promise<void>;
  /** Counts what waits as dropped, and stops: for a process that ends now. Never throws. */
  closeSync(): void;
}

/** What the items of each lane are called where losses are told. */
const ITEMS: Readonly<Record<DestinationLane, string>> = {
  traces: "spans",
  logs: "logs",
  evidence: "evidence",
  metrics: "metrics",
};

/** Opens the lanes. */
export function createDestinationDelivery(options: DestinationDeliveryOptions): DestinationDelivery {
  const { destination, maxItems, maxBytes, redact, onDrop } = options;
  const warnings = createWarnings(destination.name, options.warn);
  const delivery = createDelivery({
    spool: undefined,
    maxItems,
    maxBytes,
    onDrop: (name, reason, items) => onDrop(laneOf(name), reason, items),
    onFailure: (name, failure, isFinal) => warnings.failed(laneOf(name), failure, isFinal),
    onSpoolProblem() {},
  });
  const open = (signal: OtlpSignal, recordClass: LaneStats["recordClass"] = "ordinary"): DeliveryLane => {
    const name = { signal, recordClass };
    const onOutcome = (outcome: SendOutcome): void => warnings.ended(laneOf(name), outcome);
    const sender = createDestinationSender({ destination, signal, redact, onOutcome, timeoutMs: options.timeoutMs });
    return delivery.lane(name, sender);
  };
  return {
    name: destination.name,
    lanes: { traces: open("traces"), logs: open("logs"), evidence: open("logs", "evidence"), metrics: open("metrics") },
    stats: () => delivery.stats(),
    lastError: warnings.last,
    flush: (deadlineMs) => delivery.flush(deadlineMs),
    close: (deadlineMs) => delivery.close(deadlineMs),
    closeSync: () => delivery.saveSync(),
  };
}

function laneOf({ signal, recordClass }: Pick<LaneStats, "signal" | "recordClass">): DestinationLane {
  return recordClass === "evidence" ? "evidence" : signal;
}

/** Tells of a destination that fails once, until all of it works again; of what it refuses in part, once a minute. */
function createWarnings(name: string, warn: (kind: string, line: string) => void) {
  const failing = new Set<DestinationLane>();
  const errors = new Map<DestinationLane, string>();
  return {
    last: (lane: DestinationLane): string | undefined => errors.get(lane),
    ended(lane: DestinationLane, { kind }: SendOutcome): void {
      if (kind === "delivered") failing.delete(lane);
    },
    failed(lane: DestinationLane, failure: SendFailure, isFinal: boolean): void {
      const items = ITEMS[lane];
      const why = failure.code === undefined ? failure.message : `${failure.message} (${failure.code})`;
      errors.set(lane, why);
      if (failure.rejected !== undefined)
        return warn(`${name} refuses`, `${name} has refused ${failure.rejected} ${items}, which are dropped: ${why}`);
      const isTold = failing.size > 0;
      failing.add(lane);
      if (isTold) return;
      const fate = isFinal ? "what was in the request is dropped and counted" : "they wait and come again";
      warn(`${name} fails`, `${items} do not get into ${name}: ${why}; ${fate}`);
    },
  };
}
