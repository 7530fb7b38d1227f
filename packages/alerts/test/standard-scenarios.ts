// What happens to each standard rule: nothing, almost enough, enough but too short, and enough; and what must come of it.
import { type MetricDefinition, metricCatalogue } from "@tracebook/metrics";
import { type Scenario, type ScenarioSeries, STEP_S } from "./rule-scenario.ts";

type Point = ScenarioSeries["points"][number];

const METRICS = metricCatalogue();
const MINUTE = 60 / STEP_S;
/** It begins so many minutes after the beginning, and all ends at this minute. */
const BEGIN = 20;
const END = 55;
const BOT = { service_name: "bot", instance_id: "a" };
const OTHER = { service_name: "other", instance_id: "b" };

/** As it is, but from the minute `BEGIN` on for so many minutes as it is then. */
function during(minutes: number, usual: Point, then: Point): Point[] {
  return [
    ...Array<Point>(BEGIN * MINUTE).fill(usual),
    ...Array<Point>(Math.round(minutes * MINUTE)).fill(then),
    ...Array<Point>((END - BEGIN) * MINUTE - Math.round(minutes * MINUTE)).fill(usual),
  ];
}

/** As it is but at some minutes. */
function at(usual: Point, ...others: readonly (readonly [minute: number, point: Point])[]): Point[] {
  const points = Array<Point>(END * MINUTE).fill(usual);
  for (const [minute, point] of others) points[Math.round(minute * MINUTE)] = point;
  return points;
}

const always = (usual: Point) => at(usual);
const series = (metric: MetricDefinition, labels: ScenarioSeries["labels"], points: Point[]): ScenarioSeries => ({
  metric,
  labels,
  points,
});

/** Never fires. */
function quiet(rule: string, what: string, ...all: readonly ScenarioSeries[]): Scenario {
  const minutes = [BEGIN + 1, BEGIN + 3, BEGIN + 5, BEGIN + 6.5, BEGIN + 9, BEGIN + 14];
  return { rule, what, series: all, firing: minutes.map((minute) => [minute * 60, []]) };
}

/** Fires for `labels` at the minutes `yes`, and for nobody at the minutes `no`. */
function fires(
  rule: string,
  what: string,
  labels: { readonly [label: string]: string },
  { no, yes }: { readonly no: readonly number[]; readonly yes: readonly number[] },
  ...all: readonly ScenarioSeries[]
): Scenario {
  const firing = [
    ...no.map((minute) => [minute * 60, []] as const),
    ...yes.map((minute) => [minute * 60, [labels]] as const),
  ];
  return { rule, what, series: all, firing: firing.sort(([a], [b]) => a - b) };
}

/** All of them. */
export const STANDARD_SCENARIOS: readonly Scenario[] = [
  ...bots(),
  ...lag(),
  ...redis(),
  ...backlog(),
  ...orders(),
  ...backend(),
  ...evidence(),
  ...lateEvidence(),
  ...destinations(),
  ...telemetry(),
  ...delivery(),
];

function bots(): readonly Scenario[] {
  const rule = "NoActiveBotsRunning";
  const running = (labels: ScenarioSeries["labels"], points: Point[]) =>
    series(METRICS.botsActive, { ...labels, status: "running" }, points);
  const stopped = (labels: ScenarioSeries["labels"], points: Point[]) =>
    series(METRICS.botsActive, { ...labels, status: "stopped" }, points);
  const timing = { no: [BEGIN - 1, BEGIN + 4, BEGIN + 17], yes: [BEGIN + 8, BEGIN + 14] };
  return [
    quiet(rule, "bots run", running(BOT, always(2)), stopped(BOT, always(0))),
    quiet(rule, "one of two services stops its bots", running(BOT, during(15, 1, 0)), running(OTHER, always(1))),
    quiet(rule, "there has never been a bot", stopped(BOT, always(1))),
    quiet(rule, "no bot runs for four minutes", running(BOT, during(4, 1, 0))),
    fires(rule, "no bot runs", {}, timing, running(BOT, during(15, 1, 0)), stopped(BOT, during(15, 0, 1))),
    fires(
      rule,
      "the services are gone",
      {},
      timing,
      running(BOT, during(15, 1, undefined)),
      running(OTHER, during(15, 1, undefined)),
    ),
  ];
}

function lag(): readonly Scenario[] {
  const rule = "HighMarketDataLag";
  const buckets = METRICS.marketDataLag.bounds?.length ?? 0;
  /** Updates of a step by their age: so many young ones, and so many of ten seconds and more. */
  const updates = (young: number, old: number): readonly number[] => [
    young,
    ...Array<number>(buckets - 1).fill(0),
    old,
  ];
  const of = (labels: ScenarioSeries["labels"], source: string, points: Point[]) =>
    series(METRICS.marketDataLag, { ...labels, source }, points);
  const calm = always(updates(20, 0));
  return [
    quiet(rule, "updates come in time", of(BOT, "spot", calm)),
    quiet(rule, "four in a hundred are late", of(BOT, "spot", during(15, updates(20, 0), updates(96, 4)))),
    quiet(
      rule,
      "many are late for a minute, and then many are not",
      of(BOT, "spot", at(updates(20, 0), [BEGIN, updates(20, 60)], [BEGIN + 1, updates(4_000, 0)])),
    ),
    fires(
      rule,
      "those of one source are late",
      { service_name: "bot", source: "spot" },
      { no: [BEGIN - 1, BEGIN + 1, BEGIN + 22], yes: [BEGIN + 5, BEGIN + 14] },
      of(BOT, "spot", during(15, updates(20, 0), updates(0, 20))),
      of(BOT, "perpetual", calm),
      of(OTHER, "spot", calm),
    ),
  ];
}

function redis(): readonly Scenario[] {
  const rule = "HighRedisErrorRate";
  const errors = (labels: ScenarioSeries["labels"], points: Point[]) =>
    series(METRICS.redisConnectionErrors, labels, points);
  return [
    quiet(rule, "Redis answers", errors(BOT, always(0))),
    quiet(rule, "it fails less than once in ten seconds", errors(BOT, during(15, 0, 2.5))),
    quiet(rule, "two bursts lie in one window for half a minute", errors(BOT, at(0, [BEGIN, 22], [BEGIN + 4.5, 22]))),
    fires(
      rule,
      "it is lost, and the instances together are too many",
      { service_name: "bot" },
      { no: [BEGIN - 1, BEGIN + 1, BEGIN + 22], yes: [BEGIN + 8, BEGIN + 14] },
      errors(BOT, during(15, 0, 2.5)),
      errors({ ...BOT, instance_id: "a2" }, during(15, 0, 2.5)),
      errors(OTHER, during(15, 0, 2)),
    ),
  ];
}

function backlog(): readonly Scenario[] {
  const rule = "TradingViewSignalBacklog";
  const depth = (labels: ScenarioSeries["labels"], points: Point[]) => series(METRICS.signalQueueDepth, labels, points);
  return [
    quiet(rule, "signals are worked off", depth(BOT, always(2))),
    quiet(
      rule,
      "ten wait in each of two instances",
      depth(BOT, during(15, 2, 10)),
      depth({ ...BOT, instance_id: "a2" }, during(15, 2, 10)),
    ),
    quiet(rule, "they pile up for four minutes", depth(BOT, during(4, 2, 40))),
    quiet(rule, "they pile up, and the service goes away", depth(BOT, at(undefined, [BEGIN, 40], [BEGIN + 1, 40]))),
    fires(
      rule,
      "they pile up, and two points in ten are lost",
      { service_name: "bot" },
      { no: [BEGIN - 1, BEGIN + 4.5, BEGIN + 16.5], yes: [BEGIN + 7, BEGIN + 14] },
      depth(
        BOT,
        during(15, 2, 40).map((point, i) => (i % 10 < 2 ? undefined : point)),
      ),
      depth({ ...BOT, instance_id: "a2" }, always(3)),
      depth(OTHER, always(4)),
    ),
  ];
}

function orders(): readonly Scenario[] {
  const rule = "BingXOrderFailures";
  const state = (labels: ScenarioSeries["labels"], status: string, points: Point[]) =>
    series(METRICS.orderTransitions, { ...labels, symbol: "BTC-USDT", status }, points);
  return [
    quiet(rule, "orders are filled", state(BOT, "FILLED", always(1)), state(BOT, "requested", always(1))),
    quiet(rule, "one in eleven fails", state(BOT, "filled", always(10)), state(BOT, "rejected", during(20, 0, 1))),
    quiet(
      rule,
      "some fail at once, and a minute later many are filled",
      state(BOT, "Filled", at(1, [BEGIN + 1, 60])),
      state(BOT, "FAILED", at(0, [BEGIN, 6])),
    ),
    fires(
      rule,
      "one in four fails, in the venue's own spelling",
      { service_name: "bot" },
      { no: [BEGIN - 1, BEGIN + 2, BEGIN + 32], yes: [BEGIN + 9, BEGIN + 19] },
      state(BOT, "Filled", always(3)),
      state(BOT, "new", always(4)),
      state(BOT, "REJECTED", during(20, 0, 1)),
      state(OTHER, "FILLED", always(1)),
    ),
    fires(
      rule,
      "the first order of all is rejected",
      { service_name: "bot" },
      { no: [BEGIN - 1, BEGIN + 1, BEGIN + 11], yes: [BEGIN + 4, BEGIN + 8] },
      state(
        BOT,
        "REJECTED",
        during(END - BEGIN, undefined, 0).map((point, i) => (i === BEGIN * MINUTE ? 1 : point)),
      ),
    ),
  ];
}

function backend(): readonly Scenario[] {
  const rule = "BotBackendReachability";
  const requests = (labels: ScenarioSeries["labels"], status: string, points: Point[]) =>
    series(METRICS.botBackendRequests, { ...labels, method: "GET", status }, points);
  return [
    quiet(rule, "requests succeed", requests(BOT, "success", always(15)), requests(BOT, "refused", always(1))),
    quiet(rule, "the bot asks nothing", requests(BOT, "success", always(0)), requests(BOT, "error", always(0))),
    quiet(
      rule,
      "just less than half of them fail",
      requests(BOT, "success", during(15, 15, 8)),
      requests(BOT, "error", during(15, 0, 7)),
    ),
    quiet(
      rule,
      "many fail at once, and a minute later many succeed",
      requests(BOT, "success", at(15, [BEGIN + 1, 900])),
      requests(BOT, "error", at(0, [BEGIN, 450])),
    ),
    fires(
      rule,
      "the backend goes away",
      { service_name: "bot" },
      { no: [BEGIN - 1, BEGIN + 2, BEGIN + 22], yes: [BEGIN + 8, BEGIN + 14] },
      requests(BOT, "success", during(15, 15, 0)),
      requests(BOT, "error", during(15, 0, 15)),
      requests(OTHER, "success", always(15)),
      requests(OTHER, "error", always(1)),
    ),
  ];
}

function evidence(): readonly Scenario[] {
  const rule = "TracebookEvidenceDropped";
  const dropped = (labels: ScenarioSeries["labels"], kind: string, points: Point[]) =>
    series(METRICS.telemetryDropped, { ...labels, class: kind, reason: "disk_full" }, points);
  const first = at(undefined).map((_, i) => (i < BEGIN * MINUTE ? undefined : i === BEGIN * MINUTE ? 3 : 0));
  return [
    quiet(rule, "nothing is lost", dropped(BOT, "evidence", always(0))),
    quiet(
      rule,
      "what is lost is no evidence",
      dropped(BOT, "journal_market", during(15, 0, 5)),
      dropped(BOT, "spans", first),
    ),
    fires(
      rule,
      "the counter appears with the first that is lost",
      BOT,
      { no: [BEGIN - 1, BEGIN + 11], yes: [BEGIN + 1, BEGIN + 8] },
      dropped(BOT, "journal_evidence", first),
      dropped(OTHER, "evidence", always(0)),
    ),
  ];
}

function lateEvidence(): readonly Scenario[] {
  const rule = "TracebookLateEvidence";
  const late = (labels: ScenarioSeries["labels"], points: Point[]) =>
    series(METRICS.telemetryJournalLateRecords, labels, points);
  return [
    quiet(rule, "records are in time", late(BOT, always(0))),
    fires(
      rule,
      "some orders go out first",
      BOT,
      { no: [BEGIN - 1, BEGIN + 11], yes: [BEGIN + 1, BEGIN + 8] },
      late(BOT, at(0, [BEGIN, 5])),
      late(OTHER, always(0)),
    ),
  ];
}

function destinations(): readonly Scenario[] {
  const rule = "TracebookDestinationEvidenceDropped";
  const dropped = (destination: string, kind: string, points: Point[]) =>
    series(
      METRICS.telemetryDestinationDropped,
      { ...BOT, destination, class: kind, signal: "logs", reason: "queue_full" },
      points,
    );
  return [
    quiet(rule, "a destination lacks what is no evidence", dropped("desk", "ordinary", during(15, 0, 7))),
    fires(
      rule,
      "one lacks evidence",
      { ...BOT, destination: "desk" },
      { no: [BEGIN - 1, BEGIN + 11], yes: [BEGIN + 1, BEGIN + 8] },
      dropped("desk", "evidence", at(0, [BEGIN, 7])),
      dropped("archive", "evidence", always(0)),
    ),
  ];
}

function telemetry(): readonly Scenario[] {
  const rule = "TracebookTelemetryDropped";
  const dropped = (kind: string, points: Point[]) =>
    series(METRICS.telemetryDropped, { ...BOT, class: kind, reason: "queue_full" }, points);
  return [
    quiet(rule, "evidence is lost, which has a rule of its own", dropped("evidence", during(15, 0, 5))),
    fires(
      rule,
      "spans are dropped",
      { ...BOT, class: "spans" },
      { no: [BEGIN - 1, BEGIN + 4, BEGIN + 11], yes: [BEGIN + 6, BEGIN + 9] },
      dropped("spans", at(0, [BEGIN, 100])),
      dropped("destination_logs", always(0)),
      dropped("destination_evidence", during(15, 0, 1)),
    ),
  ];
}

function delivery(): readonly Scenario[] {
  const rule = "TracebookDeliveryFailing";
  const age = (signal: string, points: Point[]) => series(METRICS.telemetrySpoolAge, { ...BOT, signal }, points);
  return [
    quiet(rule, "nothing waits", age("traces", always(0))),
    quiet(rule, "something has been waiting for five minutes", age("traces", during(15, 0, 300))),
    quiet(rule, "something old waits for four minutes", age("traces", during(4, 0, 400))),
    fires(
      rule,
      "what waits grows old",
      { ...BOT, signal: "traces" },
      { no: [BEGIN - 1, BEGIN + 4.5, BEGIN + 16], yes: [BEGIN + 6, BEGIN + 14] },
      age("traces", during(15, 0, 400)),
      age("logs", during(15, 0, 200)),
    ),
  ];
}
