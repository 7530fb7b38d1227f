// The latencies of a flow as the server gives them.
import type { Answer } from "../../api/client.ts";

/** All stages of a flow, over the range and over time. */
export type Latency = Answer<"/api/telemetry/latency">;
/** One stage of it. */
export type Stage = Latency["stages"][number];
