// Writes spans: rows of `otel_traces`.
import { toColumn } from "../../sqlite/column-text.ts";
import type { JsonValue, SpanInput } from "../../store-input.ts";
import type { Connection } from "../connection.ts";
import { toNanos } from "../micros.ts";
import type { RowIds } from "./row-ids.ts";
import { insertSurely } from "./sure-insert.ts";
import type { Written } from "./write-queue.ts";

const COLUMNS = [
  "Timestamp",
  "TraceId",
  "SpanId",
  "ParentSpanId",
  "SpanName",
  "SpanKind",
  "ServiceName",
  "ScopeName",
  "Duration",
  "StatusCode",
  "StatusMessage",
  "id",
  "start_micros",
  "start_nanos",
  "kind",
  "status",
  "instance_id",
  "tags",
  "events_json",
  "links_json",
  "symbol",
  "decision",
  "reason_code",
  "strategy",
  "run_id",
  "keep_reason",
] as const;
const FIELDS = ["symbol", "decision", "reason_code", "strategy", "run_id", "keep_reason"].map(
  (name) => `trading.${name}`,
);
/** As the exporter spells them. */
const KINDS = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];
const STATUSES = ["Unset", "Ok", "Error"];
/** Traces that are looked up in one question: their ids are part of its text. */
const MAX_TRACES = 2_000;

/** The one writer of spans of a store. */
export class SpanWriter {
  readonly #connection: Connection;
  readonly #ids: RowIds;

  constructor(connection: Connection, ids: RowIds) {
    this.#connection = connection;
    this.#ids = ids;
  }

  /** Cost: about 5 us a span here, a look for its trace into a table that is sorted by it, and the insert. */
  async write(requests: readonly (readonly SpanInput[])[]): Promise<readonly Written[]> {
    const all = requests.flat();
    const there = await this.#there(all);
    const areNew = all.map((span) => {
      const key = keyOf(span.traceId, span.spanId);
      return !there.has(key) && there.add(key) !== undefined;
    });
    const rows = all.filter((_, i) => areNew[i]).map((span) => this.#toRow(span));
    await insertSurely(this.#connection, { table: "otel_traces", columns: COLUMNS, rows });
    let at = 0;
    return requests.map((request) => {
      const written = request.reduce((sum) => sum + (areNew[at++] ? 1 : 0), 0);
      return { written, refused: 0, message: undefined };
    });
  }

  /** The spans of these traces that are there: mostly a trace comes whole, and there is none. */
  async #there(spans: readonly SpanInput[]): Promise<Set<string>> {
    const traces = [...new Set(spans.map((span) => span.traceId))];
    const there = new Set<string>();
    for (let from = 0; from < traces.length; from += MAX_TRACES) {
      const list = quoted(traces.slice(from, from + MAX_TRACES));
      const known = await this.#connection.lists(
        `SELECT TraceId, min(first_micros), max(last_micros) FROM otel_traces_trace_id_ts WHERE TraceId IN (${list}) GROUP BY TraceId`,
      );
      if (known.length === 0) continue;
      const micros = known.flatMap(([, first, last]) => [Number(first), Number(last)]);
      const least = micros.reduce((a, b) => Math.min(a, b));
      const most = micros.reduce((a, b) => Math.max(a, b));
      const rows = await this.#connection.lists(
        `SELECT TraceId, SpanId FROM otel_traces WHERE start_micros BETWEEN ${least} AND ${most}
           AND TraceId IN (${quoted(known.map(([traceId]) => String(traceId)))})`,
      );
      for (const [traceId, spanId] of rows) there.add(keyOf(String(traceId), String(spanId)));
    }
    return there;
  }

  #toRow(span: SpanInput): readonly unknown[] {
    const { attributes, source, events, links } = span;
    return [
      toNanos(span.startMicros, span.startNanosRest),
      span.traceId,
      span.spanId,
      span.parentSpanId ?? "",
      toColumn(span.name),
      KINDS[span.kind] ?? "",
      toColumn(source.serviceName),
      toColumn(span.scope),
      span.durationNanos,
      STATUSES[span.statusCode] ?? "",
      toColumn(span.statusMessage),
      this.#ids.next(),
      span.startMicros,
      span.startNanosRest,
      span.kind,
      span.statusCode,
      toColumn(source.instanceId),
      JSON.stringify(attributes),
      events.length === 0 ? "" : JSON.stringify(events),
      links.length === 0 ? "" : JSON.stringify(links),
      ...FIELDS.map((name) => fieldOf(attributes[name])),
    ];
  }
}

/** Hex digits and nothing else: they are part of the text of a question. */
export function quoted(ids: readonly string[]): string {
  return ids
    .filter((id) => /^[0-9a-fA-F]+$/.test(id))
    .map((id) => `'${id}'`)
    .join(", ");
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}${spanId}`;
}

function fieldOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : toColumn(String(value));
}
