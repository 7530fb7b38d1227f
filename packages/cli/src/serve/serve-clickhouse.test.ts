// The desk on ClickHouse: its API, its live feed and its alerts, as a process of its own beside the engine.
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeOnClickhouse } from "../../../store/test/clickhouse-server.ts";
import { finished, folderOf, startTracebook, tracebook } from "../../test/tracebook.ts";

const RESOURCE = {
  attributes: [
    { key: "service.name", value: { stringValue: "bot" } },
    { key: "service.instance.id", value: { stringValue: "i-1" } },
  ],
};
const RULES = `rules:
  - rule_name: Many rejections
    rule_type: event_frequency
    condition_config: { event_type: decision, fields: { decision: REJECT }, threshold: 3, time_window_minutes: 5 }
    severity: ERROR
`;
/** Three processes on what may be a busy machine. */
const TIMEOUT_MS = 120_000;
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

describeOnClickhouse("tracebook serve on ClickHouse", (server) => {
  let databases = 0;

  test(
    "takes OTLP, answers, is live, and raises alerts that outlive it in the file beside it",
    async () => {
      const dir = folderOf({ "rules.yml": RULES });
      const db = `${server().replace("http://", "http://default@")}/desk_${++databases}`;
      const args = ["--db", db, "--alerts", join(dir, "alerts.db")];
      const first = await startDesk(args, { TELEMETRY_ALERT_RULES_FILE: join(dir, "rules.yml") });
      const live = await fetch(`${first.url}/api/telemetry/live`);
      await send(first.url, "logs", logsOf([1, 2, 3]));
      await send(first.url, "traces", spansNow());
      await send(first.url, "metrics", histogramNow());
      expect(await textUntil(live, "risk_limit")).toContain("BTC/USDT");

      const ask = async (path: string) => (await fetch(`${first.url}/api/telemetry/${path}`)).json();
      expect(await ask("decisions/reasons")).toMatchObject({ total: 3, reasons: [{ reason_code: "risk_limit" }] });
      expect(await ask("events?symbol=BTC%2FUSDT")).toMatchObject({ pagination: { total: 3 } });
      expect(await ask(`traces/${TRACE_ID}`)).toMatchObject({ spans: [{ operation_name: "tick" }] });
      expect(await ask("system-metrics?metric_name=stage_seconds")).toMatchObject({
        metrics: [{ metric_type: "histogram", percentile_50: 0.5 }],
      });
      expect(await ask("health")).toMatchObject({ problems: [], store: { engine: "clickhouse", events: 3, spans: 1 } });
      const alert = await until(async () => {
        const { alerts } = (await ask("alerts")) as { alerts: { rule_name: string; state: string }[] };
        return alerts.find(({ state }) => state === "firing");
      });
      expect(alert).toMatchObject({ rule_name: "Many rejections", value: 3 });
      await live.body?.cancel().catch(() => {});
      first.child.kill("SIGTERM");
      expect(await first.ended).toMatchObject({ code: 0 });

      const second = await startDesk(args);
      const again = (await (await fetch(`${second.url}/api/telemetry/alerts`)).json()) as { alerts: unknown[] };
      expect(again.alerts).toMatchObject([{ rule_name: "Many rejections" }]);
      second.child.kill("SIGTERM");
      expect(await second.ended).toMatchObject({ code: 0 });
    },
    TIMEOUT_MS,
  );

  test(
    "other commands ask the same database, and make no file for alerts",
    async () => {
      const dir = folderOf();
      const db = `${server()}/desk_${++databases}`;
      const env = { TELEMETRY_STORE_USER: "default", TELEMETRY_ALERTS_STORE_PATH: join(dir, "none.db") };
      const query = await tracebook(["query", "facts", "--db", db, "--json"], { env });
      expect(query).toMatchObject({ code: 0, stderr: "" });
      expect(JSON.parse(query.stdout)).toMatchObject({ engine: "clickhouse" });
      const list = await tracebook(["alerts", "list", "--db", db], { env });
      expect(list.code).toBe(2);
      expect(list.stderr).toContain(`there are no alerts at ${join(dir, "none.db")}`);
    },
    TIMEOUT_MS,
  );

  test(
    "a companion that cannot keep alerts is refused before anything is written",
    async () => {
      const { code, stderr } = await tracebook(["serve", "--port", "0", "--db", server(), "--alerts", server()]);
      expect(code).toBe(2);
      expect(stderr).toContain("cannot keep alerts");
    },
    TIMEOUT_MS,
  );
});

async function startDesk(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = startTracebook(["serve", "--port", "0", "--json", ...args], { env });
  const ended = finished(child);
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (line: string) => resolve(JSON.parse(line).url));
    void ended.then(({ stderr }) => reject(new Error(`it has ended: ${stderr}`)));
  });
  return { child, ended, url };
}

async function send(url: string, signal: "logs" | "traces" | "metrics", body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const { status } = await fetch(`${url}/v1/${signal}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect([signal, status]).toEqual([signal, 200]);
}

/** What a live feed says, up to a text. */
async function textUntil(response: Response, wanted: string): Promise<string> {
  let text = "";
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes(wanted)) return text;
  }
  throw new Error(`the live feed has ended without ${wanted}: ${text}`);
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function nowNanos(): string {
  return `${Date.now()}000000`;
}

function logsOf(numbers: readonly number[]): object {
  const text = (key: string, stringValue: string) => ({ key: `trading.${key}`, value: { stringValue } });
  const logRecords = numbers.map((seq) => ({
    eventName: "trading.decision",
    timeUnixNano: nowNanos(),
    traceId: TRACE_ID,
    attributes: [
      { key: "trading.seq", value: { intValue: String(seq) } },
      text("symbol", "BTC/USDT"),
      text("decision", "REJECT"),
      text("reason_code", "risk_limit"),
    ],
  }));
  return { resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ scope: {}, logRecords }] }] };
}

function spansNow(): object {
  const span = { traceId: TRACE_ID, spanId: "b7ad6b7169203331", name: "tick", kind: 2 };
  const spans = [{ ...span, startTimeUnixNano: nowNanos(), endTimeUnixNano: nowNanos() }];
  return { resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ scope: {}, spans }] }] };
}

function histogramNow(): object {
  const point = { timeUnixNano: nowNanos(), count: "4", sum: 2, explicitBounds: [1, 2], bucketCounts: ["4", "0", "0"] };
  const metrics = [{ name: "stage_seconds", unit: "s", histogram: { aggregationTemporality: 1, dataPoints: [point] } }];
  return { resourceMetrics: [{ resource: RESOURCE, scopeMetrics: [{ scope: {}, metrics }] }] };
}
