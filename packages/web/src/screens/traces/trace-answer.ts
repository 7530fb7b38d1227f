// A trace as the server gives it.
import type { Answer } from "../../api/client.ts";

/** Its spans, its events and logs, its decisions. */
export type TraceAnswer = Answer<"/api/telemetry/traces/{trace_id}">;
