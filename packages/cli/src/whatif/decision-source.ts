// Where recorded decisions come from: a journal, or a store.
import type { RecordedDecision } from "@tracebook/decisions";
import { type JournalRecord, type ReadReport, readJournal } from "@tracebook/journal";
import type { Store } from "@tracebook/store";
import { symbolOf } from "../replay/replay-line.ts";
import { type TimeSpan, toStoreRange } from "../time-range.ts";

/** A decision on the record, and whose it is. */
export interface SourcedDecision extends RecordedDecision {
  readonly timestamp: string;
  readonly symbol: string | null | undefined;
  readonly strategy: string | null | undefined;
  readonly trace_id: string | null | undefined;
}

/** Which decisions. */
export interface DecisionChoice extends TimeSpan {
  readonly symbol: string | undefined;
  readonly strategy: string | undefined;
}

const PAGE = 5_000;
/** What of a record's data is judged. */
const JUDGED_FIELDS = [
  "gross_edge",
  "fees_est",
  "slippage_est",
  "gas_est",
  "latency_buffer",
  "net_edge",
  "min_threshold",
  "gates",
] as const;

/** The decisions of a journal, oldest first. */
export async function* journalDecisions(
  path: string,
  { from, to, symbol, strategy }: DecisionChoice,
  report: ReadReport,
): AsyncGenerator<SourcedDecision> {
  const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  for await (const record of readJournal(path, { ...range, eventTypes: ["decision"], report })) {
    const decision = fromRecord(record);
    if (symbol !== undefined && decision.symbol !== symbol) continue;
    if (strategy === undefined || decision.strategy === strategy) yield decision;
  }
}

/** The decisions of a store, newest first. */
export async function* storeDecisions(
  store: Store,
  { symbol, strategy, ...span }: DecisionChoice,
): AsyncGenerator<SourcedDecision> {
  const filter = { ...toStoreRange(span), symbol, strategy };
  let beforeId: number | undefined;
  for (;;) {
    const page = await store.judgedDecisions(filter, PAGE, beforeId);
    yield* page;
    beforeId = page.at(-1)?.event_id;
    if (page.length < PAGE || beforeId === undefined) return;
  }
}

/** A record may hold anything under these names: of amounts and gates, judging says what cannot be read; of names, it is left out. */
function fromRecord(record: JournalRecord): SourcedDecision {
  const { data, timestamp, trace_id } = record;
  const own = (name: string): unknown => (Object.hasOwn(data, name) ? data[name] : undefined);
  const text = (name: string): string | undefined => {
    const value = own(name);
    return typeof value === "string" ? value : undefined;
  };
  const judged = Object.fromEntries(JUDGED_FIELDS.map((name) => [name, own(name)]));
  return {
    ...(judged as Partial<RecordedDecision>),
    decision: text("decision") ?? "",
    reason_code: text("reason_code") ?? "no_reason",
    reason: text("reason"),
    edge_unit: text("edge_unit"),
    timestamp,
    trace_id,
    symbol: symbolOf(record),
    strategy: text("strategy"),
  };
}
