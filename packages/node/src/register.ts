// `node --import @tracebook/node/register app.js`: starts telemetry before the host's first import.
import { startTelemetry } from "./start-telemetry.ts";

await startTelemetry();
