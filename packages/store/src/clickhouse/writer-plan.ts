// What is said between a ClickHouse store and the thread in which it writes.
import type { WriterCounts } from "../sqlite/writer-counts.ts";
import type { ClickhouseSettings } from "./clickhouse-options.ts";

/** What the thread works on: what of the settings crosses over to it. */
export interface ClickhouseWriterPlan extends Omit<ClickhouseSettings, "onProblem"> {
  readonly role: "writer";
}

/** What the thread tells by itself: what it has redacted, cut, refused or counted otherwise, since it was started. */
export interface ClickhouseNotice {
  readonly counts: WriterCounts;
}
