// Writes events: rows of `otel_logs`, from which the server makes every count as it takes them.
import { toColumn, toOptionalColumn } from "../../sqlite/column-text.ts";
import { CountKeys, type OtherCounts } from "../../sqlite/count-keys.ts";
import { confidenceOf, NO_REASON, rejectionOf, textOf } from "../../sqlite/signal-fields.ts";
import type { EventData, EventInput } from "../../store-input.ts";
import type { Connection } from "../connection.ts";
import { createMicrosOf } from "../micros.ts";
import { readCountedTexts } from "./counted-texts.ts";
import { RecordKeys } from "./record-keys.ts";
import { RecordRows } from "./record-rows.ts";
import type { RowIds } from "./row-ids.ts";
import { insertSurely } from "./sure-insert.ts";
import type { Written } from "./write-queue.ts";

const COLUMNS = [
  "Timestamp",
  "TraceId",
  "SpanId",
  "SeverityNumber",
  "ServiceName",
  "ResourceAttributes",
  "EventName",
  "id",
  "time_micros",
  "event_type",
  "instance_id",
  "seq",
  "run_id",
  "symbol",
  "data",
  "event_category",
  "user_id",
  "decision",
  "reason_code",
  "reason",
  "strategy",
  "edge_unit",
  "margin",
  "score",
] as const;

/** What an event is counted by. */
interface Counted {
  readonly decision: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly strategy: string;
  readonly edgeUnit: string;
  readonly margin: number | null;
  readonly score: number | null;
}

const NOT_COUNTED: Counted = Object.freeze({
  decision: "",
  reasonCode: "",
  reason: "",
  strategy: "",
  edgeUnit: "",
  margin: null,
  score: null,
});

/** The one writer of events of a store. Requests that are written together are one insert: all of them are there, or none is answered. */
export class EventWriter {
  readonly #connection: Connection;
  readonly #ids: RowIds;
  readonly #records: RecordKeys;
  readonly #micros = createMicrosOf();
  #keys: CountKeys | undefined;

  constructor(connection: Connection, ids: RowIds) {
    this.#connection = connection;
    this.#ids = ids;
    this.#records = new RecordKeys(connection);
  }

  /** Cost: about 5 us an event here, and the insert. */
  async write(requests: readonly (readonly EventInput[])[]): Promise<readonly Written[]> {
    const all = requests.flat();
    this.#keys ??= new CountKeys(await readCountedTexts(this.#connection));
    const keys = this.#keys;
    try {
      const areNew = await this.#records.areNew(all);
      const rows: (readonly unknown[])[] = [];
      const records = new RecordRows();
      for (const [i, event] of all.entries()) {
        if (areNew[i] !== true) continue;
        rows.push(this.#toRow(event, keys));
        records.add(event, this.#ids.last);
      }
      // Before their events: with these they count as written.
      for (const insert of records.inserts()) await insertSurely(this.#connection, insert);
      await insertSurely(this.#connection, { table: "otel_logs", columns: COLUMNS, rows });
      keys.commit();
      let at = 0;
      return requests.map((request) => {
        const written = request.reduce((sum) => sum + (areNew[at++] ? 1 : 0), 0);
        return { written, refused: 0, message: undefined };
      });
    } catch (error) {
      this.#records.forget(all);
      keys.rollBack();
      throw error;
    }
  }

  /** What was counted under another name than its own. */
  others(): OtherCounts {
    return this.#keys?.others() ?? { eventTypes: 0, symbols: 0, strategies: 0, reasonCodes: 0 };
  }

  #toRow(given: EventInput, keys: CountKeys): readonly unknown[] {
    const event = keys.event(toColumns(given));
    const { eventType, data, source } = event;
    const { micros, nanos } = this.#micros(event.timestamp);
    const counted = toCounted(eventType, data, keys);
    return [
      nanos,
      event.traceId ?? "",
      event.spanId ?? "",
      event.severityNumber,
      toColumn(source.serviceName),
      source.hostName === undefined || source.hostName === "" ? {} : { "host.name": source.hostName },
      `trading.${eventType}`,
      this.#ids.next(),
      micros,
      eventType,
      toColumn(source.instanceId),
      event.seq,
      event.runId ?? "",
      event.symbol ?? "",
      JSON.stringify(data),
      textOf(data["event_category"]) ?? "",
      textOf(data["user_id"]) ?? "",
      counted.decision,
      counted.reasonCode,
      counted.reason,
      counted.strategy,
      counted.edgeUnit,
      counted.margin,
      counted.score,
    ];
  }
}

function toCounted(eventType: string, data: EventData, keys: CountKeys): Counted {
  if (eventType === "decision")
    return {
      ...NOT_COUNTED,
      decision: textOf(data["decision"]) ?? "",
      reasonCode: keys.reasonCode(textOf(data["reason_code"]) ?? NO_REASON),
      strategy: strategyOf(data, keys),
      edgeUnit: textOf(data["edge_unit"]) ?? "",
      margin: marginOf(textOf(data["net_edge"]), textOf(data["min_threshold"])),
    };
  if (eventType === "signal_rejected") {
    const { reasonCode, reason } = rejectionOf(data);
    return {
      ...NOT_COUNTED,
      reasonCode: keys.reasonCode(reasonCode),
      reason: keys.reason(reason),
      strategy: strategyOf(data, keys),
    };
  }
  if (eventType === "signal_generated") return { ...NOT_COUNTED, score: confidenceOf(data)?.score ?? null };
  return NOT_COUNTED;
}

function strategyOf(data: EventData, keys: CountKeys): string {
  const strategy = textOf(data["strategy"]);
  return strategy === undefined ? "" : keys.strategy(strategy);
}

/** The event with texts that can be asked for: nearly always itself. */
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
