// Two copies of core, each with an OpenTelemetry API of its own, in one program: they meet in one runtime.
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

let dir = "";
let sink: OtlpSink;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-copy-"));
  sink = await startOtlpSink();
  const core = join(dirname(fileURLToPath(import.meta.resolve("@tracebook/core"))), "..");
  const api = join(core, "node_modules/@opentelemetry/api");
  cpSync(join(core, "package.json"), join(dir, "core/package.json"));
  cpSync(join(core, "src"), join(dir, "core/src"), { recursive: true });
  cpSync(realpathSync(api), join(dir, "core/node_modules/@opentelemetry/api"), { recursive: true });
});
afterAll(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

it("flows and events of both arrive, nested across the copies, and nobody can replace the slot", async () => {
  const child = startChild("two-copies.ts", {
    args: [pathToFileURL(join(dir, "core/src/index.ts")).href],
    env: {
      TELEMETRY_ENABLED: "true",
      TELEMETRY_OTLP_ENDPOINT: sink.url,
      TELEMETRY_DIR: dir,
      BOT_METRICS_ENABLED: "false",
    },
    register: false,
  });
  const result = await child.result();
  expect(result).toMatchObject({ differ: true, flow: true, same: true, running: true, runId: "scan-7" });
  expect(result).toMatchObject({ replaced: false, kept: true, after: "" });
  const [decode, book] = [
    sink.spans.find((span) => span.name === "decode"),
    sink.spans.find((span) => span.name === "fetch_book"),
  ];
  const ticks = sink.spans.filter((span) => span.name === "tick");
  const outer = ticks.find((span) => span.parentSpanId === undefined);
  const innermost = ticks.find((span) => span !== outer);
  expect(sink.spans).toHaveLength(4);
  expect(new Set(sink.spans.map((span) => span.traceId)).size).toBe(1);
  expect([book?.parentSpanId, decode?.parentSpanId, innermost?.parentSpanId]).toEqual([
    outer?.spanId,
    book?.spanId,
    book?.spanId,
  ]);
  expect(book?.attributes).toMatchObject({ "trading.venue": "binance", "trading.reason_code": "accepted" });
  // Evidence travels by itself: which of the two requests comes first is open.
  const logs = sink.logs.map((log) => [log.eventName, log.spanId, log.attributes["trading.run_id"]]);
  expect(logs.sort()).toEqual(
    ["decision", "gap_found", "risk_passed"].map((name) => [`trading.${name}`, book?.spanId, "scan-7"]),
  );
});
