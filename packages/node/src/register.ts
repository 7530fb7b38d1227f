// `node --import @tracebook/node/register app.js`: starts telemetry before the host's first import.
import { resolveConfig } from "./config.ts";

const { config, problems } = resolveConfig({});
// Switched off, and nothing to say about it: not even the OpenTelemetry API is loaded.
if (config.enabled || config.prometheus.enabled || problems.length > 0) {
  const { startTelemetry } = await import("./start-telemetry.ts");
  await startTelemetry();
}
