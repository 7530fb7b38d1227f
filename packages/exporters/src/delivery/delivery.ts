// The delivery of one process: a lane for each signal and class, one spool for all of them.
import { createDeliveryLane, type DeliveryDropReason, type DeliveryLane, type DeliveryStats } from "./delivery-lane.ts";
import type { OtlpSender, SendFailure } from "./sender.ts";
import { createSpool, type SpoolLaneName } from "./spool.ts";
import { within } from "./within.ts";

/** Where requests wait on disk while their receiver is away. */
export interface SpoolPlace {
  /** A folder for this service alone. */
  readonly dir: string;
  /** At least 1 MiB. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** What a delivery is told once. */
export interface DeliveryOptions {
  /** Undefined: requests wait in memory only. */
  readonly spool: SpoolPlace | undefined;
  /** Items and bytes that may wait in the memory of each lane. */
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly onDrop: (lane: SpoolLaneName, reason: DeliveryDropReason, items: number) => void;
  readonly onFailure: (lane: SpoolLaneName, failure: SendFailure, isFinal: boolean) => void;
  /** Hears how long each request took, in milliseconds. */
  readonly onSent?: ((lane: SpoolLaneName, durationMs: number) => void) | undefined;
  /** Hears of every failure to write to the spool. */
  readonly onSpoolProblem: (error: Error) => void;
}

/** What has become of one lane's items. */
export interface LaneStats extends SpoolLaneName, DeliveryStats {
  readonly destination: string;
}

/** A running delivery. */
export interface Delivery {
  /** The lane of a signal and class, made when first asked for; `sender` is the delivery's from then on. */
  lane(name: SpoolLaneName, sender: OtlpSender): DeliveryLane;
  /** Takes over what earlier processes have left. Call it when all lanes are there. Never rejects. */
  adopt(): Promise<void>;
  flush(deadlineMs: number): Promise<void>;
  /** Flushes, keeps the rest on disk, stops. Never rejects. */
  close(deadlineMs: number): Promise<void>;
  /** Keeps on disk what is in memory, evidence first, before it returns. Never throws. */
  saveSync(): void;
  stats(): LaneStats[];
  /** Bytes of the spool's files. */
  readonly spoolBytes: number;
}

/** Makes a delivery without lanes. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const lanes = new Map<string, { name: SpoolLaneName; sender: OtlpSender; lane: DeliveryLane }>();
  const laneOf = (name: SpoolLaneName) => lanes.get(keyOf(name))?.lane;
  const { spool: place, maxItems, maxBytes, onDrop, onFailure, onSpoolProblem } = options;
  const spool =
    place &&
    createSpool({
      ...place,
      takes: (name) => laneOf(name) !== undefined,
      onDrop: (name, reason, items) => laneOf(name)?.spoolDropped(reason, items),
      onRestored: (name, items) => laneOf(name)?.spoolRestored(items),
      onProblem: onSpoolProblem,
    });
  const evidenceFirst = () =>
    [...lanes.values()].sort((a, b) => rankOf(a.name) - rankOf(b.name)).map(({ lane }) => lane);
  const saveSync = (): void => {
    for (const lane of evidenceFirst()) lane.saveSync();
  };
  let adopting: Promise<void> = Promise.resolve();
  /** What an earlier process has left is waited for: a short life would otherwise end without it. Returns the time that is left. */
  const untilAdopted = async (deadlineMs: number): Promise<number> => {
    const startMs = performance.now();
    await within(adopting, deadlineMs);
    return deadlineMs - (performance.now() - startMs);
  };
  return {
    lane(name, sender) {
      const known = laneOf(name);
      if (known !== undefined) return known;
      const lane = createDeliveryLane({
        name,
        sender,
        spool,
        maxItems,
        maxBytes,
        onDrop: (reason, items) => onDrop(name, reason, items),
        onFailure: (failure, isFinal) => onFailure(name, failure, isFinal),
        onSent: (durationMs) => options.onSent?.(name, durationMs),
      });
      lanes.set(keyOf(name), { name, sender, lane });
      return lane;
    },
    adopt() {
      adopting = spool?.adopt() ?? adopting;
      return adopting;
    },
    async flush(deadlineMs) {
      const leftMs = await untilAdopted(deadlineMs);
      await Promise.all(evidenceFirst().map((lane) => lane.flush(leftMs)));
    },
    async close(deadlineMs) {
      const leftMs = await untilAdopted(deadlineMs);
      await Promise.all(evidenceFirst().map((lane) => lane.close(leftMs)));
      for (const { sender } of lanes.values()) sender.close();
      await spool?.close();
    },
    saveSync,
    stats: () =>
      [...lanes.values()].map(({ name, sender, lane }) => ({
        ...name,
        ...lane.stats(),
        destination: sender.destination,
      })),
    get spoolBytes() {
      return spool?.bytes ?? 0;
    },
  };
}

function keyOf({ signal, recordClass }: SpoolLaneName): string {
  return `${signal}-${recordClass}`;
}

function rankOf({ recordClass }: SpoolLaneName): number {
  return recordClass === "evidence" ? 0 : 1;
}
