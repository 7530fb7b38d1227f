// A call of a writer's thread as what is to be written.
import type { OtlpFormat, OtlpSignal } from "../otlp/read-otlp.ts";
import type { ItemRedactor } from "../redaction/item-redactor.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../store-input.ts";
import { withOwnBody } from "./own-body.ts";
import { checkEvents } from "./sound-events.ts";
import type { WorkerCall, WriteMethod } from "./worker-calls.ts";
import { readWriteRequest, type WriteRequest } from "./write-request.ts";

/** Reads a call of a {@link WriteMethod}. Throws `OtlpError` for a body that is none. */
export function readWriteCall({ method, args }: WorkerCall, redactor: ItemRedactor): WriteRequest {
  const [first, ...rest] = args;
  switch (method as WriteMethod) {
    case "takeOtlp":
      return withOwnBody(rest[0] as Uint8Array<ArrayBuffer>, (body) =>
        readWriteRequest(first as OtlpSignal, body, rest[1] as OtlpFormat, redactor),
      );
    case "writeEvents":
      return checkEvents(first as readonly EventInput[]);
    case "writeSpans":
      return { kind: "spans", items: first as readonly SpanInput[], rejected: 0, message: undefined };
    case "writePoints":
      return { kind: "points", items: first as readonly MetricPointInput[], rejected: 0, message: undefined };
  }
}
