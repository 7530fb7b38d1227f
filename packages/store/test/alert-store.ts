// What tests of alerts need of a store.
import type { AlertFeed } from "../src/alert-feed.ts";
import type { AlertRecords } from "../src/alert-records.ts";
import type { EventInput, MetricPointInput } from "../src/store-input.ts";

/** A new store that is empty, and gone when it is closed. */
export interface AlertStore {
  readonly alerts: AlertRecords;
  readonly alertFeed: AlertFeed;
  writeEvents(events: readonly EventInput[]): Promise<unknown>;
  writePoints(points: readonly MetricPointInput[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens one. */
export type OpenAlertStore = () => Promise<AlertStore>;

/** Uses one, and closes it. */
export async function withAlerts(open: OpenAlertStore, use: (store: AlertStore) => Promise<void>): Promise<void> {
  const store = await open();
  try {
    await use(store);
  } finally {
    await store.close();
  }
}
