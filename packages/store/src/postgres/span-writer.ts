// Writes spans: a batch is copied, then stored by one call on the server.
import { toTimestamp } from "@tracebook/core";
import { textOf } from "../sqlite/signal-fields.ts";
import type { EventData, SpanInput } from "../store-input.ts";
import { copyRow, toInstant, toJsonb } from "./copy-text.ts";
import { COPY_STAGED_SPANS } from "./span-functions.ts";
import type { WriterParts } from "./writer-parts.ts";

type Requests = readonly (readonly SpanInput[])[];

const TABLES = ["traces"];
const MAX_SMALLINT = 32_767;
const MAX_INTEGER = 2_147_483_647;

/** Writes into `traces`. */
export class SpanWriter {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Writes requests, all of them or none; gives the number of rows written for each. Rejects with what PostgreSQL says. */
  async write(requests: Requests): Promise<readonly number[]> {
    const { connection, instances, days } = this.#parts;
    await instances.learn(
      connection,
      requests.flatMap((spans) => spans.map(({ source }) => source)),
    );
    const starts = requests.flatMap((spans) => spans.map(({ startMicros }) => toTimestamp(startMicros)));
    const lines = this.#linesOf(requests);
    if (lines.length === 0) return requests.map(() => 0);
    await days.ensure(connection, TABLES, starts);
    await connection.rows("BEGIN");
    await connection.copy(COPY_STAGED_SPANS, lines.join(""));
    const [rows = []] = await connection.each("SELECT request, written FROM store_spans(); COMMIT");
    const counts = rows as readonly { request: number; written: number }[];
    return requests.map((_, i) => counts.find(({ request }) => request === i)?.written ?? 0);
  }

  /** A span that is there twice is there once. */
  #linesOf(requests: Requests): readonly string[] {
    const seen = new Set<string>();
    return requests.flatMap((spans, request) =>
      spans.flatMap((span) => {
        const key = span.traceId + span.spanId;
        if (seen.has(key)) return [];
        seen.add(key);
        return [spanRow(span, request, this.#parts.instances.idOf(span.source)!)];
      }),
    );
  }
}

function spanRow(span: SpanInput, request: number, instance: number): string {
  const { attributes } = span;
  const first = (...names: readonly string[]) =>
    textOf(names.map((name) => attributes[name]).find((value) => textOf(value) !== undefined));
  const json = JSON.stringify(attributes);
  const tags = toJsonb(json);
  return copyRow([
    request,
    toInstant(toTimestamp(span.startMicros)),
    Math.min(span.durationNanos, Number.MAX_SAFE_INTEGER),
    instance,
    statusOf(first("http.response.status_code", "http.status_code")),
    small(span.startNanosRest),
    small(span.kind),
    small(span.statusCode),
    span.traceId,
    span.spanId,
    span.parentSpanId,
    span.source.serviceName,
    span.name,
    span.statusMessage || null,
    span.scope || null,
    tags,
    tags === json ? null : json,
    listOf(span.events),
    listOf(span.links),
    ...["symbol", "strategy", "decision", "reason_code", "run_id", "keep_reason"].map((name) =>
      first(`trading.${name}`),
    ),
    first("http.request.method", "http.method"),
    first("url.full", "http.url", "url.path"),
    first("user.id", "enduser.id"),
    errorOf(span, attributes),
  ]);
}

function errorOf({ statusCode, statusMessage }: SpanInput, attributes: EventData): string | undefined {
  return statusCode === 2 ? statusMessage || textOf(attributes["exception.message"]) : undefined;
}

function listOf(items: readonly unknown[]): string | undefined {
  return items.length === 0 ? undefined : JSON.stringify(items);
}

function statusOf(text: string | undefined): number | undefined {
  const status = Number(text ?? Number.NaN);
  return Number.isInteger(status) && Math.abs(status) <= MAX_INTEGER ? status : undefined;
}

function small(value: number): number {
  return Math.min(Math.max(Math.trunc(value), 0), MAX_SMALLINT);
}
