// A process that belongs to an OpenTelemetry SDK of someone else's: one warning, no double spans, all signals through it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { startOtlpSink } from "../test/otlp-sink.ts";

interface Seen {
  enabled: boolean;
  spans: {
    name: string;
    kind: number;
    traceId: string;
    spanId: string;
    parentSpanId?: string;
    attributes: Record<string, unknown>;
  }[];
  logs: { eventName?: string; traceId?: string; spanId?: string; attributes: Record<string, unknown> }[];
  metrics: { name: string; points: Record<string, unknown>[] }[];
}

it.each(["esm", "cjs"])(
  "flows, decisions, events and metrics go through an SDK that was started as %s",
  async (how) => {
    const child = startChild("foreign.ts", { args: [how], register: false, env: { TELEMETRY_ENABLED: "true" } });
    const { enabled, spans, logs, metrics } = await child.result<Seen>();
    expect(enabled).toBe(false);
    expect(child.stderr().trim().split("\n")).toEqual([
      expect.stringContaining("tracebook: another OpenTelemetry SDK runs in this process"),
    ]);

    // One flow with its stages and the request inside it; the one before the SDK is nobody's.
    const byName = (name: string) => spans.filter((span) => span.name === name);
    const [root] = byName("tick");
    expect(spans).toHaveLength(5);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    expect(root).toMatchObject({
      attributes: {
        "trading.decision": "REJECT",
        "trading.reason_code": "insufficient_edge",
        "trading.net_edge": "1.20",
        "trading.stage": "signal_to_risk",
      },
    });
    expect(root?.parentSpanId).toBeUndefined();
    for (const stage of ["book_to_signal", "signal_to_risk"])
      expect(byName(stage).map((span) => span.parentSpanId)).toEqual([root?.spanId]);
    const [client, server] = [spans.find((span) => span.kind === 2), spans.find((span) => span.kind === 1)];
    expect([client?.parentSpanId, server?.parentSpanId]).toEqual([root?.spanId, client?.spanId]);

    expect(logs.map((log) => log.eventName)).toEqual(["trading.decision", "trading.risk_passed"]);
    for (const log of logs) expect(log).toMatchObject({ traceId: root?.traceId, spanId: root?.spanId });
    expect(logs[0]?.attributes).toMatchObject({ "trading.net_edge": "1.20", "trading.symbol": "BTC/USDT" });

    const points = (name: string) => {
      const same = metrics.filter((metric) => metric.name === name);
      expect(same).toHaveLength(1);
      return same[0]?.points;
    };
    expect(points("trading_stage_duration_seconds")).toEqual(
      expect.arrayContaining([
        { flow: "tick", stage: "book_to_signal", value: 1 },
        { flow: "tick", stage: "signal_to_risk", value: 1 },
        { flow: "tick", stage: "end_to_end", value: 1 },
      ]),
    );
    const labels = { reason_code: "insufficient_edge", strategy: "basis", symbol: "BTC/USDT" };
    expect(points("trading_flow_outcomes_total")).toEqual([
      { flow: "tick", stage: "signal_to_risk", ...labels, value: 1 },
    ]);
    expect(points("trading_decisions_total")).toEqual([{ decision: "REJECT", ...labels, value: 1 }]);
    expect(points("trading_bots_active_total")).toEqual([{ status: "running", value: 3 }]);
    expect(points("market_data_lag_seconds")).toEqual([{ source: "binance", value: 1 }]);
  },
);

it("an SDK that is started after Tracebook is told of once, gets nothing, and takes nothing away", async () => {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-second-"));
  const sink = await startOtlpSink();
  const child = startChild("second-sdk.ts", {
    env: {
      TELEMETRY_ENABLED: "true",
      TELEMETRY_OTLP_ENDPOINT: sink.url,
      TELEMETRY_DIR: dir,
      BOT_METRICS_ENABLED: "false",
    },
  });
  try {
    expect(await child.result()).toEqual({ theirs: 0, enabled: true });
    const lines = child.stderr().trim().split("\n");
    expect(lines.slice(1)).toEqual([
      expect.stringContaining("another OpenTelemetry SDK was started after Tracebook's"),
    ]);
    expect(sink.spans.map((span) => span.name)).toEqual(["book", "tick"]);
  } finally {
    await sink.close();
    rmSync(dir, { recursive: true, force: true });
  }
});
