// The destinations in the host's own process: each with lanes of its own in the fans, from when it is added until it is taken away.
import type { LaneStats, OtlpSignal } from "@tracebook/exporters";
import type { TradingMetrics } from "@tracebook/metrics";
import { createDestinationDelivery, type DestinationDelivery, type DestinationLane } from "./destination-delivery.ts";
import { createDestinationMetrics, type DestinationMetrics } from "./destination-metrics.ts";
import type { DropLedger } from "./drop-ledger.ts";
import type { SignalFans } from "./request-fan.ts";
import type { DestinationHealth, DestinationSignalHealth } from "./telemetry.ts";
import { checkDestination, refuseSecond, type TelemetryDestination } from "./telemetry-destination.ts";

/** What {@link createDestinations} works with. */
export interface DestinationsOptions {
  readonly fans: SignalFans;
  readonly metrics: TradingMetrics;
  readonly ledger: DropLedger;
  readonly say: (line: string) => void;
  /** Takes secrets out of what an error says. */
  readonly redact: (text: string) => string;
  /** Items and bytes that may wait in the memory of each lane. */
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Milliseconds that one which is taken away has for what waits. */
  readonly closingMs: number;
  /** Hands what was made so far to the fans: a destination gets nothing of before, and all up to its end. */
  readonly drain: () => void;
  /** Called when the fans have got other lanes. */
  readonly onChange: () => void;
  /** Milliseconds after which a call of `take` counts as failed. Default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** All destinations. */
export interface Destinations {
  /** Names of those that signals go to. */
  readonly names: readonly string[];
  /**
   * Signals go to it from now on. Returns what takes it away: that resolves when what it was given has been taken, or is counted, and
   * never rejects. Throws `invalid_option` for what is no destination, or one of a name that is taken.
   */
  add(destination: TelemetryDestination): () => Promise<void>;
  /** By name, those among them that are being taken away; `waiting` are items that are not in the lanes yet. */
  health(waiting: Readonly<Record<OtlpSignal, number>>): Readonly<Record<string, DestinationHealth>>;
  /** Hands over all there is, within the deadline. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
  /** The same, counts what is left as dropped, and takes no further ones. Never rejects. */
  close(deadlineMs: number): Promise<void>;
  /** Counts what waits as dropped: for a process that ends now. Never throws. */
  closeSync(): void;
  /** Lets go of the metrics, which outlive it. */
  release(): void;
}

const LANES = ["traces", "logs", "evidence", "metrics"] as const satisfies readonly DestinationLane[];
const LANES_OF = { traces: ["traces"], logs: ["logs", "evidence"], metrics: ["metrics"] } as const;

/** Makes the set, without any. */
export function createDestinations(options: DestinationsOptions): Destinations {
  return new DestinationSet(options);
}

/** One that signals go to, or that is being taken away. */
interface Member {
  readonly delivery: DestinationDelivery;
  /** Takes its lanes out of the fans. */
  readonly detach: () => void;
  isAttached: boolean;
  closing: Promise<void> | undefined;
}

class DestinationSet implements Destinations {
  readonly #options: DestinationsOptions;
  readonly #members = new Set<Member>();
  #metrics: DestinationMetrics | undefined;
  #isClosed = false;

  constructor(options: DestinationsOptions) {
    this.#options = options;
  }

  get names(): readonly string[] {
    return [...this.#members].filter(({ isAttached }) => isAttached).map(({ delivery }) => delivery.name);
  }

  add(given: TelemetryDestination): () => Promise<void> {
    const destination = checkDestination(given);
    if (this.#isClosed) return () => Promise.resolve();
    refuseSecond(destination.name, new Set(this.names));
    this.#options.drain();
    this.#metrics ??= this.#openMetrics();
    const member = this.#open(destination);
    this.#members.add(member);
    this.#options.onChange();
    return () => this.#remove(member);
  }

  health(waiting: Readonly<Record<OtlpSignal, number>>): Readonly<Record<string, DestinationHealth>> {
    const names = new Set([...this.#members].map(({ delivery }) => delivery.name));
    return Object.fromEntries([...names].map((name) => [name, this.#healthOf(name, waiting)]));
  }

  async flush(deadlineMs: number): Promise<void> {
    await Promise.all([...this.#members].map(({ delivery }) => delivery.flush(deadlineMs)));
  }

  async close(deadlineMs: number): Promise<void> {
    this.#isClosed = true;
    // They stay in the fans: what comes late is counted there.
    await Promise.all([...this.#members].map((member) => this.#end(member, deadlineMs)));
  }

  closeSync(): void {
    this.#isClosed = true;
    for (const { delivery } of this.#members) delivery.closeSync();
  }

  release(): void {
    this.#metrics?.stop();
  }

  #open(destination: TelemetryDestination): Member {
    const { fans, ledger, redact, maxItems, maxBytes, timeoutMs } = this.#options;
    const delivery = createDestinationDelivery({
      destination,
      maxItems,
      maxBytes,
      redact,
      timeoutMs,
      warn: ledger.warn,
      onDrop: (lane, reason, items) => {
        // Not the names of what OTLP loses: the journal has it, and a store imports what it missed.
        ledger.add(`destination_${lane === "traces" ? "spans" : lane}`, reason, items);
        this.#metrics?.dropped(destination.name, LANE_NAMES[lane], reason, items);
      },
    });
    const detached = LANES.map((lane) => fans[lane].add(delivery.lanes[lane], "protobuf"));
    const detach = (): void => {
      for (const take of detached) take();
    };
    return { delivery, detach, isAttached: true, closing: undefined };
  }

  /** That the host has one of the names for a metric of its own is no reason to go without destinations. */
  #openMetrics(): DestinationMetrics | undefined {
    const { metrics, say } = this.#options;
    try {
      return createDestinationMetrics(metrics, () => [...this.#members].map(({ delivery }) => delivery));
    } catch (error) {
      say(`destinations have no metrics: ${(error as Error).message}`);
      return undefined;
    }
  }

  async #remove(member: Member): Promise<void> {
    if (member.isAttached && !this.#isClosed) {
      this.#options.drain();
      member.isAttached = false;
      member.detach();
      this.#options.onChange();
    }
    await this.#end(member, this.#options.closingMs);
    // After the end of telemetry its health still has them.
    if (member.isAttached) return;
    this.#metrics?.update();
    this.#members.delete(member);
  }

  #end(member: Member, deadlineMs: number): Promise<void> {
    member.closing ??= member.delivery.close(deadlineMs);
    return member.closing;
  }

  /** Of all members of a name: one that was taken away may still be closing when another takes its place. */
  #healthOf(name: string, waiting: Readonly<Record<OtlpSignal, number>>): DestinationHealth {
    const members = [...this.#members].filter(({ delivery }) => delivery.name === name);
    const isAttached = members.some((member) => member.isAttached);
    const of = (signal: OtlpSignal): DestinationSignalHealth => {
      const lanes = members.flatMap(({ delivery }) => delivery.stats().filter((lane) => lane.signal === signal));
      const errors = members.flatMap(({ delivery }) => LANES_OF[signal].map((lane) => delivery.lastError(lane)));
      const lastError = errors.findLast((error) => error !== undefined);
      return signalHealthOf(lanes, isAttached ? waiting[signal] : 0, lastError);
    };
    return { traces: of("traces"), logs: of("logs"), metrics: of("metrics") };
  }
}

const LANE_NAMES: Readonly<Record<DestinationLane, Pick<LaneStats, "signal" | "recordClass">>> = {
  traces: { signal: "traces", recordClass: "ordinary" },
  logs: { signal: "logs", recordClass: "ordinary" },
  evidence: { signal: "logs", recordClass: "evidence" },
  metrics: { signal: "metrics", recordClass: "ordinary" },
};

function signalHealthOf(
  lanes: readonly LaneStats[],
  waiting: number,
  lastError: string | undefined,
): DestinationSignalHealth {
  const sum = (of: (lane: LaneStats) => number): number => lanes.reduce((total, lane) => total + of(lane), 0);
  return {
    accepted: sum((lane) => lane.accepted) + waiting,
    delivered: sum((lane) => lane.delivered),
    waiting: sum((lane) => lane.queued) + waiting,
    waitingBytes: sum((lane) => lane.queuedBytes),
    dropped: sum((lane) => lane.dropped),
    isFailing: lanes.some((lane) => lane.failing !== undefined),
    lastError,
  };
}
