// The store that a contract is tried on.
import type { EventInput, MetricPointInput, SpanInput } from "../../src/store-input.ts";
import type { StoreQueries } from "../../src/store-queries.ts";

/** A new store that is empty, and gone when it is closed. */
export interface ContractStore extends StoreQueries {
  writeEvents(events: readonly EventInput[]): Promise<unknown>;
  writeSpans(spans: readonly SpanInput[]): Promise<unknown>;
  writePoints(points: readonly MetricPointInput[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens a store for one test. */
export type OpenStore = () => Promise<ContractStore>;

/** Runs `use` with a store of its own, and closes it. */
export async function withStore(open: OpenStore, use: (store: ContractStore) => Promise<void>): Promise<void> {
  const store = await open();
  try {
    await use(store);
  } finally {
    await store.close();
  }
}
