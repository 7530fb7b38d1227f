// What is written together: the items of one request, read and checked.
import type { OtlpOptions } from "../otlp/otlp-options.ts";
import { type OtlpFormat, type OtlpSignal, readOtlpLogs, readOtlpMetrics, readOtlpSpans } from "../otlp/read-otlp.ts";
import type { ItemRedactor } from "../redaction/item-redactor.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../store-input.ts";

interface RequestOf<Kind extends string, Item> {
  readonly kind: Kind;
  readonly items: readonly Item[];
  /** What was left out when it was read. */
  readonly rejected: number;
  readonly message: string | undefined;
}

/** Items of one kind: all of them or none are written. */
export type WriteRequest =
  | RequestOf<"events", EventInput>
  | RequestOf<"spans", SpanInput>
  | RequestOf<"points", MetricPointInput>;

/** Reads an OTLP request, redacted and bounded, whoever it is from. Throws `OtlpError` for a body that is none. */
export function readWriteRequest(
  signal: OtlpSignal,
  body: Uint8Array,
  format: OtlpFormat,
  redactor: ItemRedactor,
): WriteRequest {
  const options: OtlpOptions = { cleaner: redactor };
  switch (signal) {
    case "logs": {
      const items: EventInput[] = [];
      const { rejected, message } = readOtlpLogs(body, format, (event) => items.push(redactor.event(event)), options);
      return { kind: "events", items, rejected, message };
    }
    case "traces": {
      const items: SpanInput[] = [];
      const { rejected, message } = readOtlpSpans(body, format, (span) => items.push(redactor.span(span)), options);
      return { kind: "spans", items, rejected, message };
    }
    case "metrics": {
      const items: MetricPointInput[] = [];
      const { rejected, message } = readOtlpMetrics(
        body,
        format,
        (point) => items.push(redactor.point(point)),
        options,
      );
      return { kind: "points", items, rejected, message };
    }
  }
}
