// The settings of a program whose metrics are the point: everything off that would add others.
import { botEnv } from "../bot/bot.ts";
import type { CaseContext } from "../fault-case.ts";

/** Metrics on a free port, and over OTLP to `endpoint`. */
export function metricsEnv(context: CaseContext, endpoint: string): Record<string, string> {
  const env = botEnv({ observer: "tracebook", endpoint, dir: context.folder("metrics") });
  return { ...env, BOT_METRICS_ENABLED: "true", TELEMETRY_PROMETHEUS_PORT: "0", TELEMETRY_INSTRUMENT: "none" };
}
