// A metric as the list of metrics has it.
import type { Answer } from "../../api/client.ts";

/** Its name, type, unit, description, and how many series it has. */
export type MetricEntry = Answer<"/api/telemetry/metrics">["metrics"][number];
