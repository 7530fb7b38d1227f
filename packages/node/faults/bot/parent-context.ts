// The context in which a span belongs to a trace whose id somebody else has chosen.
import { type Context, ROOT_CONTEXT, trace } from "@opentelemetry/api";

const PARENT = { spanId: "00000000000000a1", traceFlags: 1, isRemote: true } as const;

/** A sampled parent of that trace. */
export function parentOf(traceId: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { ...PARENT, traceId });
}
