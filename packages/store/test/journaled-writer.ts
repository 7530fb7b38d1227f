// A service that records into a journal, and writes the same events into a store, once: what is refused there is in the journal only.
import { createSystemClock, toTimestamp, tradingEvents } from "@tracebook/core";
import { createJournal, createJournalExporter } from "@tracebook/journal";
import type { EventInput, Store } from "../src/index.ts";
import { createEvent } from "./store-events.ts";

/** The service. */
export interface JournaledWriter {
  /** Records so many events now; resolves with the same events when they are on disk. */
  record(count: number): Promise<readonly EventInput[]>;
  /** How many were recorded. */
  recorded(): number;
  close(): Promise<void>;
}

/** Begins a journal in `dir` for the instance `instanceId`, whose clock is so much behind. */
export function createJournaledWriter(dir: string, instanceId: string, behindMs = () => 0): JournaledWriter {
  const journal = createJournal({ dir, instanceId, clock: createSystemClock() });
  const exporter = createJournalExporter(journal);
  const { eventType } = tradingEvents.scanStarted;
  let recorded = 0;
  return {
    async record(count) {
      const ms = Date.now() - behindMs();
      const logs = Array.from({ length: count }, () => ({
        hrTime: [Math.floor(ms / 1_000), (ms % 1_000) * 1e6] as const,
        eventName: `trading.${eventType}`,
        attributes: { "trading.profile": "balanced" },
      }));
      exporter.export(logs, () => {});
      await journal.flush();
      const source = { serviceName: "bot", instanceId };
      const timestamp = toTimestamp(ms * 1_000);
      const data = { profile: "balanced" };
      return logs.map(() =>
        createEvent({ eventType, timestamp, source, seq: ++recorded, runId: undefined, symbol: undefined, data }),
      );
    },
    recorded: () => recorded,
    close: () => journal.close(),
  };
}

/** Writes events; the code of the error where they are refused. */
export async function tryWrite(
  store: Pick<Store, "writeEvents">,
  events: readonly EventInput[],
): Promise<string | undefined> {
  try {
    await store.writeEvents(events);
    return undefined;
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}
