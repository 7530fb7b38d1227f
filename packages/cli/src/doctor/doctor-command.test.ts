import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeCertificate } from "../../test/certificate.ts";
import { freePort, type Received, startReceiver, startTcp } from "../../test/receivers.ts";
import { doctor, serviceAt } from "../../test/services.ts";
import { folderOf, tracebook } from "../../test/tracebook.ts";

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

function toRecord(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe("tracebook doctor with a receiver that takes everything", () => {
  it("sends one span, one metric and one log record, says so, and exits with 0", async () => {
    const { url, received } = await startReceiver();
    const { code, stdout, stderr } = await doctor(url);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(received.map(({ path }) => path).sort()).toEqual(["/v1/logs", "/v1/metrics", "/v1/traces"]);
    for (const words of ["took a span", "took a metric", "took a log record"])
      expect(stdout).toMatch(new RegExp(`^  ok +\\w+ +${url}/v1/\\w+ ${words} in \\d+ ms$`, "m"));
    expect(stdout).toMatch(/^ {2}ok +clock +agrees with that of 127\.0\.0\.1:\d+/m);
    expect(stdout).toMatch(/^Verdict: WELL$/m);
  });

  it("marks what it sends, so that nobody takes it for trade data, in the name of the service", async () => {
    const { url, received } = await startReceiver({ headers: { "content-type": "application/json" }, body: "{}" });
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      ENVIRONMENT: "test",
    };
    const { stdout } = await doctor(url, env);
    const bodyOf = (path: string) => {
      const { headers, body } = received.find((one: Received) => one.path === path)!;
      expect(headers).toMatchObject({ "content-type": "application/json", "content-encoding": "gzip" });
      return JSON.parse(body.toString());
    };
    const { resource, scopeSpans } = bodyOf("/v1/traces").resourceSpans[0];
    expect(toRecord(resource.attributes)).toMatchObject({
      "service.name": "basis-trader",
      "deployment.environment.name": "test",
      "service.instance.id": "tracebook-doctor",
      "tracebook.doctor": true,
    });
    const [span] = scopeSpans[0].spans;
    expect(span).toMatchObject({ name: "tracebook doctor", traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(toRecord(span.attributes)).toEqual({ "tracebook.doctor": true, "trading.keep_reason": "doctor" });
    expect(BigInt(span.endTimeUnixNano)).toBeGreaterThan(BigInt(span.startTimeUnixNano));
    const [log] = bodyOf("/v1/logs").resourceLogs[0].scopeLogs[0].logRecords;
    expect(log).toMatchObject({ eventName: "trading.doctor", traceId: span.traceId, severityText: "INFO" });
    expect(log.body.stringValue).toContain("no trade data");
    const [metric] = bodyOf("/v1/metrics").resourceMetrics[0].scopeMetrics[0].metrics;
    expect(metric).toMatchObject({ name: "tracebook_doctor_run_timestamp_seconds", unit: "s" });
    expect(metric.gauge.dataPoints).toHaveLength(1);
    expect(stdout).toContain(`trace ${span.traceId}`);
  });

  it("writes protobuf that has the same in it", async () => {
    const { url, received } = await startReceiver();
    await doctor(url, { TELEMETRY_OTLP_HEADERS: '{"x-tenant":"desk-1"}' });
    const all = received.map(({ body }) => body.toString("latin1")).join("");
    for (const name of ["tracebook doctor", "trading.doctor", "tracebook_doctor_run_timestamp_seconds", "basis-trader"])
      expect(all).toContain(name);
    for (const { headers } of received)
      expect(headers).toMatchObject({ "content-type": "application/x-protobuf", "x-tenant": "desk-1" });
  });

  it("sends each signal where it belongs when they have destinations of their own", async () => {
    const [main, logs] = [await startReceiver(), await startReceiver()];
    const { code } = await tracebook(["doctor"], {
      env: {
        TELEMETRY_ENABLED: "true",
        TELEMETRY_DIR: folderOf(),
        BOT_METRICS_ENABLED: "false",
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${main.url}/v1/traces`,
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${logs.url}/otlp/v1/logs`,
      },
    });
    expect(code).toBe(0);
    expect(main.received.map(({ path }) => path)).toEqual(["/v1/traces"]);
    expect(logs.received.map(({ path }) => path)).toEqual(["/otlp/v1/logs"]);
  });

  it("sends nothing with --no-send, and checks the rest", async () => {
    const { url, received } = await startReceiver();
    const { code, stdout } = await doctor(url, {}, ["--no-send"]);
    expect(code).toBe(0);
    expect(received).toEqual([]);
    expect(stdout).toMatch(/^ {2}off +OTLP +nothing was sent, as --no-send asks$/m);
    expect(stdout).toMatch(/^ {2}ok +journal /m);
  });

  it("trusts the authority that the service's file names, over TLS", async () => {
    const certificate = makeCertificate();
    const { url, received } = await startReceiver({}, certificate);
    const ca = join(folderOf({ "ca.pem": certificate.cert }), "ca.pem");
    expect((await doctor(url, { NODE_EXTRA_CA_CERTS: ca })).code).toBe(0);
    expect(received).toHaveLength(3);
    const without = await doctor(url);
    expect(without.code).toBe(1);
    expect(without.stdout).toContain("NODE_EXTRA_CA_CERTS");
    const missing = await doctor(url, { NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem" });
    expect(missing.stdout).toContain("the file that NODE_EXTRA_CA_CERTS names cannot be read (ENOENT)");
    const careless = await doctor(url, { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    expect([careless.code, careless.stdout]).toEqual([0, expect.stringMatching(/^ {2}WARN +TLS /m)]);
  });
});

describe("tracebook doctor with something wrong", () => {
  it.each([
    ["a Collector that is not there", async () => `http://127.0.0.1:${await freePort()}`, "nothing listens at"],
    ["a black hole", async () => (await startTcp(() => {})).url, "takes the connection and never answers"],
    ["a wrong token", async () => (await startReceiver({ status: 401 })).url, "wants a token"],
    ["a wrong path", async () => (await startReceiver({ status: 404 })).url, "there is no OTLP receiver at"],
  ])("names %s, with the remedy, and exits with 1", async (_, start, words) => {
    const { code, stdout } = await doctor(await start(), {}, ["--timeout", "2000"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^  FAIL .*${words}`, "m"));
    expect(stdout).toMatch(/^ +-> /m);
    expect(stdout).toMatch(/^Verdict: NOT WELL \(\d problems?/m);
  });

  it("says once what is the same for all signals, and shows which are well", async () => {
    const refused = await doctor(`http://127.0.0.1:${await freePort()}`);
    expect(refused.stdout.match(/nothing listens/g)).toHaveLength(1);
    expect(refused.stdout).toMatch(/^ {2}FAIL +traces, metrics, logs +nothing listens/m);
    const { url } = await startReceiver(({ path }) => ({ status: path === "/v1/logs" ? 404 : 200 }));
    const mixed = await doctor(url);
    expect(mixed.code).toBe(1);
    expect(mixed.stdout).toMatch(/^ {2}ok +traces /m);
    expect(mixed.stdout).toMatch(/^ {2}FAIL +logs /m);
  });

  it("shows every wrong variable with what is used instead, and exits with 2", async () => {
    const { url } = await startReceiver();
    const wrong = { TELEMETRY_SAMPLE_RATIO: "abc", TELEMETRY_OTLP_ENDPIONT: "http://x" };
    const { code, stdout } = await doctor(url, wrong);
    expect(code).toBe(2);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      'TELEMETRY_SAMPLE_RATIO="abc" is not a number from 0 to 1: using the default (1)',
    );
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("did you mean TELEMETRY_OTLP_ENDPOINT?");
    expect(stdout).toMatch(/^Verdict: INVALID CONFIGURATION \(2 problems\)$/m);
    const strict = await doctor(url, { ...wrong, TELEMETRY_STRICT: "true" });
    expect(strict.stdout).toContain("the service would not start with this");
  });

  it("warns of a clock that is far off, by how much and in which direction", async () => {
    const { url } = await startReceiver(() => ({
      sendDate: false,
      headers: { date: new Date(Date.now() + 90_000).toUTCString() },
    }));
    const { code, stdout } = await doctor(url);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}WARN +clock +the clock of this machine is (8[5-9]|9[0-5]) s behind that of 127/m);
    expect(stdout).toMatch(/^Verdict: WELL \(1 warning\)$/m);
  });

  it("exits with 1 where telemetry is off: nothing arrives", async () => {
    const { url, received } = await startReceiver();
    const { code, stdout } = await doctor(url, { TELEMETRY_ENABLED: "false" });
    expect(code).toBe(1);
    expect(received).toEqual([]);
    expect(stdout).toMatch(/^ {2}WARN +telemetry +off, by TELEMETRY_ENABLED$/m);
    expect(stdout).toMatch(/^Verdict: OFF/m);
  });

  it("says what switches telemetry off, and how to switch it on again", async () => {
    const remedyOf = async (env: Readonly<Record<string, string>>) => {
      const { stdout } = await doctor("http://127.0.0.1:1", env, ["--json"]);
      return JSON.parse(stdout).checks.find(({ id }: { id: string }) => id === "telemetry");
    };
    expect(await remedyOf({ OTEL_SDK_DISABLED: "true" })).toMatchObject({
      what: "off, by OTEL_SDK_DISABLED",
      remedy: "unset OTEL_SDK_DISABLED",
    });
    expect(await remedyOf({ TELEMETRY_ENABLED: "false" })).toMatchObject({
      what: "off, by TELEMETRY_ENABLED",
      remedy: "set TELEMETRY_ENABLED=true",
    });
  });

  it("fails for a journal that cannot be written", async () => {
    const { url } = await startReceiver();
    const { code, stdout } = await doctor(url, { TELEMETRY_DIR: "/proc/nowhere" });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}FAIL +journal /m);
  });

  it.each([
    [["--env", "/nowhere/.env"], "/nowhere/.env is not there"],
    [["--env", "/tmp"], "/tmp is no file"],
    [["--env", "/dev/null", "--env-file", "/dev/null"], "--env and --env-file are the same"],
    [["--timeout", "0"], '--timeout is "0"'],
    [["--timeout", "soon"], "it must be a number above 0"],
    [["./dir"], "doctor takes no folder"],
    [["--jsn"], "Did you mean --json?"],
  ])("answers %j with a hint and exit code 2", async (args, hint) => {
    const { code, stdout, stderr } = await tracebook(["doctor", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(hint);
  });
});

describe("what tracebook doctor prints", () => {
  it("fits into 100 columns and bears no colours in a file", async () => {
    const { url } = await startReceiver({ status: 400, body: "word ".repeat(200) });
    const { stdout } = await doctor(url, {
      TELEMETRY_SAMPLE_RATIO: "x",
      TELEMETRY_PROPAGATE_TO: "a.example,b.example",
    });
    const long = stdout.split("\n").filter((line) => line.length > 100);
    expect(long).toEqual([]);
    expect(stdout).not.toContain("\u001b");
  });

  it("names every setting, and its source where somebody set it", async () => {
    const { stdout } = await doctor("http://127.0.0.1:1", { OTEL_BSP_SCHEDULE_DELAY: "77" }, ["--no-send"]);
    expect(stdout).toMatch(/^ {2}spanDelayMs +77 +OTEL_BSP_SCHEDULE_DELAY$/m);
    expect(stdout).toMatch(/^ {2}serviceName +basis-trader +TELEMETRY_SERVICE_NAME$/m);
    for (const name of ["sampleRatio 1", "slowMs 250", "journalMaxBytes 10 GB", "instrument all"])
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(name);
  });
});

/** A service that runs: telemetry on, an event a while ago, and then it waits. */
const SERVICE = `
  import { startTelemetry, tradingEvents } from "@tracebook/node";
  const telemetry = await startTelemetry();
  tradingEvents.signalGenerated?.emit?.({});
  await telemetry.flush();
  console.log("ready");
  process.stdin.resume();
`;

describe("tracebook doctor beside a service that runs", () => {
  it("finds its metrics and its journal, and takes neither its port nor its lock", async () => {
    const { url } = await startReceiver();
    const port = await freePort();
    const dir = folderOf();
    const env = {
      TELEMETRY_ENABLED: "true",
      TELEMETRY_SERVICE_NAME: "basis-trader",
      TELEMETRY_OTLP_ENDPOINT: url,
      TELEMETRY_DIR: dir,
      TELEMETRY_PROMETHEUS_PORT: String(port),
    };
    const service = spawn(
      process.execPath,
      ["--conditions=@tracebook/source", "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", SERVICE],
      {
        env: { ...process.env, ...env },
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    onTestFinished(() => void service.kill("SIGKILL"));
    await once(service.stdout, "data");
    const { code, stdout } = await tracebook(["doctor"], { env });
    expect(stdout).toMatch(
      new RegExp(`^  ok +/metrics +127\\.0\\.0\\.1:${port} is served by a running Tracebook, of this service$`, "m"),
    );
    expect(stdout).toMatch(new RegExp(`^  ok +writers +process ${service.pid} runs and holds the lock$`, "m"));
    expect(code).toBe(0);
    const scrape = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(scrape.status).toBe(200);
    expect(service.exitCode).toBeNull();
    expect(readdirSync(join(dir, "data")).filter((name) => name.endsWith(".lock"))).toEqual(["journal.lock"]);
  });

  it("ends the telemetry that NODE_OPTIONS started in the command itself, and checks as if it had never been", async () => {
    const { url, received } = await startReceiver();
    const env = {
      NODE_OPTIONS: `--import ${import.meta.resolve("@tracebook/node/register")}`,
      TELEMETRY_ENABLED: "true",
      TELEMETRY_OTLP_ENDPOINT: url,
      TELEMETRY_DIR: folderOf(),
      TELEMETRY_PROMETHEUS_PORT: String(await freePort()),
    };
    const { code, stdout } = await tracebook(["doctor"], { env });
    expect(stdout).toMatch(/^ {2}note +NODE_OPTIONS +NODE_OPTIONS started telemetry in this command, too;/m);
    expect(stdout).toMatch(/^ {2}ok +\/metrics +127\.0\.0\.1:\d+ is free$/m);
    expect(stdout).toMatch(/^ {2}ok +writers +nobody writes the journal now$/m);
    expect(code).toBe(0);
    expect(received.filter(({ headers }) => headers["user-agent"]?.startsWith("tracebook-doctor/"))).toHaveLength(3);
  });

  it("takes the file of variables by the name that Node.js has for it, too", async () => {
    const { url } = await startReceiver();
    const { file } = serviceAt(url);
    expect((await tracebook(["doctor", "--env-file", file])).code).toBe(0);
  });
});
