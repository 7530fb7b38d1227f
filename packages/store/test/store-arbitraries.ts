// Random events, spans and questions for tests: few values, so that they meet, and times at which counts change hands.
import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import type { EventData, EventInput, JsonValue, SpanInput } from "../src/store-input.ts";
import type { DecisionFilter, EventFilter, TraceFilter } from "../src/store-queries.ts";

const NOON_MICROS = Date.parse("2026-11-20T12:00:00Z") * 1000;
const SECOND = 1e6;
const SYMBOLS = ["BTC/USDT", "ETH/USDT", "%_\\'", "__proto__"] as const;
const RUNS = ["run-1", "run-2", "run-3"] as const;
const STRATEGIES = ["basis", "trend"] as const;
const REASONS = ["insufficient_edge", "risk_limit", "accepted"] as const;
const UNITS = ["bps", "USD"] as const;
const TYPES = ["signal_rejected", "signal_generated", "decision", "scan_completed", "__proto__"] as const;
const SERVICES = ["bot", "gateway"] as const;
const USERS = ["user-1", "%_\\'", "__proto__"] as const;
const CATEGORIES = ["authentication", "processing"] as const;
const TRACES = [
  "0af7651916cd43dd8448eb211c80319c",
  "4bf92f3577b34da6a3ce929d0e0e4736",
  "00000000000000000000000000000001",
] as const;

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** Mostly missing: of a filter that has everything nothing is left. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);

/** Microseconds since 1970 within some days, mostly at the edge of a minute, an hour or a day. */
export const micros: fc.Arbitrary<number> = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: -3, max: 3 }).map((day) => day * 86_400),
      fc.integer({ min: -30, max: 30 }).map((hour) => hour * 3_600),
      fc.integer({ min: -90, max: 90 }).map((minute) => minute * 60),
    ),
    fc.oneof(
      fc.constantFrom(-1, 0, 1, SECOND, 59 * SECOND + 999_999),
      fc.integer({ min: -90 * SECOND, max: 90 * SECOND }),
    ),
  )
  .map(([seconds, rest]) => NOON_MICROS + seconds * SECOND + rest);

/** A time of {@link micros}, and now and then one that a broken clock gives. */
const timestamp: fc.Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: micros.map(toTimestamp) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "1970-01-01T00:00:00.000000Z",
      "1969-12-31T23:59:59.999999Z",
      "9999-12-31T23:59:59.999999Z",
    ),
  },
);

/** A range that may be open, and may be the wrong way round. */
export const range = fc.record({ startTime: optional(timestamp), endTime: optional(timestamp) });

const amount = fc.integer({ min: -500, max: 500 }).map((value) => (value / 100).toFixed(2));

const gate = fc.record(
  {
    gate_name: fc.constantFrom("min_confluence", "max_spread"),
    passed: fc.boolean(),
    score: fc.oneof(amount, amount.map(Number), fc.constant(null)),
    threshold: amount,
    comparison: fc.constantFrom(">", "<="),
    reason_code: oneOf(REASONS),
    details: fc.constant({ note: "kept" }),
  },
  { requiredKeys: ["gate_name", "passed"] },
);

/** Mostly gates; now and then what a cut, or somebody else's record, has in their place. */
const gates: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 6, arbitrary: fc.array(gate, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<JsonValue>(
      null,
      "[REDACTED]",
      3,
      { gate_name: "x", passed: true },
      ["…[cut 3]"],
      [null],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<JsonValue>([{ gate_name: "x" }], [{ gate_name: "x", passed: true, score: [1] }]),
  },
);

const data: fc.Arbitrary<EventData> = fc.record(
  {
    reason_code: fc.oneof(oneOf(REASONS), fc.constant(null), fc.constant(7)),
    reason: fc.oneof(
      fc.constantFrom("No data available", "x".repeat(201), "Kein Geschäft: ‘ß’", ""),
      fc.boolean(),
      fc.constant(1.5),
    ),
    confidence_score: fc.oneof(
      fc.integer({ min: -20, max: 240 }).map((score) => score / 2),
      fc.constantFrom("85.5", "high", null, true),
    ),
    decision: fc.constantFrom("ACCEPT", "REJECT"),
    strategy: oneOf(STRATEGIES),
    edge_unit: oneOf(UNITS),
    gates,
    net_edge: fc.oneof(amount, amount.map(Number)),
    min_threshold: amount,
    user_id: fc.oneof(oneOf(USERS), fc.constantFrom(null, 7)),
    event_category: oneOf(CATEGORIES),
    note: fc.constantFrom('a "quoted" note', "100 % sure", "back\\slash_", "ABC abc"),
  },
  { requiredKeys: [] },
);

/** Events of two instances; records of the same number are the same record. */
export const events: fc.Arbitrary<EventInput[]> = fc.array(
  fc.record({
    eventType: oneOf(TYPES),
    timestamp,
    source: fc.constantFrom({ serviceName: "bot", instanceId: "i-1" }, { serviceName: "gateway", instanceId: "i-2" }),
    seq: fc.integer({ min: 0, max: 60 }),
    runId: optional(oneOf(RUNS)),
    symbol: optional(oneOf(SYMBOLS)),
    traceId: optional(oneOf(TRACES)),
    spanId: optional(fc.constant("b7ad6b7169203331")),
    severityNumber: fc.integer({ min: 0, max: 24 }),
    data,
  }),
  { maxLength: 60 },
);

export const eventFilter: fc.Arbitrary<EventFilter> = fc
  .tuple(
    range,
    fc.record({
      eventType: optional(oneOf(TYPES)),
      symbol: optional(oneOf(SYMBOLS)),
      runId: optional(oneOf(RUNS)),
      userId: seldom(fc.constantFrom(...USERS, "7")),
      eventCategory: seldom(oneOf(CATEGORIES)),
    }),
  )
  .map(([times, rest]) => ({ ...times, ...rest }));

export const decisionFilter: fc.Arbitrary<DecisionFilter> = fc
  .tuple(
    range,
    fc.record({
      symbol: optional(oneOf(SYMBOLS)),
      strategy: optional(oneOf(STRATEGIES)),
      decision: optional(fc.constantFrom("ACCEPT", "REJECT")),
      reasonCode: optional(oneOf(REASONS)),
      edgeUnit: optional(oneOf(UNITS)),
    }),
  )
  .map(([times, rest]) => ({ ...times, ...rest }));

/** Steps of a timeline: some are made of minutes, some of hours or days. */
export const stepSeconds: fc.Arbitrary<number> = fc.constantFrom(60, 300, 420, 3_600, 7_200, 86_400, 604_800);

export const searchText = fc.constantFrom(
  "abc",
  "ABC",
  "usdt",
  "%",
  "_",
  "\\",
  '"',
  'quoted" note',
  "ß",
  "run-2",
  "rejected",
  "no such text",
);

const attributes: fc.Arbitrary<EventData> = fc.record(
  {
    "trading.symbol": oneOf(SYMBOLS),
    "trading.decision": fc.constantFrom("ACCEPT", "REJECT"),
    "trading.reason_code": oneOf(REASONS),
    "http.request.method": fc.constant("GET"),
    "http.response.status_code": fc.constantFrom(200, "503"),
  },
  { requiredKeys: [] },
);

export const spans: fc.Arbitrary<SpanInput[]> = fc.array(
  fc.record({
    source: oneOf(SERVICES).map((serviceName) => ({ serviceName, instanceId: `of-${serviceName}` })),
    traceId: fc.oneof(
      oneOf(TRACES),
      fc.integer({ min: 1, max: 12 }).map((i) => i.toString(16).padStart(32, "a")),
    ),
    spanId: fc.integer({ min: 1, max: 8 }).map((i) => i.toString(16).padStart(16, "0")),
    parentSpanId: optional(fc.integer({ min: 1, max: 8 }).map((i) => i.toString(16).padStart(16, "0"))),
    name: fc.constantFrom("tick", "GET /orders"),
    kind: fc.integer({ min: 0, max: 5 }),
    startMicros: micros,
    startNanosRest: fc.integer({ min: 0, max: 999 }),
    durationNanos: fc.constantFrom(0, 1, 1_500_000, 3_000_000_000),
    statusCode: fc.integer({ min: 0, max: 2 }),
    statusMessage: fc.constantFrom("", "refused"),
    scope: fc.constantFrom("", "tracebook"),
    attributes,
    events: fc.constant([]),
    links: fc.constant([]),
  }),
  { maxLength: 40 },
);

export const traceFilter: fc.Arbitrary<TraceFilter> = fc
  .tuple(
    fc.record({ startTime: optional(micros.map(toTimestamp)), endTime: optional(micros.map(toTimestamp)) }),
    fc.record({
      service: optional(oneOf(SERVICES)),
      operation: optional(fc.constant("tick")),
      symbol: optional(oneOf(SYMBOLS)),
      decision: optional(fc.constantFrom("ACCEPT", "REJECT")),
      reasonCode: optional(oneOf(REASONS)),
      minDurationMs: optional(fc.constantFrom(0, 1.5, 3_000)),
      hasError: optional(fc.boolean()),
    }),
  )
  .map(([times, rest]) => ({ ...times, ...rest }));
