// Rows of the configuration table: what waits for OTLP, in memory and on disk.
import { booleanKind, byteSize, printableText, wholeNumber } from "./config-parsers.ts";
import { setting } from "./config-setting.ts";

const GROUP = "Delivery over OTLP";

/** Delivery over OTLP while the receiver is slow or away. */
export const DELIVERY_SETTINGS = {
  queueMaxBytes: setting<number>({
    group: GROUP,
    env: ["TELEMETRY_QUEUE_MAX_BYTES"],
    kind: byteSize(65_536),
    fallback: 16_777_216,
    doc: "Bytes of finished requests that may wait in memory, for each of traces, logs, evidence among logs, and metrics.",
  }),
  spool: setting<boolean>({
    group: GROUP,
    env: ["TELEMETRY_SPOOL"],
    kind: booleanKind,
    fallback: true,
    doc: "Keeps on disk what OTLP cannot deliver, and sends it in order when the receiver is back, also after a restart.",
  }),
  spoolDir: setting<string | undefined>({
    group: GROUP,
    env: ["TELEMETRY_SPOOL_DIR"],
    kind: printableText(4_096),
    fallback: undefined,
    fallbackText: "`spool` in `TELEMETRY_DIR`",
    doc: "Where; each service gets a folder in it, made when it is needed.",
  }),
  spoolMaxBytes: setting<number>({
    group: GROUP,
    env: ["TELEMETRY_SPOOL_MAX_BYTES"],
    kind: byteSize(1_048_576),
    fallback: 1_000_000_000,
    doc: "The size of all files of one process's spool; beyond it the oldest go, decisions and orders last.",
  }),
  spoolMaxAgeHours: setting<number>({
    group: GROUP,
    env: ["TELEMETRY_SPOOL_MAX_AGE_HOURS"],
    kind: wholeNumber(1, 8_760, "hours"),
    fallback: 72,
    doc: "What is older is let go: most backends refuse it.",
  }),
};
