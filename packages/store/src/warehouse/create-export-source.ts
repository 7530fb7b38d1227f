// Which source the rows of a table come from.
import type { AlertRecords } from "../alert-records.ts";
import { StoreError } from "../errors.ts";
import type { StoreQueries } from "../store-queries.ts";
import { createAlertSource } from "./alert-source.ts";
import { dayAfter } from "./day-span.ts";
import {
  EXPORT_COLUMNS,
  type ExportTable,
  SIGNAL_TABLES,
  SIGNAL_TIME_COLUMNS,
  type SignalTable,
} from "./export-columns.ts";
import type { ExportSource } from "./export-source.ts";
import { createRuleSource } from "./rule-source.ts";

/** A store as far as an export asks it. One on ClickHouse may have no records of alerts. */
export type ExportedStore = Pick<StoreQueries, "exportRows" | "exportState" | "facts"> & {
  readonly alerts?: AlertRecords | undefined;
};

/** The source of a table. Throws `invalid_option` where the store has none. */
export function createExportSource(store: ExportedStore, table: ExportTable, settledAt: string): ExportSource {
  if (isSignalTable(table)) return createSignalSource(store, table);
  const { alerts } = store;
  if (alerts !== undefined) return table === "alerts" ? createAlertSource(alerts, settledAt) : createRuleSource(alerts);
  throw new StoreError(
    "invalid_option",
    `tables has ${JSON.stringify(table)}; the store has no records of alerts: open it with where they are kept.`,
  );
}

/** Whether a store can be asked for a table. */
export function hasTable(store: ExportedStore, table: ExportTable): boolean {
  return isSignalTable(table) || store.alerts !== undefined;
}

function isSignalTable(table: ExportTable): table is SignalTable {
  return SIGNAL_TABLES.includes(table as SignalTable);
}

function createSignalSource(store: ExportedStore, table: SignalTable): ExportSource {
  const timeAt = EXPORT_COLUMNS[table].findIndex(({ name }) => name === SIGNAL_TIME_COLUMNS[table]);
  return {
    isWhole: false,
    async *days({ startTime, endTime }) {
      for (let from = startTime; ; ) {
        const [row] = (await store.exportRows(table, { startTime: from, endTime }, 1)).rows;
        if (row === undefined) return;
        const date = String(row[timeAt]).slice(0, 10);
        yield date;
        from = dayAfter(date);
        if (from === undefined || (endTime !== undefined && from > endTime)) return;
      }
    },
    rows: (span, limit, after) => store.exportRows(table, span, limit, after),
    state: (span) => store.exportState(table, span),
    // They are removed by a cleaning, and by nothing else: what was exported stays.
    isMoving: async () => false,
  };
}
