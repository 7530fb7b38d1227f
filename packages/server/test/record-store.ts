// A store whose metrics are given: what a test asks of it is written down.
import type {
  BusinessTotal,
  Store,
  StoredBusinessMetric,
  StoredEvent,
  StoredSystemMetric,
  SystemPerformance,
  UserActivity,
} from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { onTestFinished } from "vitest";
import { testFolder } from "./test-desk.ts";

/** What the store has, each list in the order in which it is given back. */
export interface GivenRecords {
  readonly systemMetrics?: readonly StoredSystemMetric[];
  readonly businessMetrics?: readonly StoredBusinessMetric[];
  readonly userActivity?: readonly UserActivity[];
  readonly systemPerformance?: readonly SystemPerformance[];
  readonly businessTotals?: readonly BusinessTotal[];
  readonly apiEvents?: readonly StoredEvent[];
}

/** The store, and the filters that it was asked by, in their order. */
export interface RecordStore {
  readonly store: Store;
  readonly asked: readonly unknown[];
}

/** Makes it; closed after the test. */
export async function recordStore(given: GivenRecords): Promise<RecordStore> {
  const own = await openSqliteStore({ path: `${testFolder()}/t.db` });
  onTestFinished(() => own.close());
  const asked: unknown[] = [];
  const page = <T>(all: readonly T[] = [], limit: number, offset: number, isIn: (one: T) => boolean = () => true) =>
    Promise.resolve(all.filter(isIn).slice(offset, offset + limit));
  const whole = <T>(filter: unknown, all: readonly T[] = []) => {
    asked.push(filter);
    return Promise.resolve(all);
  };
  const store: Store = {
    ...own,
    systemMetrics(filter, limit, offset) {
      asked.push(filter);
      const isIn = ({ metric_timestamp: time }: StoredSystemMetric) => time <= (filter.endTime ?? time);
      return page(given.systemMetrics, limit, offset, isIn);
    },
    businessMetrics(filter, limit, offset) {
      asked.push(filter);
      return page(given.businessMetrics, limit, offset);
    },
    async findEvents(filter, limit, offset) {
      asked.push(filter);
      const isIn = ({ timestamp }: StoredEvent) => timestamp <= (filter.endTime ?? timestamp);
      return { events: await page(given.apiEvents, limit, offset, isIn), total: given.apiEvents?.length ?? 0 };
    },
    userActivity: (range) => whole(range, given.userActivity),
    systemPerformance: (filter) => whole(filter, given.systemPerformance),
    businessTotals: (range) => whole(range, given.businessTotals),
  };
  return { store, asked };
}
