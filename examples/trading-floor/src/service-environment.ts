/** The telemetry of each process: what the environment of the user does not say already. */
import { join } from "node:path";

/** What all processes of a run have in common. */
export interface RunFacts {
  readonly out: string;
  /** One run for all processes: their records belong together. */
  readonly runId: string;
  /** The desk's address; undefined when there is none. */
  readonly deskUrl: string | undefined;
}

/** The variables of one service; `portOffset` keeps the ports of /metrics apart. */
export function serviceEnvironment(
  { out, runId, deskUrl }: RunFacts,
  service: string,
  portOffset: number,
  env: Readonly<NodeJS.ProcessEnv>,
): Record<string, string> {
  const port = Number(env.TELEMETRY_PROMETHEUS_PORT ?? env.OTEL_EXPORTER_PROMETHEUS_PORT ?? "9464");
  return {
    TELEMETRY_ENABLED: env.TELEMETRY_ENABLED ?? "true",
    TELEMETRY_SERVICE_NAME: service,
    TELEMETRY_DIR: out,
    TELEMETRY_RUN_ID: runId,
    BASIS_LOG_FILE: join(out, "logs", `${service}.log`),
    TELEMETRY_PROMETHEUS_PORT: String(port === 0 || Number.isNaN(port) ? port || 0 : port + portOffset),
    TELEMETRY_METRIC_PREFIX: env.TELEMETRY_METRIC_PREFIX ?? "basis_",
    ...(deskUrl === undefined ? {} : deskEnvironment(deskUrl, env)),
  };
}

/** A user who names a Collector gets everything there; the desk has the journal then. */
function deskEnvironment(url: string, env: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  if (sendsElsewhere(env)) return {};
  return {
    TELEMETRY_OTLP_ENDPOINT: url,
    // The page moves with what arrives: a minute between two exports would be a long time to look at it, and a second is long for a feed.
    TELEMETRY_METRICS_INTERVAL_MS: env.TELEMETRY_METRICS_INTERVAL_MS ?? "2000",
    OTEL_BLRP_SCHEDULE_DELAY: env.OTEL_BLRP_SCHEDULE_DELAY ?? "100",
    OTEL_BSP_SCHEDULE_DELAY: env.OTEL_BSP_SCHEDULE_DELAY ?? "1000",
    TELEMETRY_LOG_RECORDS: env.TELEMETRY_LOG_RECORDS ?? "all",
  };
}

/** True when the user has said where OTLP goes. */
export function sendsElsewhere(env: Readonly<NodeJS.ProcessEnv>): boolean {
  return env.TELEMETRY_OTLP_ENDPOINT !== undefined || env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
}
