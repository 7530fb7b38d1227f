// Writes spans under the names that S4 has for them.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import type { SpanInput } from "../store-input.ts";
import { tagFieldsOf } from "./column-bits.ts";
import { toColumn } from "./column-text.ts";
import type { InstanceIds } from "./instance-ids.ts";

/** Writes into `traces`. All methods are part of the caller's transaction. */
export class SpanWriter {
  readonly #insert: StatementSync;
  readonly #instances: InstanceIds;

  constructor(database: DatabaseSync, instances: InstanceIds) {
    this.#instances = instances;
    this.#insert = database.prepare(
      `INSERT INTO traces (trace_id, span_id, parent_span_id, instance, service_name, operation_name, span_kind, start_time,
         start_nanos, duration_nanos, status_code, status_message, scope, tags, events_json, links_json, tag_fields)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (trace_id, span_id) DO NOTHING`,
    );
  }

  /** Writes a span; false when it is there already. */
  write(span: SpanInput): boolean {
    const { changes } = this.#insert.run(
      span.traceId,
      span.spanId,
      span.parentSpanId ?? null,
      this.#instances.idOf(span.source),
      toColumn(span.source.serviceName),
      toColumn(span.name),
      span.kind,
      toTimestamp(span.startMicros),
      span.startNanosRest,
      span.durationNanos,
      span.statusCode,
      toColumn(span.statusMessage) || null,
      toColumn(span.scope) || null,
      JSON.stringify(span.attributes),
      span.events.length === 0 ? null : JSON.stringify(span.events),
      span.links.length === 0 ? null : JSON.stringify(span.links),
      tagFieldsOf(span.attributes),
    );
    if (changes === 0) return false;
    this.#instances.sawSpan(span.startMicros);
    return true;
  }
}
