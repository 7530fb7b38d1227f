import { expect, test } from "vitest";
import { resolveConfig, type TelemetryConfig, TracebookConfigError } from "./config.ts";

/** Stands for a secret in the values below, and must not be found in anything that is printed. */
const SECRET = "hunter2Zx9";
const ENABLED = { TELEMETRY_ENABLED: "true" };
const JWT = `eyJhbGciOiJIUzI1NiJ9.${SECRET}.abc`;

// [the wrong variable, its value, what else is set]
const WRONG: readonly (readonly [string, string, Readonly<Record<string, string>>?])[] = [
  ["TELEMETRY_ENABLED", "ture"],
  ["TELEMETRY_ENABLED", "2"],
  ["TELEMETRY_ENABLED", ""],
  ["TELEMETRY_ENABLED", '"true"'],
  ["OTEL_SDK_DISABLED", "1", ENABLED],
  ["OTEL_SDK_DISABLED", "yes", ENABLED],
  ["TELEMETRY_STRICT", "very"],
  ["TELEMETRY_QUIET", "shh"],
  ["OTEL_LOG_LEVEL", "loud"],
  ["TELEMETRY_SHUTDOWN_TIMEOUT_MS", "99"],
  ["TELEMETRY_SHUTDOWN_TIMEOUT_MS", "60001"],
  ["TELEMETRY_SHUTDOWN_TIMEOUT_MS", "3s"],
  ["TELEMETRY_SERVICE_NAME", ""],
  ["TELEMETRY_SERVICE_NAME", "   "],
  ["TELEMETRY_SERVICE_NAME", "bot\nFAKE LINE"],
  ["TELEMETRY_SERVICE_NAME", "bot\u001b[31mred"],
  ["TELEMETRY_SERVICE_NAME", "bot\u2028next"],
  ["TELEMETRY_SERVICE_NAME", "x ".repeat(200)],
  ["OTEL_SERVICE_NAME", "a\u0000b"],
  ["OTEL_RESOURCE_ATTRIBUTES", "team"],
  ["OTEL_RESOURCE_ATTRIBUTES", "=x"],
  ["OTEL_RESOURCE_ATTRIBUTES", "a=%E0%A4%A"],
  ["OTEL_RESOURCE_ATTRIBUTES", "a=b%0Ac"],
  ["OTEL_RESOURCE_ATTRIBUTES", `service.name=${"n".repeat(256)}`],
  ["OTEL_RESOURCE_ATTRIBUTES", `db.password=${SECRET},oops`],
  ["ENVIRONMENT", "prod\r\nuction"],
  ["ENVIRONMENT", ""],
  ["TELEMETRY_RUN_ID", "r".repeat(129)],
  ["TELEMETRY_INSTANCE_ID", "a/b"],
  ["TELEMETRY_INSTANCE_ID", "../../etc"],
  ["TELEMETRY_INSTANCE_ID", "i".repeat(65)],
  ["TELEMETRY_OTLP_ENDPOINT", "localhost:4318", ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", "http://", ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", "http:/one-slash:4318", ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", "grpc://collector:4317", ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", "http://host:99999", ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", "http://ho st:4318", ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", "http://host\r\nx-evil: 1", ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", `https://user:${SECRET}@collector.example.com/otlp`, ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", `https://user:9/${SECRET}@collector.example.com/otlp`, ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", `https://${SECRET}@collector.example.com`, ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", `user:${SECRET}@collector:4318`, ENABLED],
  ["TELEMETRY_OTLP_ENDPOINT", `ftp://collector/?token=${SECRET}`, ENABLED],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "none", ENABLED],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", `http://u:${SECRET}@h`, ENABLED],
  ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector/v1/traces", ENABLED],
  ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", `//u:${SECRET}@h/v1/metrics`, ENABLED],
  ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "4318", ENABLED],
  ["TELEMETRY_OTLP_HEADERS", `{"authorization": "Bearer ${SECRET}"`],
  ["TELEMETRY_OTLP_HEADERS", `authorization=Bearer ${SECRET}`],
  ["TELEMETRY_OTLP_HEADERS", `["${SECRET}"]`],
  ["TELEMETRY_OTLP_HEADERS", `"${SECRET}"`],
  ["TELEMETRY_OTLP_HEADERS", "null"],
  ["TELEMETRY_OTLP_HEADERS", ""],
  ["TELEMETRY_OTLP_HEADERS", `{"x-key": "${SECRET}\\r\\nx-evil: 1"}`],
  ["TELEMETRY_OTLP_HEADERS", `{"Bearer ${SECRET}": "authorization"}`],
  ["TELEMETRY_OTLP_HEADERS", `{"x-key": 1, "x-other": "${SECRET}"}`],
  ["TELEMETRY_OTLP_HEADERS", `{"x-key": "${SECRET}\u2603"}`],
  ["OTEL_EXPORTER_OTLP_HEADERS", `Bearer ${SECRET}`],
  ["OTEL_EXPORTER_OTLP_HEADERS", `api-key=${SECRET}%0d%0ax-evil:1`],
  ["OTEL_EXPORTER_OTLP_HEADERS", `api-key=${SECRET}%`],
  ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", SECRET],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "protobuf"],
  ["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "grpc"],
  ["OTEL_EXPORTER_OTLP_TIMEOUT", "0"],
  ["OTEL_EXPORTER_OTLP_TIMEOUT", "-5"],
  ["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "10s"],
  ["OTEL_EXPORTER_OTLP_COMPRESSION", "zip"],
  ["OTEL_TRACES_EXPORTER", "zipkin", ENABLED],
  ["OTEL_TRACES_EXPORTER", "none,otlp", ENABLED],
  ["OTEL_METRICS_EXPORTER", "otlp,statsd", ENABLED],
  ["OTEL_LOGS_EXPORTER", ",", ENABLED],
  ["TELEMETRY_SAMPLE_RATIO", "abc"],
  ["TELEMETRY_SAMPLE_RATIO", "1.1"],
  ["TELEMETRY_SAMPLE_RATIO", "-0.1"],
  ["TELEMETRY_SAMPLE_RATIO", "NaN"],
  ["TELEMETRY_SAMPLE_RATIO", "Infinity"],
  ["TELEMETRY_SAMPLE_RATIO", "0,5"],
  ["TELEMETRY_SAMPLE_RATIO", "20%"],
  ["TELEMETRY_SAMPLE_RATIO", "0x1"],
  ["TELEMETRY_SAMPLE_RATIO", ""],
  ["OTEL_TRACES_SAMPLER", "jaeger_remote"],
  ["OTEL_TRACES_SAMPLER", "__proto__"],
  ["OTEL_TRACES_SAMPLER_ARG", "many", { OTEL_TRACES_SAMPLER: "traceidratio" }],
  ["TELEMETRY_SLOW_MS", "-1"],
  ["TELEMETRY_SLOW_MS", "1e99"],
  ["TELEMETRY_RECENT_FLOWS", "4097"],
  ["TELEMETRY_RECENT_FLOWS", "6.5"],
  ["TELEMETRY_MAX_FLOWS", "0"],
  ["BOT_METRICS_ENABLED", "maybe"],
  ["TELEMETRY_PROMETHEUS_PORT", "65536"],
  ["TELEMETRY_PROMETHEUS_PORT", "9464/tcp"],
  ["OTEL_EXPORTER_PROMETHEUS_PORT", "-1"],
  ["TELEMETRY_PROMETHEUS_HOST", "0.0.0.0:9464"],
  ["TELEMETRY_PROMETHEUS_HOST", "http://0.0.0.0"],
  ["TELEMETRY_PROMETHEUS_HOST", "1::2::3"],
  ["OTEL_EXPORTER_PROMETHEUS_HOST", "999.1.1.1"],
  ["OTEL_EXPORTER_PROMETHEUS_HOST", "10.0.1"],
  ["TELEMETRY_METRICS_INTERVAL_MS", "99"],
  ["OTEL_METRIC_EXPORT_INTERVAL", "1 minute"],
  ["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "exponential"],
  ["TELEMETRY_METRIC_PREFIX", "1bot"],
  ["TELEMETRY_METRIC_PREFIX", "my-bot"],
  ["TELEMETRY_SIGNAL_PREFIX", "_"],
  ["TELEMETRY_LABEL_LIMIT", "0"],
  ["TELEMETRY_JOURNAL", "journal"],
  ["TELEMETRY_DIR", ""],
  ["TELEMETRY_DIR", "out\u0000"],
  ["TELEMETRY_JOURNAL_MAX_BYTES", "10 gigs"],
  ["TELEMETRY_JOURNAL_MAX_BYTES", "-10GB"],
  ["TELEMETRY_JOURNAL_MAX_BYTES", "1KB"],
  ["TELEMETRY_JOURNAL_MAX_BYTES", "9999999999TB"],
  ["TELEMETRY_JOURNAL_RETENTION_DAYS", "0"],
  ["TELEMETRY_JOURNAL_RETENTION_DAYS", "30d"],
  ["TELEMETRY_JOURNAL_BUFFER_SIZE", "0"],
  ["TELEMETRY_JOURNAL_FLUSH_MS", "0.5"],
  ["TELEMETRY_JOURNAL_FSYNC", "always"],
  ["TELEMETRY_METRICS_LOG", "some"],
  ["TELEMETRY_LOG_RECORDS", "true"],
  ["TELEMETRY_PROPAGATE_TO", "https://api.example.com/path"],
  ["TELEMETRY_PROPAGATE_TO", "good.example.com,bad host"],
  ["TELEMETRY_PROPAGATE_TO", "host:70000"],
  ["TELEMETRY_PROPAGATE_TO", `https://user:${SECRET}@host`],
  ["TELEMETRY_REDACT_KEYS", "x"],
  ["TELEMETRY_REDACT_KEYS", "--,__"],
  ["TELEMETRY_INSTRUMENT", "http,mysql"],
  ["TELEMETRY_INSTRUMENT", ""],
  ["OTEL_BSP_MAX_QUEUE_SIZE", "0"],
  ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "lots"],
  ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "65537"],
  ["OTEL_BSP_SCHEDULE_DELAY", "-1"],
  ["OTEL_BLRP_EXPORT_TIMEOUT", "0"],
  ["OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "70000"],
  ["TELEMETRY_PROMETHEUS_SERVER", "9464"],
  ["TELEMETRY_QUEUE_MAX_BYTES", "1KB"],
  ["TELEMETRY_SPOOL", "./spool"],
  ["TELEMETRY_SPOOL_DIR", "a\nb"],
  ["TELEMETRY_SPOOL_MAX_BYTES", "512KB"],
  ["TELEMETRY_SPOOL_MAX_BYTES", "unlimited"],
  ["TELEMETRY_SPOOL_MAX_AGE_HOURS", "0"],
  ["TELEMETRY_SPOOL_MAX_AGE_HOURS", "3d"],
  // A secret in the wrong place.
  ["TELEMETRY_SLOW_MS", `{"authorization":"Bearer ${SECRET}"}`],
  ["TELEMETRY_SAMPLE_RATIO", `https://user:${SECRET}@collector`],
  ["TELEMETRY_JOURNAL_FSYNC", JWT],
  ["TELEMETRY_LABEL_LIMIT", `${SECRET}${"k".repeat(40)}`],
  // Names that nobody reads.
  ["TELEMETRY_ENABLE", "true"],
  ["TELEMETRY_OTLP_HEADER", `{"authorization":"Bearer ${SECRET}"}`],
  ["TELEMETRY_\u001b[2J", SECRET],
];

const ROWS = WRONG.map(([name, value, rest = {}]) => [name, value, rest] as [string, string, Record<string, string>]);

function withoutSources({ sources: _, ...rest }: TelemetryConfig): Omit<TelemetryConfig, "sources"> {
  return rest;
}

function thrownBy(fn: () => unknown): TracebookConfigError {
  try {
    fn();
  } catch (error) {
    if (error instanceof TracebookConfigError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("the table of wrong values has the 60 rows that case 40 asks for, each once", () => {
  expect(WRONG.length).toBeGreaterThanOrEqual(60);
  expect(new Set(WRONG.map(([name, value]) => `${name}=${value}`)).size).toBe(WRONG.length);
});

test.each(ROWS)("%s=%j falls back with one printable line that names it and shows no secret", (name, value, rest) => {
  const { config, problems } = resolveConfig({}, { ...rest, [name]: value });
  expect(withoutSources(config)).toEqual(withoutSources(resolveConfig({}, rest).config));
  expect(problems).toHaveLength(1);
  const { variable, line } = problems[0]!;
  expect(variable).toBe(name);
  expect(line.startsWith(name.replace("\u001b", "\\u{1b}"))).toBe(true);
  expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(line).not.toContain(SECRET);
  expect(line.length).toBeLessThan(400);
});

// TELEMETRY_STRICT is not read where the option in code stands above it.
test.each(ROWS.filter(([name]) => name !== "TELEMETRY_STRICT"))(
  "%s=%j throws in strict mode, naming it and showing no secret",
  (name, value, rest) => {
    const error = thrownBy(() => resolveConfig({ strict: true }, { ...rest, [name]: value }));
    expect(error.code).toBe("invalid_environment");
    expect(error.problems.map(({ variable }) => variable)).toEqual([name]);
    expect(`${error.message}\n${error.stack}\n${JSON.stringify(error)}`).not.toContain(SECRET);
    expect(error.cause).toBeUndefined();
  },
);

test("a line says what the value was, what it had to be, and what is used instead", () => {
  const lineOf = (env: Record<string, string>): string =>
    resolveConfig({}, env)
      .problems.map(({ line }) => line)
      .join("\n");
  expect(lineOf({ TELEMETRY_SAMPLE_RATIO: "abc" })).toBe(
    'TELEMETRY_SAMPLE_RATIO="abc" is not a number from 0 to 1: using the default (1)',
  );
  expect(lineOf({ TELEMETRY_SLOW_MS: "" })).toBe(
    "TELEMETRY_SLOW_MS is empty, not a number of milliseconds from 0 to 86400000: using the default (250)",
  );
  expect(lineOf({ TELEMETRY_SERVICE_NAME: "\u0007", OTEL_SERVICE_NAME: "bot" })).toBe(
    'TELEMETRY_SERVICE_NAME="\\u{7}" is not printable text of 1 to 255 characters: using "bot" (OTEL_SERVICE_NAME)',
  );
  expect(lineOf({ TELEMETRY_OTLP_ENDPOINT: `https://me:${SECRET}@otlp.example.com/a?key=b` })).toBe(
    'TELEMETRY_OTLP_ENDPOINT="https://***@otlp.example.com/a?***" is not an http:// or https:// URL without credentials, or none ' +
      "(it holds credentials: put them into TELEMETRY_OTLP_HEADERS): using the default (no endpoint)",
  );
  expect(lineOf({ TELEMETRY_OTLP_HEADERS: `{"a":"b","c":"${SECRET}\\n"}` })).toBe(
    'TELEMETRY_OTLP_HEADERS (hidden) is not a JSON object of header names and texts, like {"authorization":"Bearer ..."} ' +
      "(the value of header 2 holds a line break): using the default (none)",
  );
  expect(lineOf({ OTEL_SDK_DISABLED: "1" })).toBe('OTEL_SDK_DISABLED="1" is not true or false: it counts as false');
  expect(lineOf({ OTEL_BSP_MAX_QUEUE_SIZE: "100", OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "200" })).toBe(
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE is 200, more than the 100 that may wait: using 100 (OTEL_BSP_MAX_QUEUE_SIZE)",
  );
});

test("many wrong variables make one line each, and one strict error with all of them", () => {
  const wrong = WRONG.filter(([, , rest]) => rest === undefined).map(([name, value]) => [name, value] as const);
  const env = Object.fromEntries(wrong.filter(([name]) => name !== "TELEMETRY_STRICT"));
  const { problems } = resolveConfig({}, env);
  const named = problems.map(({ variable }) => variable);
  expect(new Set(named).size).toBe(named.length);
  expect(new Set(named)).toEqual(new Set(Object.keys(env)));
  const error = thrownBy(() => resolveConfig({}, { ...env, TELEMETRY_STRICT: "true" }));
  expect(error.problems).toEqual(problems);
  for (const { line } of problems) expect(error.message).toContain(line);
});

test("strict mode is content with an environment that has no mistakes", () => {
  const env = { TELEMETRY_STRICT: "true", TELEMETRY_ENABLED: "true", TELEMETRY_SAMPLE_RATIO: "0.2", PATH: "/bin" };
  expect(resolveConfig({}, env).problems).toEqual([]);
});

test("a wrong variable below one that counts is not looked at", () => {
  const env = {
    TELEMETRY_SAMPLE_RATIO: "0.5",
    OTEL_TRACES_SAMPLER: "nonsense",
    OTEL_EXPORTER_PROMETHEUS_PORT: "nonsense",
  };
  expect(resolveConfig({ prometheusPort: 1 }, env).problems).toEqual([]);
});

test.each([
  ["TELEMETRY_ENABLE", "TELEMETRY_ENABLED"],
  ["TELEMETRY_SAMPEL_RATIO", "TELEMETRY_SAMPLE_RATIO"],
  ["TELEMETRY_SERVICENAME", "TELEMETRY_SERVICE_NAME"],
  ["TELEMETRY_HEADERS", "TELEMETRY_OTLP_HEADERS"],
  ["TELEMETRY_ENVIRONMENT", "ENVIRONMENT"],
  ["TELEMETRY_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"],
  ["TELEMETRY_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_QUEUE_SIZE"],
  ["TELEMETRY_PORT", "TELEMETRY_PROMETHEUS_PORT"],
])("%s is answered with %s", (name, meant) => {
  const { problems } = resolveConfig({}, { [name]: "x" });
  expect(problems.map(({ line }) => line)).toEqual([
    `${name} is no variable of Tracebook: it is ignored; did you mean ${meant}?`,
  ]);
});

test("a name that resembles none is only said to be ignored", () => {
  const { problems } = resolveConfig({}, { TELEMETRY_XYZZY: "1" });
  expect(problems.map(({ line }) => line)).toEqual(["TELEMETRY_XYZZY is no variable of Tracebook: it is ignored"]);
});

test("variables of the desk, which may share the environment, are left to it", () => {
  const { problems } = resolveConfig(
    {},
    {
      TELEMETRY_DESK_PORT: "8790",
      TELEMETRY_DESK_ALLOWED_HOSTS: "desk.internal",
      TELEMETRY_STORE_PATH: "/var/lib/telemetry.db",
      TELEMETRY_STORE_USER: "desk",
      TELEMETRY_STORE_PASSWORD: "correct-horse",
      TELEMETRY_ALERTS_STORE_PATH: "/var/lib/alerts.db",
      TELEMETRY_TRACES_RETENTION_DAYS: "30",
      TELEMETRY_ALERTS: "true",
      TELEMETRY_ALERT_RULES_FILE: "./rules.yaml",
      TELEMETRY_ALERT_NOTIFICATIONS_FILE: "./notifications.yaml",
      TELEMETRY_DEKS_PORT: "8790",
    },
  );
  expect(problems.map(({ variable }) => variable)).toEqual(["TELEMETRY_DEKS_PORT"]);
});

test("variables by which Kubernetes describes a service called telemetry are left alone, and so are foreign names", () => {
  const env = {
    TELEMETRY_SERVICE_HOST: "10.0.0.1",
    TELEMETRY_SERVICE_PORT: "4318",
    TELEMETRY_SERVICE_PORT_OTLP_HTTP: "4318",
    TELEMETRY_PORT: "tcp://10.0.0.1:4318",
    TELEMETRY_PORT_4318_TCP: "tcp://10.0.0.1:4318",
    TELEMETRY_PORT_4318_TCP_ADDR: "10.0.0.1",
    OTEL_PROPAGATORS: "b3",
    NEXT_TELEMETRY_DISABLED: "1",
    TELEMETRYX: "1",
  };
  expect(resolveConfig({}, env).problems).toEqual([]);
});
