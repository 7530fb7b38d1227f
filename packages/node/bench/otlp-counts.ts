// Counts what an OTLP protobuf body carries by walking its fields, without decoding them.
import { walkOtlpItems } from "../test/otlp-walk.ts";

/** What has been received. */
export interface OtlpCounts {
  spans: number;
  logs: number;
  /** Metrics, each with all its points. */
  metrics: number;
}

/** The path of URLs by signal (OTLP 1.x, "OTLP/HTTP Request"). */
export const SIGNAL_OF_PATH: Readonly<Record<string, keyof OtlpCounts>> = {
  "/v1/traces": "spans",
  "/v1/logs": "logs",
  "/v1/metrics": "metrics",
};

/** The number of spans, log records or metrics in a request's body. Throws on bytes that are no protobuf message. */
export function countItems(body: Uint8Array): number {
  let count = 0;
  walkOtlpItems(body, () => count++);
  return count;
}
