// Rows of the configuration table: what is on, and what things are called.
import type { LogLevel } from "./config-options.ts";
import {
  ENVIRONMENT_KEY,
  fromResourceAttribute,
  resourceAttributesKind,
  SERVICE_NAME_KEY,
} from "./config-pair-parsers.ts";
import {
  booleanKind,
  choice,
  NOT_SAID,
  pattern,
  printableText,
  type ValueKind,
  wholeNumber,
} from "./config-parsers.ts";
import { setting } from "./config-setting.ts";

/** The OpenTelemetry specification knows no other word than `true`; false says nothing, since it is the default. */
const sdkDisabledKind: ValueKind<boolean> = {
  ...booleanKind,
  expected: "true or false",
  parse(text) {
    const word = text.toLowerCase();
    if (word === "true") return { value: false };
    return word === "false" ? NOT_SAID : { why: "" };
  },
};

const serviceName = printableText(255);
const environmentName = printableText(255);
const instanceId = pattern("1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen", (text) =>
  /^[A-Za-z0-9._-]{1,64}$/.test(text) ? text : undefined,
);

/** On and off; names. */
export const GENERAL_SETTINGS = {
  enabled: setting<boolean>({
    group: "On and off",
    env: [
      { name: "OTEL_SDK_DISABLED", kind: sdkDisabledKind, beforeOptions: true, instead: "it counts as false" },
      "TELEMETRY_ENABLED",
    ],
    kind: booleanKind,
    fallback: false,
    doc: "Switches telemetry on. `OTEL_SDK_DISABLED=true` switches all of it off, /metrics included, and wins over options in code.",
  }),
  strict: setting<boolean>({
    group: "On and off",
    env: ["TELEMETRY_STRICT"],
    kind: booleanKind,
    fallback: false,
    doc: "Wrong variables stop the start with one error that names them all, instead of falling back with a line each.",
  }),
  quiet: setting<boolean>({
    group: "On and off",
    env: ["TELEMETRY_QUIET"],
    kind: booleanKind,
    fallback: false,
    doc: "Leaves out the line at start.",
  }),
  logLevel: setting<LogLevel>({
    group: "On and off",
    env: ["OTEL_LOG_LEVEL"],
    kind: choice(["none", "error", "warn", "info", "debug", "verbose", "all"]),
    fallback: "none",
    doc: "How much the OpenTelemetry SDK says about itself on stderr; Tracebook's own warnings are not affected.",
  }),
  shutdownTimeoutMs: setting<number>({
    group: "On and off",
    env: ["TELEMETRY_SHUTDOWN_TIMEOUT_MS"],
    kind: wholeNumber(100, 60_000, "milliseconds"),
    fallback: 3_000,
    doc: "How long the end of the process may wait for telemetry to be delivered.",
  }),
  serviceName: setting<string>({
    group: "Names",
    env: [
      "TELEMETRY_SERVICE_NAME",
      "OTEL_SERVICE_NAME",
      { name: "OTEL_RESOURCE_ATTRIBUTES", kind: fromResourceAttribute(SERVICE_NAME_KEY, serviceName) },
    ],
    kind: serviceName,
    fallback: "unknown_service:node",
    doc: "The name of the service: `service.name`.",
  }),
  environment: setting<string | undefined>({
    group: "Names",
    env: [
      "ENVIRONMENT",
      { name: "OTEL_RESOURCE_ATTRIBUTES", kind: fromResourceAttribute(ENVIRONMENT_KEY, environmentName) },
    ],
    kind: environmentName,
    fallback: undefined,
    doc: "Where the service runs, such as `production`: `deployment.environment.name`.",
  }),
  resourceAttributes: setting<Readonly<Record<string, string>>>({
    group: "Names",
    env: ["OTEL_RESOURCE_ATTRIBUTES"],
    kind: resourceAttributesKind,
    fallback: Object.freeze({}),
    doc: "Attributes of everything this service sends. Those given in code win one by one; one mistake discards the whole variable.",
  }),
  runId: setting<string | undefined>({
    group: "Names",
    env: ["TELEMETRY_RUN_ID"],
    kind: printableText(128),
    fallback: undefined,
    fallbackText: "made at start",
    doc: "Ties the records of this process together: `run_id`.",
  }),
  instanceId: setting<string | undefined>({
    group: "Names",
    env: ["TELEMETRY_INSTANCE_ID"],
    kind: instanceId,
    fallback: undefined,
    fallbackText: "made at start",
    doc: "Names this process among others of the service: `instance_id`. Two that run at once must not share one.",
  }),
};
