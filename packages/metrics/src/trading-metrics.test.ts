// The facade that hosts use.
import { describe, expect, it } from "vitest";
import { readPoints, readValue } from "../test/read-points.ts";
import { ALERTING_METRICS } from "./catalogue/alerting.ts";
import { createTradingMetrics, INSTRUMENT_KEYS } from "./trading-metrics.ts";

describe("trading metrics", () => {
  it("have every metric of the catalogue that is recorded here, under its own name", () => {
    const metrics = createTradingMetrics();
    for (const key of INSTRUMENT_KEYS) expect(metrics[key].definition).toEqual(metrics.catalogue[key]);
    const elsewhere = ["httpRequestDuration", ...Object.keys(ALERTING_METRICS)];
    expect(new Set(Object.keys(metrics.catalogue))).toEqual(new Set([...INSTRUMENT_KEYS, ...elsewhere]));
  });

  it("make nothing before it is used", () => {
    const metrics = createTradingMetrics();
    expect(metrics.registry.collect().metrics).toEqual([]);
    metrics.botsActive.set(3, { status: "running" });
    expect(metrics.registry.collect().metrics.map(({ definition }) => definition.name)).toEqual([
      "trading_bots_active_total",
    ]);
  });

  it("carry the application's prefixes", () => {
    const metrics = createTradingMetrics({ prefix: "mybot_", signalPrefix: "" });
    metrics.signalsIngested.add();
    metrics.signalQueueDepth.set(2);
    expect(readValue(metrics.registry, "signals_ingested_total")).toBe(1);
    expect(readValue(metrics.registry, "mybot_signal_queue_depth")).toBe(2);
    for (const prefix of ["MyBot_", "my-bot_", "mybot", "1_", 5 as unknown as string]) {
      expect(() => createTradingMetrics({ prefix })).toThrow(expect.objectContaining({ code: "invalid_option" }));
    }
  });

  it("know the labels of each metric at compile time", () => {
    const { trades } = createTradingMetrics();
    // @ts-expect-error trades have no such label; at run time it is ignored
    trades.add(1, { order_id: "1" });
    expect(trades.bind().value).toBe(1);
  });

  it("cannot be changed by whoever imports them", () => {
    expect(Object.isFrozen(createTradingMetrics())).toBe(true);
  });
});

describe("updatePortfolioMetrics", () => {
  it("sets value, cash and positions in one call, money as text or number", () => {
    const metrics = createTradingMetrics();
    metrics.updatePortfolioMetrics({
      totalValueUsd: "10250.75",
      cashBalanceUsd: 4000,
      positions: { "BTC/USDT": 2, "ETH/USDT": 1 },
    });
    expect(readValue(metrics.registry, "portfolio_total_value_usd")).toBe(10250.75);
    expect(readValue(metrics.registry, "portfolio_cash_balance_usd")).toBe(4000);
    expect(readValue(metrics.registry, "portfolio_positions_count", { symbol: "BTC/USDT" })).toBe(2);
  });

  it("leaves out what is not given and sets a closed position to 0", () => {
    const metrics = createTradingMetrics();
    metrics.updatePortfolioMetrics({ cashBalanceUsd: "1", positions: { A: 1, B: 2 } });
    metrics.updatePortfolioMetrics({ totalValueUsd: "2" });
    metrics.updatePortfolioMetrics({ positions: { B: 3 } });
    expect(readValue(metrics.registry, "portfolio_cash_balance_usd")).toBe(1);
    expect(readPoints(metrics.registry, "portfolio_positions_count")).toEqual([
      { labels: { symbol: "A" }, value: 0 },
      { labels: { symbol: "B" }, value: 3 },
    ]);
  });

  it("adds up positions beyond the values a label may have", () => {
    const metrics = createTradingMetrics();
    const positions = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`S${i}`, 1]));
    metrics.updatePortfolioMetrics({ positions });
    expect(readValue(metrics.registry, "portfolio_positions_count", { symbol: "other" })).toBe(50);
    metrics.updatePortfolioMetrics({ positions: {} });
    const values = readPoints(metrics.registry, "portfolio_positions_count").map(
      (point) => "value" in point && point.value,
    );
    expect(new Set(values)).toEqual(new Set([0]));
  });

  it("refuses what is no number and keeps the rest", () => {
    const metrics = createTradingMetrics();
    metrics.updatePortfolioMetrics({
      totalValueUsd: "a lot",
      cashBalanceUsd: Number.NaN,
      positions: { A: "1" as never, B: 1 },
    });
    expect(readValue(metrics.registry, "portfolio_positions_count", { symbol: "B" })).toBe(1);
    expect(readValue(metrics.registry, "tracebook_invalid_values_total", { metric: "portfolio_total_value_usd" })).toBe(
      1,
    );
    expect(readPoints(metrics.registry, "portfolio_cash_balance_usd")).toEqual([]);
  });
});

describe("recordMarketDataUpdate", () => {
  const labels = { symbol: "BTC/USDT", source: "binance" };

  it("counts the update and records how far behind the venue it came", () => {
    const metrics = createTradingMetrics();
    metrics.recordMarketDataUpdate({ ...labels, eventTimeMs: 1_000_000, receivedTimeMs: 1_000_250 });
    expect(readValue(metrics.registry, "market_data_updates_total", labels)).toBe(1);
    expect(readPoints(metrics.registry, "market_data_lag_seconds")).toMatchObject([
      { labels: { source: "binance" }, count: 1, sum: 0.25 },
    ]);
    expect(readValue(metrics.registry, "market_data_last_lag_seconds", labels)).toBe(0.25);
  });

  it("counts a negative lag apart and keeps it raw, out of the histogram", () => {
    const metrics = createTradingMetrics();
    metrics.recordMarketDataUpdate({ ...labels, eventTimeMs: 1_001_250, receivedTimeMs: 1_000_000 });
    expect(readPoints(metrics.registry, "market_data_lag_seconds")).toEqual([]);
    expect(readValue(metrics.registry, "market_data_negative_lag_total", labels)).toBe(1);
    expect(readValue(metrics.registry, "market_data_last_lag_seconds", labels)).toBe(-1.25);
    expect(readPoints(metrics.registry, "tracebook_invalid_values_total")).toEqual([]);
  });

  it("takes a lag of 0 for what it is", () => {
    const metrics = createTradingMetrics();
    metrics.recordMarketDataUpdate({ ...labels, eventTimeMs: 5, receivedTimeMs: 5 });
    expect(readPoints(metrics.registry, "market_data_lag_seconds")).toMatchObject([{ count: 1, sum: 0 }]);
    expect(readValue(metrics.registry, "market_data_negative_lag_total", labels)).toBe(0);
  });

  it("records no lag without an event time", () => {
    const metrics = createTradingMetrics();
    metrics.recordMarketDataUpdate(labels);
    metrics.recordMarketDataUpdate({ ...labels, eventTimeMs: undefined, receivedTimeMs: 5 });
    metrics.marketData(labels.symbol, labels.source).update();
    expect(readValue(metrics.registry, "market_data_updates_total", labels)).toBe(3);
    expect(readPoints(metrics.registry, "market_data_lag_seconds")).toEqual([]);
    expect(readPoints(metrics.registry, "market_data_last_lag_seconds")).toEqual([]);
  });

  it("takes now for the time of receipt", () => {
    const metrics = createTradingMetrics({ nowEpochMs: () => 7000 });
    metrics.recordMarketDataUpdate({ ...labels, eventTimeMs: 6500 });
    expect(readValue(metrics.registry, "market_data_last_lag_seconds", labels)).toBe(0.5);
  });

  it("refuses an event time that is none and counts it", () => {
    const metrics = createTradingMetrics();
    for (const eventTimeMs of [Number.NaN, Infinity, "5", {}]) {
      metrics.recordMarketDataUpdate({ ...labels, eventTimeMs: eventTimeMs as number, receivedTimeMs: 5 });
    }
    metrics.recordMarketDataUpdate(null as never);
    expect(readValue(metrics.registry, "market_data_updates_total", labels)).toBe(4);
    expect(readPoints(metrics.registry, "market_data_last_lag_seconds")).toEqual([]);
  });

  it("gives the same bound object for the same symbol and source", () => {
    const metrics = createTradingMetrics();
    expect(metrics.marketData("A", "x")).toBe(metrics.marketData("A", "x"));
    expect(metrics.marketData("A", "x")).not.toBe(metrics.marketData("A", "y"));
  });
});

describe("recordFill", () => {
  it("sets realised P&L by symbol and in total, and the notional value by action", () => {
    const metrics = createTradingMetrics();
    metrics.recordFill({ symbol: "BTC", side: "buy", quantity: "0.1", price: "100" });
    metrics.recordFill({ symbol: "BTC", side: "SELL", quantity: "0.1", price: "103" });
    metrics.recordFill({ symbol: "ETH", side: "sell", quantity: 1, price: 10, fee: "0.5", action: "close" });
    const { registry } = metrics;
    expect(readValue(registry, "tvtelegrambingx_realised_pnl_usd", { symbol: "BTC" })).toBe(0.3);
    expect(readValue(registry, "tvtelegrambingx_realised_pnl_usd", { symbol: "ETH" })).toBe(-0.5);
    expect(readValue(registry, "tvtelegrambingx_realised_pnl_total_usd")).toBe(-0.2);
    expect(readPoints(registry, "tvtelegrambingx_order_notional_usd_total")).toEqual([
      { labels: { action: "buy" }, value: 10 },
      { labels: { action: "sell" }, value: 10.3 },
      { labels: { action: "close" }, value: 10 },
    ]);
    expect(metrics.position("BTC")).toEqual({ quantity: "0", costBasis: "0", realisedPnl: "0.3" });
  });

  it("adds up the notional value exactly: a thousand times 0.1 is 100", () => {
    const metrics = createTradingMetrics();
    for (let i = 0; i < 1000; i++) metrics.recordFill({ symbol: "A", side: "buy", quantity: "0.1", price: "1" });
    expect(readValue(metrics.registry, "tvtelegrambingx_order_notional_usd_total", { action: "buy" })).toBe(100);
  });

  it("refuses a malformed fill, says so and counts it", () => {
    const metrics = createTradingMetrics();
    expect(metrics.recordFill({ symbol: "A", side: "buy", quantity: "x", price: "1" })).toBe(false);
    expect(metrics.recordFill(undefined as never)).toBe(false);
    const metric = "tvtelegrambingx_realised_pnl_total_usd";
    expect(readValue(metrics.registry, "tracebook_invalid_values_total", { metric })).toBe(2);
    expect(readPoints(metrics.registry, metric)).toEqual([]);
  });
});

describe("recordLatency", () => {
  it("records each stage and returns the record with the exact sum", () => {
    const metrics = createTradingMetrics();
    const record = metrics.recordLatency({
      trace_id: "abc123",
      ws_to_book_update_ms: 10.5,
      book_to_signal_ms: 5.2,
      signal_to_risk_ms: 3.1,
      risk_to_send_ms: 15.8,
    });
    expect(record).toEqual({
      trace_id: "abc123",
      ws_to_book_update_ms: 10.5,
      book_to_signal_ms: 5.2,
      signal_to_risk_ms: 3.1,
      risk_to_send_ms: 15.8,
      end_to_end_ms: 34.6,
    });
    expect(metrics.stagePercentiles("tick").end_to_end).toMatchObject({ count: 1, min_ms: 34.6, max_ms: 34.6 });
  });

  it("tells listeners of each record until they stop, and one that throws harms nobody", () => {
    const metrics = createTradingMetrics();
    const heard: unknown[] = [];
    metrics.onLatency(() => {
      throw new Error("listener");
    });
    const stop = metrics.onLatency((record, flow) => heard.push([flow, record]));
    metrics.recordLatency({ flow: "scan", trace_id: "t", a_ms: 1, b_ms: 2 });
    stop();
    metrics.recordLatency({ a_ms: 1 });
    expect(heard).toEqual([["scan", { trace_id: "t", a_ms: 1, b_ms: 2, end_to_end_ms: 3 }]]);
  });

  it("sums exactly where floats would not: 0.1 + 0.2 is 0.3", () => {
    expect(createTradingMetrics().recordLatency({ a_ms: 0.1, b_ms: 0.2 }).end_to_end_ms).toBe(0.3);
  });

  it("gives the sum from the second stage on, of those that were reached", () => {
    const metrics = createTradingMetrics();
    expect(metrics.recordLatency({ ws_to_book_update_ms: 1 })).toEqual({ ws_to_book_update_ms: 1 });
    expect(metrics.recordLatency({ flow: "scan", ws_to_book_update_ms: 1, book_to_signal_ms: 2 }).end_to_end_ms).toBe(
      3,
    );
    expect(Object.keys(metrics.stagePercentiles("scan"))).toEqual([
      "ws_to_book_update",
      "book_to_signal",
      "end_to_end",
    ]);
  });

  it("refuses and counts what is no duration, and never throws", () => {
    const metrics = createTradingMetrics();
    const bad = { a_ms: -1, b_ms: Number.NaN, c_ms: "5" as never, d_ms: 1n as never, e_ms: 2, end_to_end_ms: 99 };
    expect(metrics.recordLatency(bad)).toEqual({ e_ms: 2 });
    expect(
      readValue(metrics.registry, "tracebook_invalid_values_total", { metric: "trading_stage_duration_seconds" }),
    ).toBe(4);
    for (const hostile of [
      null,
      5,
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no");
          },
        },
      ),
    ]) {
      expect(metrics.recordLatency(hostile as never)).toEqual({});
    }
  });
});

describe("figures of the host's own", () => {
  it("are recorded by type, timers in seconds", () => {
    const metrics = createTradingMetrics();
    metrics.recordSystemMetric({ metricName: "jobs", metricType: "counter", metricValue: 2, metricUnit: "count" });
    metrics.recordSystemMetric({ metricName: "temperature", metricType: "gauge", metricValue: 61.5 });
    metrics.recordSystemMetric({ metricName: "batch", metricType: "histogram", metricValue: 12 });
    metrics.recordSystemMetric({
      metricName: "response_time",
      metricType: "timer",
      metricValue: 245,
      metricUnit: "milliseconds",
    });
    metrics.recordSystemMetric({
      metricName: "response_time",
      metricType: "timer",
      metricValue: 1,
      metricUnit: "fortnights",
    });
    metrics.recordSystemMetric(null as never);
    const { registry } = metrics;
    expect(readValue(registry, "system_metric_total", { metric_name: "jobs", unit: "count" })).toBe(2);
    expect(readValue(registry, "system_metric_value", { metric_name: "temperature" })).toBe(61.5);
    expect(readPoints(registry, "system_metric_distribution")).toMatchObject([{ sum: 12 }]);
    expect(readPoints(registry, "system_metric_duration_seconds")).toMatchObject([{ count: 1, sum: 0.245 }]);
    expect(readValue(registry, "tracebook_invalid_values_total", { metric: "system_metric_duration_seconds" })).toBe(1);
  });

  it("carry what a business figure is as labels", () => {
    const metrics = createTradingMetrics();
    metrics.recordBusinessMetric({
      metricName: "revenue_per_user",
      category: "revenue",
      metricValue: "49.99",
      periodType: "monthly",
      currency: "USD",
      calculationMethod: "average",
    });
    metrics.recordBusinessMetric(undefined as never);
    expect(readPoints(metrics.registry, "business_metric_value")).toEqual([
      {
        labels: {
          metric_name: "revenue_per_user",
          category: "revenue",
          period_type: "monthly",
          currency: "USD",
          calculation_method: "average",
        },
        value: 49.99,
      },
    ]);
  });
});
