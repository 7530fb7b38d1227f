import { expect, test } from "vitest";
import { KNOWN_MS, ORDER_TRACE, writeKnownData } from "../../test/known-data.ts";
import { sharedDesk } from "../../test/shared-desk.ts";
import { openTestDesk } from "../../test/test-desk.ts";

const DECISIONS = "/api/telemetry/decisions";
const WHATIF = "/api/telemetry/whatif?edge_unit=bps";

const known = sharedDesk((desk) => writeKnownData(desk.store));

const idsOf = (decisions: readonly { readonly event_id: number }[]) => decisions.map((one) => one.event_id);

test("decisions come by pages that follow each other, and every filter counts", async () => {
  const { get } = known;
  const first = await get(`${DECISIONS}?limit=4`);
  expect([idsOf(first.json.decisions), first.json.next_before_id]).toEqual([[15, 14, 13, 12], 12]);
  const rest = await get(`${DECISIONS}?limit=4&before_id=12`);
  expect([idsOf(rest.json.decisions), rest.json.next_before_id]).toEqual([[11, 10], null]);
  expect(idsOf((await get(`${DECISIONS}?decision=ACCEPT`)).json.decisions)).toEqual([10]);
  expect(idsOf((await get(`${DECISIONS}?reason_code=gate_failed`)).json.decisions)).toEqual([14]);
  expect(idsOf((await get(`${DECISIONS}?edge_unit=USD&strategy=basis&symbol=BTC/USDT`)).json.decisions)).toEqual([15]);
  expect(idsOf((await get(`${DECISIONS}?strategy=other`)).json.decisions)).toEqual([]);
});

test("one decision comes with its record, and with what does not add up in it", async () => {
  const { desk, get } = await openTestDesk();
  await writeKnownData(desk.store);
  const { json } = await get(`${DECISIONS}/14`);
  expect(json.decision).toMatchObject({ decision: "REJECT", reason_code: "gate_failed", net_edge: "1.20" });
  expect(json.event.data.gates).toHaveLength(1);
  expect(json.arithmetic).toBeNull();
  const { data } = (await desk.store.event(14))!;
  await desk.logEvent({ eventType: "decision", data: { ...data, net_edge: "1.30" } });
  expect((await get(`${DECISIONS}/18`)).json.arithmetic).toContain("1.30 is not gross_edge less costs");
  expect((await get(`${DECISIONS}/1`)).status).toBe(404);
});

test("reasons are ranked, with the code in plain words", async () => {
  const { get } = known;
  const { json } = await get(`${DECISIONS}/reasons`);
  expect(json).toMatchObject({ total: 6, accepted: 1, rejected: 5 });
  expect(json.reasons[0]).toEqual({
    reason_code: "insufficient_edge",
    explanation: "Net edge was below the threshold.",
    count: 4,
    percentage: 66.67,
    accepted: false,
  });
});

test("a decision is what it says that it is, whatever its reason code says", async () => {
  const { desk, get } = await openTestDesk();
  const decisions = [
    ["ACCEPT", "edge_ok"],
    ["ACCEPT", "edge_ok"],
    ["REJECT", "accepted"],
    ["REJECT", "risk_limit"],
    ["ACCEPT", "accepted"],
  ] as const;
  for (const [decision, reason_code] of decisions)
    await desk.logEvent({ eventType: "decision", symbol: "BTC/USDT", data: { decision, reason_code } });
  const { json } = await get(`${DECISIONS}/reasons`);
  expect(json).toMatchObject({ total: 5, accepted: 3, rejected: 2 });
  expect(
    json.reasons.map((one: { reason_code: string; accepted: boolean; count: number }) => [
      one.reason_code,
      one.accepted,
      one.count,
    ]),
  ).toEqual([
    ["edge_ok", true, 2],
    ["accepted", true, 1],
    ["accepted", false, 1],
    ["risk_limit", false, 1],
  ]);
  const summary = await get("/api/telemetry/analytics/summary");
  expect(summary.json.decisions).toEqual({ total: 5, accepted: 3, rejected: 2, accept_rate: 60 });
  const { symbols } = (await get("/api/telemetry/analytics/symbols")).json;
  expect(symbols).toMatchObject([{ symbol: "BTC/USDT", events: 5, decisions_accepted: 3, decisions_rejected: 2 }]);
  const why = await get("/api/telemetry/why");
  expect(why.json.sentence).toContain("3 accepted (none became an order) and 2 rejected");
});

test("accepts and rejects over time add up", async () => {
  const { get } = known;
  const { json } = await get(`${DECISIONS}/timeline?strategy=basis`);
  expect(json.slices).toEqual([{ time: Math.floor(KNOWN_MS / 60_000) * 60, accepted: 1, rejected: 5 }]);
});

test("margins are of one unit, and near misses are those that one threshold moved by so much would let pass", async () => {
  const { get } = known;
  const { json } = await get(`${DECISIONS}/margins?within_percent=10`);
  expect(json).toMatchObject({ units: ["bps", "USD"], edge_unit: "bps", count: 5 });
  expect(
    json.bins.reduce(
      (sum: number, bin: { accepted: number; rejected: number }) => sum + bin.accepted + bin.rejected,
      0,
    ),
  ).toBe(5);
  expect(json.near_misses).toMatchObject({
    within_percent: "10",
    total: 2,
    by_gate: [
      { gate: "edge", count: 1 },
      { gate: "min_confluence", count: 1 },
    ],
    examined: 5,
  });
  expect(
    json.near_misses.samples.map((one: { event_id: number; margin: string }) => [one.event_id, one.margin]),
  ).toEqual([
    [14, "-2"],
    [11, "-0.05"],
  ]);
  expect((await get(`${DECISIONS}/margins?edge_unit=USD`)).json).toMatchObject({ edge_unit: "USD", count: 1 });
  // With a threshold that is 10 % lower the edge's near miss flips, and no other reject does.
  const moved = await get(`${WHATIF}&min_threshold=1.125`);
  expect(
    moved.json.samples.filter((one: { new_decision: string }) => one.new_decision === "ACCEPT").length,
  ).toBeGreaterThan(0);
  const none = await openTestDesk();
  expect((await none.get(`${DECISIONS}/margins`)).json).toMatchObject({
    units: [],
    edge_unit: null,
    count: 0,
    bins: [],
  });
});

test("with no change nothing flips", async () => {
  const { get } = known;
  expect((await get(WHATIF)).json).toMatchObject({
    examined: 6,
    judged: 5,
    other_unit: 1,
    not_judgeable: 0,
    complete: true,
    before: { accepted: 1, rejected: 4 },
    after: { accepted: 1, rejected: 4 },
    flips: { to_accept: 0, to_reject: 0 },
    samples: [],
  });
});

test("other thresholds and costs flip exactly those that they decide", async () => {
  const { get } = known;
  const lower = await get(`${WHATIF}&threshold_by=-0.30&gate=min_confluence:60`);
  expect(lower.json).toMatchObject({
    after: { accepted: 4, rejected: 1 },
    flips: { to_accept: 3, to_reject: 0 },
    net_edge_of_new_accepts: "3.60",
    net_edge_of_new_rejects: "0",
  });
  expect(idsOf(lower.json.samples)).toEqual([14, 12, 11]);
  expect(lower.json.samples[1]).toMatchObject({
    new_decision: "ACCEPT",
    new_net_edge: "1.20",
    new_min_threshold: "1.20",
  });
  const dearer = await get(`${WHATIF}&fees_est_times=1.5`);
  expect(dearer.json).toMatchObject({ flips: { to_accept: 0, to_reject: 1 }, net_edge_of_new_rejects: "0.20" });
  const gas = await get(`${WHATIF}&gas_est=0.21`);
  expect(gas.json.flips).toEqual({ to_accept: 0, to_reject: 1 });
});

test("a what-if that may look at fewer says that there are more", async () => {
  const { get } = known;
  expect((await get(`${WHATIF}&max_decisions=5`)).json).toMatchObject({ examined: 5, complete: false });
  expect((await get(`${WHATIF}&max_decisions=6`)).json).toMatchObject({ examined: 6, complete: true });
});

test.each([
  ["min_threshold=1&threshold_by=1", "threshold_by", "it does not go with min_threshold"],
  ["fees_est=1&fees_est_times=2", "fees_est_times", "it does not go with fees_est"],
  ["gate=min_confluence", "gate", "name:threshold"],
  ["gate=min_confluence:high", "gate", "name:threshold"],
  ["gate=a:1&gate=a:2", "gate", "each name once"],
])("a what-if of %s is refused, naming it", async (query, parameter, rule) => {
  const { get } = known;
  const { status, json } = await get(`${WHATIF}&${query}`);
  expect([status, json.parameter]).toEqual([400, parameter]);
  expect(json.detail).toContain(rule);
});

test("each step of the funnel is the one before minus its drops", async () => {
  const { get } = known;
  const { json } = await get("/api/telemetry/funnel");
  expect(json).toMatchObject({
    flow: "tick",
    flows: [{ flow: "tick", count: 100 }],
    entered: 100,
    orders: 2,
    no_reason: 1,
  });
  const steps = json.steps as {
    stage: string;
    count: number;
    dropped: number;
    ended: { kind: string; count: number }[];
  }[];
  expect(steps.map((step) => [step.stage, step.count, step.dropped])).toEqual([
    ["entered", 100, 10],
    ["ws_to_book_update", 90, 2],
    ["book_to_signal", 88, 80],
    ["signal_to_risk", 8, 6],
    ["risk_to_send", 2, 2],
  ]);
  for (const [i, step] of steps.entries()) {
    expect(step.ended.reduce((sum, end) => sum + end.count, 0)).toBe(step.dropped);
    if (i > 0) expect(step.count).toBe(steps[i - 1]!.count - steps[i - 1]!.dropped);
  }
  expect(steps.map((step) => step.ended[0]?.kind)).toEqual(["nothing", "error", "nothing", "rejected", "order"]);
  expect(json.symbols).toEqual([{ symbol: "BTC/USDT", entered: 100, orders: 2 }]);
  expect((await get("/api/telemetry/funnel?flow=other")).json).toMatchObject({ flow: "other", entered: 0, steps: [] });
});

test("without a trace to go by stages are in the order of how many flows reached them", async () => {
  const { get } = await openTestDesk();
  expect((await get("/api/telemetry/funnel")).json).toMatchObject({ flow: null, entered: 0, steps: [], flows: [] });
  const opened = await openTestDesk();
  const { knownPoints } = await import("../../test/known-data.ts");
  await opened.desk.store.writePoints(knownPoints());
  const { json } = await opened.get("/api/telemetry/funnel");
  const stages = json.steps.map((step: { stage: string }) => step.stage);
  expect(stages.slice(0, 3)).toEqual(["entered", "ws_to_book_update", "book_to_signal"]);
  expect(json.steps.at(-1).count - json.steps.at(-1).dropped).toBe(0);
});

test("why is one sentence with its numbers, each with where to look further", async () => {
  const { get } = known;
  const { json } = await get("/api/telemetry/why");
  expect(json.sentence).toMatch(/^2 orders in the last 24 hours: of 100 ticks .*\(best: 0\.05 bps short/);
  expect(json.parts).toContainEqual({ value: "100", label: "ticks", link: "/traces" });
  expect(json.parts).toContainEqual({
    value: "4",
    label: "because the net edge was below the threshold",
    link: "/decisions?decision=REJECT&reason_code=insufficient_edge",
  });
  const empty = await openTestDesk();
  expect((await empty.get("/api/telemetry/why")).json.sentence).toMatch(/^No order in the last 24 hours/);
});

test("a trace comes with its spans, events and decisions; the slowest first if wanted", async () => {
  const { get } = known;
  const list = await get("/api/telemetry/traces");
  expect(list.json.traces.map((one: { root: { operation_name: string } }) => one.root.operation_name)).toEqual([
    "GET /balance",
    "tick",
  ]);
  expect(list.json.next_before).toBeNull();
  const page = await get("/api/telemetry/traces?limit=1");
  expect(page.json.next_before).toBe(page.json.traces[0].root.start_time);
  expect(
    (await get(`/api/telemetry/traces?limit=1&before=${page.json.next_before}`)).json.traces[0].root.operation_name,
  ).toBe("tick");
  expect((await get("/api/telemetry/traces?sort=slowest&has_error=false")).json.traces).toHaveLength(1);
  expect((await get("/api/telemetry/traces?min_duration_ms=50&service=bot")).json.traces).toHaveLength(1);
  const trace = await get(`/api/telemetry/traces/${ORDER_TRACE.toUpperCase()}`);
  expect(trace.json).toMatchObject({ trace_id: ORDER_TRACE, decisions: [{ event_id: 10, decision: "ACCEPT" }] });
  expect(trace.json.spans).toHaveLength(5);
  expect(trace.json.events.map((one: { event_type: string }) => one.event_type)).toEqual([
    "decision",
    "order_request",
    "order_result",
  ]);
  expect((await get(`/api/telemetry/traces/${"f".repeat(32)}`)).status).toBe(404);
  expect((await get("/api/telemetry/traces?sort=slowest&before=2026-11-20")).status).toBe(400);
});
