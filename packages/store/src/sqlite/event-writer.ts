// Writes events: the row, what queries want of a decision, and the counts.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { EventData, EventInput } from "../store-input.ts";
import { dataFieldsOf } from "./column-bits.ts";
import { toColumn, toOptionalColumn } from "./column-text.ts";
import { CountKeys, type OtherCounts } from "./count-keys.ts";
import { countedTexts } from "./counted-texts.ts";
import type { InstanceIds } from "./instance-ids.ts";
import { LastId } from "./last-id.ts";
import { createMinuteOf } from "./minute-of.ts";
import { RecordWriter } from "./record-writer.ts";
import { RollupTable } from "./rollup-table.ts";
import { confidenceOf, NO_REASON, rejectionOf, textOf } from "./signal-fields.ts";
import { TraceFilterWriter } from "./trace-filter-writer.ts";

/** Writes into `telemetry_events`, `decision_entries`, the tables of records and the roll-ups. All methods are part of the caller's transaction. */
export class EventWriter {
  readonly #insert: StatementSync;
  readonly #insertDecision: StatementSync;
  readonly #instances: InstanceIds;
  readonly #counts: RollupTable;
  readonly #reasons: RollupTable;
  readonly #confidence: RollupTable;
  readonly #keys: CountKeys;
  readonly #filters: TraceFilterWriter;
  readonly #records: RecordWriter;
  readonly #ids: LastId;
  readonly #minuteOf = createMinuteOf();

  constructor(database: DatabaseSync, instances: InstanceIds) {
    this.#instances = instances;
    this.#insert = database.prepare(
      `INSERT INTO telemetry_events
         (id, event_type, timestamp, run_id, symbol, data_json, created_at, trace_id, span_id, severity_number, instance, seq, data_fields)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (instance, seq) WHERE seq IS NOT NULL DO NOTHING`,
    );
    this.#insertDecision = database.prepare(
      `INSERT INTO decision_entries (timestamp, event_id, decision, reason_code, strategy, symbol, edge_unit, margin)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#counts = new RollupTable(database, {
      table: "event_rollups",
      keys: ["event_type", "symbol", "run_id"],
      sums: ["count"],
      finest: { place: 2, table: "run_rollups", resolution: 3_600 },
    });
    this.#reasons = new RollupTable(database, {
      table: "reason_rollups",
      keys: ["event_type", "decision", "reason_code", "reason", "strategy", "symbol"],
      sums: ["count"],
    });
    this.#confidence = new RollupTable(database, {
      table: "confidence_rollups",
      keys: ["symbol", "score_bin"],
      sums: ["count", "sum"],
    });
    this.#keys = new CountKeys(countedTexts(database));
    this.#filters = new TraceFilterWriter(database);
    this.#records = new RecordWriter(database);
    this.#ids = new LastId(database, "telemetry_events");
  }

  /** Writes an event; false when it is there already. */
  write(given: EventInput, createdAt: string): boolean {
    const event = this.#keys.event(toColumns(given));
    const { eventType, timestamp, data } = event;
    const id = this.#ids.next;
    const instance = this.#instances.idOf(event.source);
    const { changes } = this.#insert.run(
      id,
      eventType,
      timestamp,
      event.runId ?? null,
      event.symbol ?? null,
      JSON.stringify(data),
      createdAt,
      event.traceId ?? null,
      event.spanId ?? null,
      event.severityNumber,
      instance,
      event.seq > 0 ? event.seq : null,
      dataFieldsOf(data),
    );
    if (changes === 0) return false;
    this.#ids.take();
    if (event.traceId !== undefined) this.#filters.add(id, event.traceId);
    this.#instances.sawEvent(timestamp);
    const minute = this.#minuteOf(timestamp);
    this.#counts.add(minute, [eventType, event.symbol ?? "", event.runId ?? ""], 1);
    if (eventType === "decision") this.#writeDecision(event, id, minute);
    else if (eventType === "signal_rejected") this.#countReason(event, minute);
    else if (eventType === "signal_generated") this.#countConfidence(event, minute);
    else this.#records.write(event, id, instance);
    return true;
  }

  /** The transaction has begun. */
  begin(): void {
    this.#ids.begin();
  }

  /** Writes the counts of what was written. */
  flush(): void {
    for (const part of [this.#ids, this.#counts, this.#reasons, this.#confidence, this.#filters, this.#records])
      part.flush();
  }

  /** The transaction is over. */
  commit(): void {
    this.#keys.commit();
  }

  /** What was counted under another name than its own. */
  others(): OtherCounts {
    return this.#keys.others();
  }

  /** The transaction was rolled back. */
  clear(): void {
    for (const part of [this.#counts, this.#reasons, this.#confidence, this.#filters, this.#records]) part.clear();
    this.#keys.rollBack();
  }

  #writeDecision({ data, timestamp, symbol }: EventInput, id: number, minute: number): void {
    const decision = textOf(data["decision"]) ?? "";
    const reasonCode = this.#keys.reasonCode(textOf(data["reason_code"]) ?? NO_REASON);
    const strategy = this.#strategyOf(data);
    this.#insertDecision.run(
      timestamp,
      id,
      decision,
      reasonCode,
      strategy ?? null,
      symbol ?? null,
      textOf(data["edge_unit"]) ?? null,
      marginOf(textOf(data["net_edge"]), textOf(data["min_threshold"])),
    );
    // The sentence of a decision holds its figures: there are as many as decisions. The code is what can be counted.
    const verdict = decision === "ACCEPT" || decision === "REJECT" ? decision : "";
    this.#reasons.add(minute, ["decision", verdict, reasonCode, "", strategy ?? "", symbol ?? ""], 1);
  }

  #countReason({ data, symbol }: EventInput, minute: number): void {
    const { reasonCode, reason } = rejectionOf(data);
    const keys = [this.#keys.reasonCode(reasonCode), this.#keys.reason(reason), this.#strategyOf(data) ?? ""];
    this.#reasons.add(minute, ["signal_rejected", "", ...keys, symbol ?? ""], 1);
  }

  #strategyOf(data: EventData): string | undefined {
    const strategy = textOf(data["strategy"]);
    return strategy === undefined ? undefined : this.#keys.strategy(strategy);
  }

  #countConfidence({ data, symbol }: EventInput, minute: number): void {
    const confidence = confidenceOf(data);
    if (confidence !== undefined) this.#confidence.add(minute, [symbol ?? "", confidence.bin], 1, confidence.score);
  }
}

/** The event with texts that columns can hold: nearly always itself. */
function toColumns(event: EventInput): EventInput {
  const { eventType, runId, symbol } = event;
  const texts = { eventType: toColumn(eventType), runId: toOptionalColumn(runId), symbol: toOptionalColumn(symbol) };
  const isItself = texts.eventType === eventType && texts.runId === runId && texts.symbol === symbol;
  return isItself ? event : { ...event, ...texts };
}

/** Good for sorting and histograms; whoever computes takes the decimals. */
function marginOf(net: string | undefined, threshold: string | undefined): number | null {
  const margin = Number(net ?? Number.NaN) - Number(threshold ?? Number.NaN);
  return Number.isFinite(margin) ? margin : null;
}
