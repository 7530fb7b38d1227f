import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resolveConfig, type TelemetryConfig, type TelemetryOptions, TracebookConfigError } from "./config.ts";
import { OPTION_SETTINGS } from "./config-table.ts";

const ON = { TELEMETRY_ENABLED: "true" };

function configOf(options: TelemetryOptions, env: Record<string, string> = {}): TelemetryConfig {
  const { config, problems } = resolveConfig(options, env);
  expect(problems).toEqual([]);
  return config;
}

function fromEnv(env: Record<string, string>): TelemetryConfig {
  return configOf({}, env);
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

test("nothing set: telemetry is off and every value is its documented default", () => {
  const { sources, ...config } = fromEnv({});
  expect(config).toEqual({
    enabled: false,
    strict: false,
    quiet: false,
    logLevel: "none",
    shutdownTimeoutMs: 3_000,
    serviceName: "unknown_service:node",
    environment: undefined,
    resourceAttributes: { "service.name": "unknown_service:node" },
    runId: undefined,
    instanceId: undefined,
    otlp: { traces: undefined, metrics: undefined, logs: undefined },
    sampleRatio: 1,
    slowMs: 250,
    recentFlows: 64,
    maxFlows: 65_536,
    prometheus: { enabled: false, server: true, host: "127.0.0.1", port: 9464 },
    metricsIntervalMs: 10_000,
    histogramAggregation: "explicit_bucket_histogram",
    metricPrefix: "tvtelegrambingx_",
    signalPrefix: "tradingview_",
    labelLimit: 200,
    journal: {
      enabled: false,
      dir: ".",
      maxBytes: 10_000_000_000,
      retentionDays: 30,
      bufferSize: 100,
      flushMs: 100,
      fsync: "never",
    },
    metricsLog: "kept",
    logRecords: "kept",
    spanQueue: { maxSize: 65_536, batchSize: 4096, delayMs: 5_000, timeoutMs: 30_000 },
    logQueue: { maxSize: 65_536, batchSize: 2048, delayMs: 1_000, timeoutMs: 30_000 },
    delivery: { maxBytes: 16_777_216, spool: undefined },
    propagateTo: [],
    redactKeys: [],
    instrument: ["http", "undici", "pg", "redis", "pino", "host"],
  });
  expect(new Set(Object.values(sources))).toEqual(new Set(["default"]));
});

test("the configuration is frozen through and through, and is not the caller's objects", () => {
  const otlpHeaders = { authorization: "Bearer x" };
  const propagateTo = ["a.example.com"];
  const config = configOf({ enabled: true, otlpEndpoint: "http://h:1", otlpHeaders, propagateTo });
  expect(isDeeplyFrozen(config)).toBe(true);
  otlpHeaders.authorization = "changed";
  propagateTo.push("b.example.com");
  expect(config.otlp.traces?.headers).toEqual({ authorization: "Bearer x" });
  expect(config.propagateTo).toEqual(["a.example.com"]);
});

test("the environment of the seed document means what it says there", () => {
  const config = fromEnv({
    TELEMETRY_ENABLED: "true",
    TELEMETRY_SERVICE_NAME: "tvtelegrambingx-backend",
    TELEMETRY_OTLP_ENDPOINT: "http://otel-collector:4318",
    TELEMETRY_OTLP_HEADERS: '{"Authorization": "Bearer <token>"}',
    TELEMETRY_SAMPLE_RATIO: "0.2",
    ENVIRONMENT: "production",
  });
  expect(config.enabled).toBe(true);
  expect(config.sampleRatio).toBe(0.2);
  expect(config.resourceAttributes).toEqual({
    "service.name": "tvtelegrambingx-backend",
    "deployment.environment.name": "production",
  });
  for (const signal of ["traces", "metrics", "logs"] as const) {
    expect(config.otlp[signal]).toEqual({
      url: `http://otel-collector:4318/v1/${signal}`,
      headers: { Authorization: "Bearer <token>" },
      protocol: "http/protobuf",
      timeoutMs: 10_000,
      compression: "none",
    });
  }
  expect(config.prometheus.enabled).toBe(true);
  expect(config.journal.enabled).toBe(true);
});

describe("precedence", () => {
  // [option, its value, our variable and text, the standard's variable and text, what each comes to]
  const LADDERS = [
    [
      "serviceName",
      "code",
      "TELEMETRY_SERVICE_NAME",
      "ours",
      "OTEL_SERVICE_NAME",
      "standard",
      ["code", "ours", "standard"],
    ],
    ["sampleRatio", 0.1, "TELEMETRY_SAMPLE_RATIO", "0.2", "OTEL_TRACES_SAMPLER", "always_off", [0.1, 0.2, 0]],
    [
      "metricsIntervalMs",
      200,
      "TELEMETRY_METRICS_INTERVAL_MS",
      "300",
      "OTEL_METRIC_EXPORT_INTERVAL",
      "400",
      [200, 300, 400],
    ],
  ] as const;

  test.each(LADDERS)(
    "%s: code, then TELEMETRY_*, then OTEL_*",
    (option, inCode, ours, oursText, standard, standardText, values) => {
      const env = { [ours]: oursText, [standard]: standardText };
      const all = configOf({ [option]: inCode }, env);
      const both = fromEnv(env);
      const one = fromEnv({ [standard]: standardText });
      expect([all[option], both[option], one[option]]).toEqual(values);
      expect([all.sources[option], both.sources[option], one.sources[option]]).toEqual(["option", ours, standard]);
    },
  );

  test("an option that is undefined was not given", () => {
    expect(configOf({ slowMs: undefined }, { TELEMETRY_SLOW_MS: "9" }).slowMs).toBe(9);
  });

  test("/metrics: port and host in the same order", () => {
    const env = {
      TELEMETRY_PROMETHEUS_PORT: "8000",
      OTEL_EXPORTER_PROMETHEUS_PORT: "9000",
      OTEL_EXPORTER_PROMETHEUS_HOST: "[::]",
    };
    expect(fromEnv(env).prometheus).toMatchObject({ host: "::", port: 8000 });
    expect(configOf({ prometheusPort: 0, prometheusHost: "localhost" }, env).prometheus).toMatchObject({
      host: "localhost",
      port: 0,
    });
  });

  test("the name of the service: its own variables before the resource attribute", () => {
    const env = { OTEL_RESOURCE_ATTRIBUTES: "service.name=from%20attributes,team=desk" };
    const config = fromEnv(env);
    expect(config.serviceName).toBe("from attributes");
    expect(config.sources.serviceName).toBe("OTEL_RESOURCE_ATTRIBUTES");
    expect(fromEnv({ ...env, OTEL_SERVICE_NAME: "own" }).resourceAttributes).toEqual({
      "service.name": "own",
      team: "desk",
    });
  });

  test("the deployment environment: ENVIRONMENT before the resource attribute", () => {
    const env = { OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=staging" };
    expect(fromEnv(env).environment).toBe("staging");
    expect(fromEnv({ ...env, ENVIRONMENT: "production" }).resourceAttributes["deployment.environment.name"]).toBe(
      "production",
    );
  });

  test("resource attributes in code win one by one", () => {
    const config = configOf({ resourceAttributes: { team: "code" } }, { OTEL_RESOURCE_ATTRIBUTES: "team=env,pod=p1" });
    expect(config.resourceAttributes).toEqual({ team: "code", pod: "p1", "service.name": "unknown_service:node" });
    expect(config.sources.resourceAttributes).toBe("option, OTEL_RESOURCE_ATTRIBUTES");
  });
});

describe("on and off", () => {
  test.each(["true", "TRUE", "1", "yes", "Yes", "on", " on "])("TELEMETRY_ENABLED=%j is on", (text) => {
    expect(fromEnv({ TELEMETRY_ENABLED: text }).enabled).toBe(true);
  });

  test.each(["false", "False", "0", "no", "off"])("TELEMETRY_ENABLED=%j is off", (text) => {
    expect(configOf({}, { TELEMETRY_ENABLED: text }).enabled).toBe(false);
  });

  test("OTEL_SDK_DISABLED=true stands above everything, metrics included", () => {
    const config = configOf({ enabled: true }, { OTEL_SDK_DISABLED: "TRUE", BOT_METRICS_ENABLED: "true" });
    expect(config.enabled).toBe(false);
    expect(config.prometheus.enabled).toBe(false);
    expect(config.sources).toMatchObject({ enabled: "OTEL_SDK_DISABLED", prometheus: "OTEL_SDK_DISABLED" });
  });

  test("OTEL_SDK_DISABLED=false changes nothing", () => {
    expect(fromEnv({ ...ON, OTEL_SDK_DISABLED: "false" }).sources.enabled).toBe("TELEMETRY_ENABLED");
  });

  // [TELEMETRY_ENABLED, BOT_METRICS_ENABLED, OTEL_METRICS_EXPORTER, /metrics]
  test.each([
    ["true", undefined, undefined, true],
    ["true", "false", undefined, false],
    ["true", "false", "prometheus", false],
    ["true", undefined, "prometheus", true],
    ["true", undefined, "otlp", true],
    ["true", undefined, "none", false],
    ["true", "true", "none", true],
    ["false", undefined, undefined, false],
    ["false", undefined, "prometheus", false],
    ["false", "true", undefined, true],
    [undefined, "true", undefined, true],
  ])(
    "TELEMETRY_ENABLED=%s BOT_METRICS_ENABLED=%s OTEL_METRICS_EXPORTER=%s: /metrics %s",
    (enabled, bot, exporter, served) => {
      const config = fromEnv({
        ...(enabled !== undefined && { TELEMETRY_ENABLED: enabled }),
        ...(bot !== undefined && { BOT_METRICS_ENABLED: bot }),
        ...(exporter !== undefined && { OTEL_METRICS_EXPORTER: exporter }),
      });
      expect(config.prometheus.enabled).toBe(served);
      expect(config.enabled).toBe(enabled === "true");
    },
  );

  test("the journal is on with telemetry, and off on its own switch", () => {
    expect(fromEnv({ TELEMETRY_JOURNAL: "true" }).journal.enabled).toBe(false);
    expect(fromEnv({ ...ON, TELEMETRY_JOURNAL: "no" }).journal.enabled).toBe(false);
  });
});

describe("OTLP", () => {
  const urls = (env: Record<string, string>, options: TelemetryOptions = {}): (string | undefined)[] => {
    const { traces, metrics, logs } = configOf({ enabled: true, ...options }, env).otlp;
    return [traces?.url, metrics?.url, logs?.url];
  };
  const all = (base: string): string[] => ["traces", "metrics", "logs"].map((signal) => `${base}/v1/${signal}`);
  const OFF = [undefined, undefined, undefined];

  test("is off without an endpoint, and off while telemetry is off", () => {
    expect(urls({})).toEqual(OFF);
    expect(urls({ TELEMETRY_OTLP_ENDPOINT: "http://h:4318" }, { enabled: false })).toEqual(OFF);
  });

  test("an exporter variable that names otlp brings the standard's endpoint for its signal", () => {
    expect(urls({ OTEL_TRACES_EXPORTER: "otlp" })).toEqual(["http://localhost:4318/v1/traces", undefined, undefined]);
    expect(urls({ OTEL_METRICS_EXPORTER: "prometheus, OTLP" })[1]).toBe("http://localhost:4318/v1/metrics");
  });

  test("an exporter variable without otlp keeps its signal in", () => {
    const endpoint = { TELEMETRY_OTLP_ENDPOINT: "http://h:4318" };
    expect(urls({ ...endpoint, OTEL_LOGS_EXPORTER: "none", OTEL_METRICS_EXPORTER: "prometheus" })).toEqual([
      "http://h:4318/v1/traces",
      undefined,
      undefined,
    ]);
    expect(urls(endpoint, { tracesExporters: "none", logsExporters: ["otlp"] })).toEqual([
      undefined,
      "http://h:4318/v1/metrics",
      "http://h:4318/v1/logs",
    ]);
  });

  test.each([
    ["http://h:4318", "http://h:4318"],
    ["http://h:4318/", "http://h:4318"],
    ["HTTPS://H.example.com/otlp/", "https://h.example.com/otlp"],
    ["http://h:4318/v1/traces", "http://h:4318"],
    [" http://[::1]:4318 ", "http://[::1]:4318"],
  ])("the base URL %j is completed for each signal", (text, base) => {
    expect(urls({ TELEMETRY_OTLP_ENDPOINT: text })).toEqual(all(base));
  });

  test("a query stays behind the path", () => {
    expect(urls({ TELEMETRY_OTLP_ENDPOINT: "http://h/x?k=v#f" })[0]).toBe("http://h/x/v1/traces?k=v");
  });

  test.each(["none", "NONE", ""])(
    "TELEMETRY_OTLP_ENDPOINT=%j switches off, also what the standard's variables say",
    (text) => {
      const standard = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://h:4318", OTEL_TRACES_EXPORTER: "otlp" };
      expect(urls({ ...standard, TELEMETRY_OTLP_ENDPOINT: text })).toEqual(OFF);
    },
  );

  test("an empty standard variable counts as unset", () => {
    expect(urls({ OTEL_EXPORTER_OTLP_ENDPOINT: "", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: " " })).toEqual(OFF);
  });

  test("the URL of one signal is used as it is, and wins within its rank only", () => {
    const signal = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t:1/custom" };
    expect(urls({ ...signal, OTEL_EXPORTER_OTLP_ENDPOINT: "http://h:4318" })).toEqual([
      "http://t:1/custom",
      "http://h:4318/v1/metrics",
      "http://h:4318/v1/logs",
    ]);
    expect(urls({ ...signal, TELEMETRY_OTLP_ENDPOINT: "http://ours:4318" })).toEqual(all("http://ours:4318"));
    expect(urls({ TELEMETRY_OTLP_ENDPOINT: "none" }, { otlpTracesEndpoint: "http://t:1/x" })).toEqual([
      "http://t:1/x",
      undefined,
      undefined,
    ]);
    expect(urls(signal)).toEqual(["http://t:1/custom", undefined, undefined]);
  });

  test("each signal has its own headers, protocol, timeout and compression, else those for all", () => {
    const config = fromEnv({
      ...ON,
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://h:4318",
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=all%20of%20them, x-b64=YQ==",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "api-key=logs",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: "500",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    });
    const shared = {
      headers: { "api-key": "all of them", "x-b64": "YQ==" },
      protocol: "http/protobuf",
      compression: "gzip",
    };
    expect(config.otlp.traces).toMatchObject({ ...shared, timeoutMs: 10_000 });
    expect(config.otlp.metrics).toMatchObject({ ...shared, timeoutMs: 500 });
    expect(config.otlp.logs).toMatchObject({
      headers: { "api-key": "logs" },
      protocol: "http/json",
      timeoutMs: 10_000,
    });
    expect(config.sources).toMatchObject({
      otlpLogsHeaders: "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
      otlpTracesHeaders: "OTEL_EXPORTER_OTLP_HEADERS",
      otlpMetricsTimeoutMs: "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
      otlpTracesTimeoutMs: "default",
      otlpTracesEndpoint: "OTEL_EXPORTER_OTLP_ENDPOINT",
    });
  });

  test("our headers are sent instead of the standard's, never mixed with them", () => {
    const env = {
      TELEMETRY_OTLP_HEADERS: '{"a":"1"}',
      OTEL_EXPORTER_OTLP_HEADERS: "b=2",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "c=3",
    };
    const config = fromEnv({ ...ON, TELEMETRY_OTLP_ENDPOINT: "http://h:4318", ...env });
    expect(config.otlp.traces?.headers).toEqual({ a: "1" });
  });

  test("__proto__ is a header like any other", () => {
    const config = fromEnv({ ...ON, TELEMETRY_OTLP_ENDPOINT: "http://h", TELEMETRY_OTLP_HEADERS: '{"__proto__":"x"}' });
    expect(Object.entries(config.otlp.traces?.headers ?? {})).toEqual([["__proto__", "x"]]);
    expect(Object.getPrototypeOf(config.otlp.traces?.headers)).toBe(Object.prototype);
  });
});

describe("values", () => {
  test.each([
    ["always_on", undefined, 1],
    ["always_off", undefined, 0],
    ["parentbased_always_off", "0.5", 0],
    ["traceidratio", "0.25", 0.25],
    ["parentbased_traceidratio", "1e-3", 0.001],
    ["PARENTBASED_TRACEIDRATIO", undefined, 1],
  ])("OTEL_TRACES_SAMPLER=%s with %s is the ratio %d", (sampler, argument, ratio) => {
    const env = { OTEL_TRACES_SAMPLER: sampler, ...(argument !== undefined && { OTEL_TRACES_SAMPLER_ARG: argument }) };
    expect(fromEnv(env).sampleRatio).toBe(ratio);
  });

  test("an argument without a sampler says nothing", () => {
    expect(fromEnv({ OTEL_TRACES_SAMPLER_ARG: "0.1" }).sampleRatio).toBe(1);
  });

  test.each([
    ["2000000", 2_000_000],
    ["10GB", 10_000_000_000],
    ["1.5gb", 1_500_000_000],
    ["512MiB", 536_870_912],
    ["2 TiB", 2_199_023_255_552],
    ["64000K", 64_000_000],
  ])("TELEMETRY_JOURNAL_MAX_BYTES=%s is %d bytes", (text, bytes) => {
    expect(fromEnv({ TELEMETRY_JOURNAL_MAX_BYTES: text }).journal.maxBytes).toBe(bytes);
  });

  test("lists are trimmed, without empty items and repetitions", () => {
    const config = fromEnv({
      TELEMETRY_PROPAGATE_TO: " API.example.com:8443, *.corp.example.com ,,[::1]:80, api.example.com:8443",
      TELEMETRY_REDACT_KEYS: "account_no, X-Desk-Pin",
      TELEMETRY_INSTRUMENT: "HTTP, pg",
    });
    expect(config.propagateTo).toEqual(["api.example.com:8443", "*.corp.example.com", "[::1]:80"]);
    expect(config.redactKeys).toEqual(["account_no", "X-Desk-Pin"]);
    expect(config.instrument).toEqual(["http", "pg"]);
  });

  test("TELEMETRY_INSTRUMENT knows all and none; empty lists are lists", () => {
    expect(fromEnv({ TELEMETRY_INSTRUMENT: "all" }).instrument).toHaveLength(6);
    expect(fromEnv({ TELEMETRY_INSTRUMENT: "None" }).instrument).toEqual([]);
    expect(configOf({ instrument: "none" }).instrument).toEqual([]);
    expect(fromEnv({ TELEMETRY_PROPAGATE_TO: "", TELEMETRY_REDACT_KEYS: "" }).propagateTo).toEqual([]);
  });

  test.each(["mybot", "mybot_"])("the prefix %s ends in one underscore", (prefix) => {
    expect(fromEnv({ TELEMETRY_METRIC_PREFIX: prefix }).metricPrefix).toBe("mybot_");
    expect(configOf({ signalPrefix: prefix }).signalPrefix).toBe("mybot_");
  });

  test("a batch that is not asked for follows a smaller queue without a word", () => {
    const config = fromEnv({ OTEL_BSP_MAX_QUEUE_SIZE: "100" });
    expect(config.spanQueue).toMatchObject({ maxSize: 100, batchSize: 100 });
    expect(config.sources.spanBatchSize).toBe("OTEL_BSP_MAX_QUEUE_SIZE");
  });

  test("the environment is only read", () => {
    const env = Object.freeze({ ...ON, TELEMETRY_SERVICE_NAME: "x" });
    expect(() => resolveConfig({}, env)).not.toThrow();
  });
});

describe("wrong options in code", () => {
  const SECRET = "hunter2Zx9";

  // [options as JavaScript may give them, what the message holds]
  test.each<[Record<string, unknown>, string]>([
    [{ enabled: "true" }, 'enabled is "true", not true or false'],
    [{ sampleRatio: 2 }, "sampleRatio is 2, not a number from 0 to 1"],
    [{ sampleRatio: Number.NaN }, "sampleRatio is NaN"],
    [{ sampleRatio: "0.2" }, 'sampleRatio is "0.2"'],
    [{ slowMs: -1 }, "slowMs is -1, not a number of milliseconds from 0 to 86400000"],
    [{ maxFlows: 1.5 }, "maxFlows is 1.5, not a whole number from 1 to 1048576"],
    [{ maxFlows: 10n }, "maxFlows is a bigint"],
    [{ prometheusPort: 70_000 }, "prometheusPort is 70000, not a whole number from 0 to 65535"],
    [{ journalMaxBytes: 1 }, "journalMaxBytes is 1, not a size of at least 1 MiB"],
    [{ journalMaxBytes: "10GB" }, 'journalMaxBytes is "10GB"'],
    [{ serviceName: "" }, 'serviceName is ""'],
    [{ instanceId: "a b" }, 'instanceId is "a b", not 1 to 64 of'],
    [{ journalFsync: "always" }, 'journalFsync is "always", not never or interval'],
    [{ otlpProtocol: "grpc" }, "gRPC is not spoken"],
    [{ propagateTo: "host" }, 'propagateTo is "host", not a list'],
    [{ propagateTo: ["ok", 3] }, "propagateTo is a list, not a list of host names"],
    [{ instrument: ["mysql"] }, "instrument is a list, not a list of http, undici"],
    [{ resourceAttributes: { "service.name": "x" } }, "service.name has an option of its own"],
    [{ resourceAttributes: { a: 1 } }, "attribute 1"],
    [{ otlpEndpoint: `https://u:${SECRET}@h` }, 'otlpEndpoint is "https://***@h"'],
    [{ otlpEndpoint: new URL("http://h") }, "otlpEndpoint is an object"],
    [{ otlpHeaders: { a: `${SECRET}\r\n` } }, "otlpHeaders is (hidden)"],
    [{ otlpHeaders: { authorization: undefined } }, "the value of header 1 is not text"],
    [{ spanQueueSize: 10, spanBatchSize: 11 }, "spanBatchSize is 11, more than the 10 that may wait"],
  ])("%o throws at once, naming the value and the good range", (options, part) => {
    expect.assertions(4);
    try {
      resolveConfig(options as TelemetryOptions, {});
    } catch (error) {
      expect(error).toBeInstanceOf(TracebookConfigError);
      expect((error as TracebookConfigError).code).toBe("invalid_option");
      expect((error as TracebookConfigError).message).toContain(part);
      expect((error as TracebookConfigError).message).not.toContain(SECRET);
    }
  });

  test("an unknown option throws with the name that was meant", () => {
    const options = { sampelRatio: 1 } as TelemetryOptions;
    expect(() => resolveConfig(options, {})).toThrow('There is no option "sampelRatio". Did you mean sampleRatio?');
    expect(() => resolveConfig({ qqqqqqqq: 1 } as TelemetryOptions, {})).toThrow(
      expect.objectContaining({ code: "unknown_option" }),
    );
  });

  test.each([null, "x", 1])("%j is not an object of options", (options) => {
    expect(() => resolveConfig(options as unknown as TelemetryOptions, {})).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });
});

test("every option has a source, and every default is a good value of its own option", () => {
  const { sources } = fromEnv({});
  for (const [name, setting] of Object.entries(OPTION_SETTINGS)) {
    expect(sources[name], name).toBe("default");
    if (setting.fallback === undefined) continue;
    expect(setting.kind.accept(setting.fallback), name).toEqual({ value: setting.fallback });
  }
});

describe("the spool", () => {
  const HOUR_MS = 3_600_000;

  test("is the service's own folder below the journal's, unless another is named", () => {
    const on = { TELEMETRY_ENABLED: "true", TELEMETRY_SERVICE_NAME: "basis" };
    const spool = { maxBytes: 1_000_000_000, maxAgeMs: 72 * HOUR_MS };
    expect(fromEnv(on).delivery.spool).toEqual({ dir: join("spool", "basis"), ...spool });
    expect(fromEnv({ ...on, TELEMETRY_DIR: "out" }).delivery.spool).toEqual({
      dir: join("out", "spool", "basis"),
      ...spool,
    });
    expect(
      fromEnv({
        ...on,
        TELEMETRY_SPOOL_DIR: "/var/spool/bot",
        TELEMETRY_SPOOL_MAX_BYTES: "64MiB",
        TELEMETRY_SPOOL_MAX_AGE_HOURS: "1",
      }).delivery.spool,
    ).toEqual({ dir: join("/var/spool/bot", "basis"), maxBytes: 67_108_864, maxAgeMs: HOUR_MS });
    expect(fromEnv({ ...on, TELEMETRY_SPOOL: "false" }).delivery.spool).toBeUndefined();
  });

  test.each([
    ["..", "_"],
    ["a/b", "a_b"],
    ["\u00e9t\u00e9", "_t_"],
    [".hidden", "_hidden"],
  ])("of a service named %s stays in its place", (name, folder) => {
    const { delivery } = fromEnv({ TELEMETRY_ENABLED: "true", TELEMETRY_SERVICE_NAME: name });
    expect(delivery.spool?.dir).toBe(join("spool", folder));
  });
});
