// The signal bot's /metrics against its database.
import assert from "node:assert/strict";

/** The sum of the samples of that name whose labels fit; undefined where there is none. */
function sumOf(families, name, wanted = {}) {
  const family = families?.get(name) ?? families?.get(name.replace(/_(bucket|sum|count)$/, ""));
  const samples = (family?.samples ?? []).filter(
    (sample) => sample.name === name && Object.entries(wanted).every(([key, value]) => sample.labels[key] === value),
  );
  return samples.length === 0 ? undefined : samples.reduce((sum, { value }) => sum + value, 0);
}

/** Equal as far as a double can tell. */
export function near(actual, expected, what) {
  const exact = Number(expected);
  const isNear = Math.abs(actual - exact) <= 1e-12 * Math.max(1, Math.abs(exact));
  assert.ok(isNear, `${what} is ${actual}, the database says ${expected}`);
}

/** Checks both processes' metrics: `backend` and `bot` are parsed expositions, `database` what SQL says. */
export async function checkMetrics(stage, { backend, bot, database }) {
  await stage.check("signals: ingested, timed, none waiting", () => {
    assert.equal(sumOf(backend, "tradingview_signals_ingested_total"), database.signals);
    assert.equal(sumOf(backend, "tradingview_signal_ingest_duration_seconds_count"), database.signals);
    const seconds = sumOf(backend, "tradingview_signal_ingest_duration_seconds_sum") / database.signals;
    assert.ok(seconds > 0 && seconds < 1, `${seconds} s a signal`);
    assert.equal(sumOf(backend, "tvtelegrambingx_signal_queue_depth"), 0);
    return `${(seconds * 1e3).toFixed(1)} ms a signal`;
  });
  await stage.check("orders: every transition by symbol and status", () => {
    const name = "tvtelegrambingx_order_transitions_total";
    assert.equal(sumOf(backend, name, { status: "requested" }), database.orders);
    for (const { symbol, status, count } of database.byStatus)
      assert.equal(sumOf(backend, name, { symbol, status }), count, `${symbol} ${status}`);
    return database.byStatus.map(({ symbol, status, count }) => `${symbol} ${status} ${count}`).join(", ");
  });
  await stage.check("notional and realised P&L equal what SQL makes of the fills", () => {
    for (const { action, usd } of database.notional)
      near(sumOf(backend, "tvtelegrambingx_order_notional_usd_total", { action }), usd, `notional of ${action}`);
    for (const { symbol, realised } of database.realised)
      assert.equal(
        sumOf(backend, "tvtelegrambingx_realised_pnl_usd", { symbol }),
        Number(realised),
        `P&L of ${symbol}`,
      );
    const total = database.realised.reduce((sum, { realised }) => sum + Number(realised), 0);
    near(sumOf(backend, "tvtelegrambingx_realised_pnl_total_usd"), total, "P&L");
    return `P&L ${total.toFixed(6)}, notional ${database.notional.map(({ action, usd }) => `${action} ${usd}`).join(", ")}`;
  });
  await stage.check("decisions: one for each signal, accepted ones became orders", () => {
    assert.equal(sumOf(backend, "trading_decisions_total"), database.signals);
    assert.equal(sumOf(backend, "trading_decisions_total", { decision: "ACCEPT" }), database.orders);
    assert.ok(sumOf(backend, "trading_decisions_total", { decision: "REJECT" }) > 0);
    return database.byOutcome.map(({ outcome, count }) => `${outcome} ${count}`).join(", ");
  });
  await stage.check("PostgreSQL: queries by operation, table and status, each timed", () => {
    const queries = (operation, table) =>
      sumOf(backend, "database_queries_total", { operation, table, status: "success" });
    assert.equal(queries("insert", "signals"), database.signals);
    assert.equal(queries("insert", "orders"), database.orders);
    assert.equal(queries("insert", "fills"), database.fills);
    assert.equal(queries("update", "orders"), database.orders);
    assert.equal(queries("commit", ""), database.orders);
    const all = sumOf(backend, "database_queries_total");
    assert.equal(sumOf(backend, "database_query_duration_seconds_count"), all);
    return `${all} queries`;
  });
  await stage.check("Redis: operations by type and status, no connection errors", () => {
    const operations = (type) => sumOf(backend, "redis_operations_total", { type, status: "success" });
    assert.equal(operations("rpush"), database.signals);
    assert.equal(operations("lrem"), database.signals);
    assert.ok(operations("blmove") >= database.signals);
    assert.equal(sumOf(backend, "redis_operations_total", { status: "error" }), undefined);
    assert.equal(sumOf(backend, "redis_connection_errors_total"), 0);
    return `${sumOf(backend, "redis_operations_total")} operations`;
  });
  await stage.check("HTTP: durations and sizes by method, route and status", () => {
    const route = { http_route: "/webhook", http_request_method: "POST", http_response_status_code: "202" };
    const counts = ["request_duration", "request_body_size", "response_body_size"].map((name) =>
      sumOf(backend, `http_server_${name}_count`, route),
    );
    assert.ok(counts[0] > 0 && new Set(counts).size === 1, `${counts}`);
    const routes = new Set(backend.get("http_server_request_duration").samples.map(({ labels }) => labels.http_route));
    // Nobody asks for anything else here; what has no route would be a scrape.
    assert.ok(!routes.has(undefined) && !routes.has(""), "requests without a route");
    assert.deepEqual(
      [...routes].filter((name) => name !== undefined && /\d|USDT/.test(name)),
      [],
      "raw paths",
    );
    return [...routes].join(", ");
  });
  await stage.check("the bot: updates by type, requests by method and status, their duration", () => {
    for (const type of ["message", "callback_query"])
      assert.ok(sumOf(bot, "tvtelegrambingx_bot_updates_total", { type }) > 0, type);
    assert.ok(sumOf(bot, "tvtelegrambingx_bot_backend_requests_total", { status: "success" }) > 0);
    const requests = sumOf(bot, "tvtelegrambingx_bot_backend_requests_total");
    assert.equal(sumOf(bot, "tvtelegrambingx_bot_backend_request_duration_seconds_count"), requests);
    return `${requests} requests`;
  });
}
