// Secrets in what comes over OTLP, planted wherever a sender may leave them: none in any byte of the files.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AnyValue, ValueType } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationTemporality, DataPointType, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { describe, expect, onTestFinished, test } from "vitest";
import { INNOCENT_FIELDS, INNOCENT_TEXTS, PLANTED_VALUES, type PlantedValue } from "../../test/planted-values.ts";
import type { OtlpFormat } from "../otlp/read-otlp.ts";
import { BODIES, logRecord, span } from "../otlp/testdata/stock-bodies.ts";
import type { Store } from "../store.ts";
import { openSqliteStore } from "./index.ts";

const FORMATS = ["protobuf", "json"] as const satisfies readonly OtlpFormat[];
const CONTEXT = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const hex = (number: number, digits: number) => (number + 1).toString(16).padStart(digits, "0");

/** A store in a folder of its own. */
async function openStore(redactKeys: readonly string[] = []) {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-store-"));
  const store = await openSqliteStore({ path: join(dir, "telemetry.db"), reserveBytes: 0, redactKeys });
  onTestFinished(async () => {
    await store.close();
    rmSync(dir, { recursive: true });
  });
  return { dir, store };
}

/** Every byte that is there. */
function bytesOf(dir: string): string {
  return readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), "latin1"))
    .join("\n");
}

/** Log records with the secret everywhere a text goes. */
function logs(value: AnyValue) {
  const text = textOf(value);
  return BODIES.logs([
    logRecord({
      resource: resourceFromAttributes({ "service.name": text, "service.instance.id": `i ${text}` }),
      instrumentationScope: { name: text },
      eventName: text,
      severityText: text,
      body: value,
      attributes: { note: value, ...(isRecord(value) ? value : {}), "trading.symbol": text, "trading.run_id": text },
    }),
    // Our own: nested values come as JSON in a text.
    logRecord({
      eventName: "trading.decision",
      attributes: {
        "trading.gates": JSON.stringify([value]),
        "trading.reason_code": text,
        "trading.strategy": text,
        "trading.instance_id": text,
        "exception.message": text,
      },
    }),
    logRecord({ attributes: { "event.name": text } }),
  ]);
}

/** Spans likewise. */
function spans(value: AnyValue, number: number) {
  const text = textOf(value);
  const attributes = { note: value, "url.full": text, "trading.symbol": text } as never;
  return BODIES.spans([
    span({
      traceId: hex(number, 32),
      spanId: hex(number, 16),
      name: text,
      status: { code: 2, message: text },
      instrumentationScope: { name: text },
      attributes,
      events: [{ name: text, time: [1_795_132_800, 0], attributes }],
      links: [{ context: CONTEXT, attributes }],
    }),
  ]);
}

/** And a metric: its name, and what its labels say. */
function metrics(value: AnyValue): ReturnType<typeof BODIES.metrics> {
  const text = textOf(value);
  const metric = {
    descriptor: { name: `m ${text}`, unit: text, description: text, valueType: ValueType.DOUBLE, type: "GAUGE" },
    dataPointType: DataPointType.GAUGE,
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: [
      {
        startTime: [1_795_132_800, 0],
        endTime: [1_795_132_801, 0],
        attributes: { note: text, nested: value, [`k ${text}`]: "x" },
        value: 1,
      },
    ],
  };
  const request = {
    resource: resourceFromAttributes({ "service.name": "bot" }),
    scopeMetrics: [{ scope: { name: "tests" }, metrics: [metric] }],
  };
  return BODIES.metrics(request as unknown as ResourceMetrics);
}

/** Where only a text can be, those secrets are planted that are one. */
function textOf(value: AnyValue): string {
  return typeof value === "string" ? value : "nothing of it";
}

function isRecord(value: AnyValue): value is Record<string, AnyValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function sendPlanted(store: Store, format: OtlpFormat, planted: readonly PlantedValue[]): Promise<void> {
  for (const [number, { value }] of planted.entries()) {
    expect((await store.takeOtlp("logs", logs(value)[format], format)).written).toBe(3);
    expect((await store.takeOtlp("traces", spans(value, number)[format], format)).written).toBe(1);
    expect((await store.takeOtlp("metrics", metrics(value)[format], format)).written).toBe(1);
  }
}

describe.each(FORMATS)("what comes over OTLP in %s", (format) => {
  test("is stored without its secrets, and what stands beside them is there", async () => {
    const { dir, store } = await openStore();
    await sendPlanted(store, format, PLANTED_VALUES);
    expect(store.health().redacted).toBeGreaterThan(PLANTED_VALUES.length * 10);
    const whileOpen = bytesOf(dir);
    await store.close();
    for (const bytes of [whileOpen, bytesOf(dir)])
      for (const { where, canaries } of PLANTED_VALUES)
        for (const canary of canaries) expect(bytes.includes(canary), `${where}: ${canary}`).toBe(false);
    expect(bytesOf(dir)).toContain("symbol=BTCUSDT&signature=[REDACTED]");
  });

  test("is kept as it is where there is nothing secret in it", async () => {
    const { store } = await openStore();
    const records = INNOCENT_FIELDS.map(([name, value], i) =>
      logRecord({ attributes: { n: i, [`own.${name}`]: value } }),
    );
    const texts = INNOCENT_TEXTS.map((text, i) => logRecord({ attributes: { n: i, text }, body: text }));
    await store.takeOtlp("logs", BODIES.logs([...records, ...texts])[format], format);
    const events = await store.recentEvents(10_000, 0);
    expect(events).toHaveLength(INNOCENT_FIELDS.length + INNOCENT_TEXTS.length);
    for (const [i, [name, value]] of INNOCENT_FIELDS.entries())
      expect(events[i]?.data).toEqual({ n: i, [`own.${name}`]: value });
    for (const [i, text] of INNOCENT_TEXTS.entries())
      expect(events[INNOCENT_FIELDS.length + i]?.data).toEqual({ n: i, text, body: text });
    expect(store.health()).toMatchObject({ redacted: 0, truncated: 0 });
  });

  test("is cut at 4 KiB a value and 64 KiB an item, eight deep, and it is counted", async () => {
    const { store } = await openStore();
    const deep = (depth: number): AnyValue => (depth === 0 ? "bottom" : { a: deep(depth - 1) });
    const wide = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, "x".repeat(1_000)]));
    const bodies = BODIES.logs([
      logRecord({ attributes: { long: "x".repeat(5_000) } }),
      logRecord({ attributes: wide }),
      logRecord({ attributes: { deep: deep(20) } }),
    ]);
    await store.takeOtlp("logs", bodies[format], format);
    const part = { attributes: wide as never };
    const parts = Array.from({ length: 10 }, () => ({ name: "e", time: [1, 0] as [number, number], ...part }));
    await store.takeOtlp("traces", BODIES.spans([span({ events: parts, ...part })])[format], format);
    const [long, all, nested] = await store.recentEvents(10, 0);
    expect(String(long?.data["long"])).toMatch(/^x{4000,4096}…\[cut \d+\]$/);
    expect(JSON.stringify(all?.data).length).toBeLessThanOrEqual(65_536);
    expect(JSON.stringify(nested?.data)).toContain("[depth]");
    expect(JSON.stringify(nested?.data)).not.toContain("bottom");
    const [stored] = (await store.trace("0123456789abcdef0123456789abcdef")).spans;
    expect(JSON.stringify([stored?.tags, stored?.events]).length).toBeLessThanOrEqual(66_000);
    expect(store.health().truncated).toBeGreaterThanOrEqual(5);
  });
});

test("names that are secrets for whoever opens the store are secrets in what comes", async () => {
  const { dir, store } = await openStore(["strategy-params"]);
  const body = BODIES.logs([
    logRecord({ attributes: { strategyParams: "alpha 0.7", note: "kept as it is" } }),
  ]).protobuf;
  await store.takeOtlp("logs", body, "protobuf");
  expect((await store.recentEvents(1))[0]?.data).toEqual({ strategyParams: "[REDACTED]", note: "kept as it is" });
  expect(bytesOf(dir)).not.toContain("alpha 0.7");
  await expect(openStore(["--"])).rejects.toMatchObject({
    code: "invalid_option",
    problem: expect.stringContaining('redactKeys is not a list of names: keys holds "--"') as string,
  });
});

test("a text of a column is looked at whole, and cut then", async () => {
  const { dir, store } = await openStore();
  const secret = `AK${"IA"}J7QXYZ3N5PLM2KCW`;
  // The secret lies across the place at which an event type is cut.
  const eventName = `${"a ".repeat(60)}${secret} and more of it`;
  const attributes = { "trading.run_id": `${"b ".repeat(121)}${secret} and more` };
  await store.takeOtlp("logs", BODIES.logs([logRecord({ eventName, attributes })]).protobuf, "protobuf");
  expect(bytesOf(dir)).not.toContain(secret.slice(0, 8));
});
