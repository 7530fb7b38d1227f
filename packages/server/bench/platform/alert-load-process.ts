// Writes the load of the alerts' stage into a store, and makes probes fire at moments that it notes. Forked by alerts.ts.
import { setTimeout as sleep } from "node:timers/promises";
import { toTimestamp } from "@tracebook/core";
import type { EventInput, InputSource, NumberPointInput, Store } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { answerOrders } from "../child.ts";
import { makeTemplates } from "../samples.ts";
import { stampRound, stampTimes } from "../stamps.ts";
import {
  ABSENT_S,
  createProbes,
  PROBE_LIMIT,
  PROBE_METRIC,
  PROBE_WINDOW_S,
  type Probe,
  WATCHED_METRIC,
  WATCHED_SERIES,
} from "./alert-rules.ts";
import type { LoadOrder, LoadReport, TrueMoment } from "./alerts.ts";

const EVERY_MS = 50;
const TEMPLATES = 100;
const SECOND_MS = 1_000;
const SOURCE: InputSource = { serviceName: "bench-probe", instanceId: "bench-probe-1" };
/** From when a probe fires until it may fire again: its window, or its silence, and some seconds to resolve. */
const REST_S = PROBE_WINDOW_S + ABSENT_S + 5;

let store: Store | undefined;
let over = false;
let isProbing = false;
let loading: Promise<unknown> = Promise.resolve();
let sent = 0;
let written = 0;
let seq = 0;
const moments: TrueMoment[] = [];
/** Until when a probe of an absence is silent. */
const silentUntil = new Map<string, number>();

answerOrders<LoadOrder>(async (order): Promise<LoadReport | undefined> => {
  if (order.kind === "start") {
    store = await openSqliteStore({ path: order.path });
    const probes = createProbes(order.seconds, order.rules);
    loading = Promise.all([
      sendEvents(store, order.eventsPerS),
      everySecond((now) => beat(store!, probes, now)),
      everySecond((_now, turn) => (isProbing ? fire(store!, probes, turn) : undefined)),
    ]);
    return undefined;
  }
  if (order.kind === "probe") {
    isProbing = true;
    return undefined;
  }
  if (order.kind === "rest") {
    isProbing = false;
    return undefined;
  }
  over = true;
  await loading;
  await store?.close();
  return { sent, written, moments };
});

/** Requests as the SDK sends them, half of them decisions; each event bears the moment at which it was due. */
async function sendEvents(into: Store, eventsPerS: number): Promise<void> {
  const items = Math.round((eventsPerS * EVERY_MS) / 1e3);
  const made = await Promise.all((["events", "decisions"] as const).map((mix) => makeTemplates(mix, TEMPLATES, items)));
  const startMs = Date.now();
  const startPerf = performance.now();
  for (let turn = 0; !over; turn++) {
    await sleep(Math.max(0, startPerf + (turn + 1) * EVERY_MS - performance.now()));
    const template = made[turn % 2]![(turn >> 1) % TEMPLATES]!;
    // Rounds of the two mixes are apart: a round is an instance.
    stampRound(template, 2 * Math.floor(turn / (2 * TEMPLATES)) + (turn % 2));
    stampTimes(template, (item) => startMs + turn * EVERY_MS + (item * EVERY_MS) / items);
    sent += template.items;
    const result = await into.takeOtlp("logs", template.body, "protobuf");
    written += result.written;
  }
}

async function everySecond(run: (nowMs: number, turn: number) => Promise<void> | undefined): Promise<void> {
  const startPerf = performance.now();
  for (let turn = 0; !over; turn++) {
    await run(Date.now(), turn);
    await sleep(Math.max(0, startPerf + (turn + 1) * SECOND_MS - performance.now()));
  }
}

/** What flows all the time: the watched metric, calm values of the probes, and a sign of life of those that watch for an absence. */
async function beat(into: Store, probes: readonly Probe[], nowMs: number): Promise<void> {
  const series = Array.from({ length: WATCHED_SERIES }, (_, i) =>
    pointOf(WATCHED_METRIC, { series: String(i) }, nowMs, nowMs % 100),
  );
  const calm = probes
    .filter(({ kind }) => kind === "metric")
    .map(({ name }) => pointOf(PROBE_METRIC, { probe: name }, nowMs, 1));
  await into.writePoints([...series, ...calm]);
  const alive = probes.filter(({ kind, name }) => kind === "absence" && (silentUntil.get(name) ?? 0) <= nowMs);
  await into.writeEvents(alive.map(({ name }) => eventOf(name, nowMs)));
  for (const { name } of alive) lastBeat.set(name, nowMs);
}

const lastBeat = new Map<string, number>();

/** One probe a turn, at another moment of its second each time. */
async function fire(into: Store, probes: readonly Probe[], turn: number): Promise<void> {
  await sleep((turn * 370) % SECOND_MS);
  const probe = probes[turn % probes.length]!;
  const { name, kind } = probe;
  const nowMs = Date.now();
  if ((moments.findLast((one) => one.rule === name)?.trueAtMs ?? 0) > nowMs - REST_S * 1e3) return;
  if (kind === "absence") {
    const last = lastBeat.get(name);
    if (last === undefined) return;
    silentUntil.set(name, last + (ABSENT_S + 3) * 1e3);
    moments.push({ rule: name, kind, trueAtMs: last + ABSENT_S * 1e3 });
    return;
  }
  if (kind === "frequency") await into.writeEvents([eventOf(name, nowMs)]);
  else await into.writePoints([pointOf(PROBE_METRIC, { probe: name }, nowMs, 2 * PROBE_LIMIT)]);
  moments.push({ rule: name, kind, trueAtMs: nowMs });
}

function eventOf(eventType: string, timeMs: number): EventInput {
  return {
    eventType,
    timestamp: toTimestamp(timeMs * 1e3),
    source: SOURCE,
    seq: ++seq,
    runId: undefined,
    symbol: undefined,
    traceId: undefined,
    spanId: undefined,
    severityNumber: 9,
    data: {},
  };
}

function pointOf(
  name: string,
  labels: Readonly<Record<string, string>>,
  timeMs: number,
  value: number,
): NumberPointInput {
  return {
    type: "gauge",
    isMonotonic: false,
    isCumulative: false,
    source: SOURCE,
    name,
    unit: "1",
    description: "",
    labels,
    startMicros: 0,
    timeMicros: timeMs * 1e3,
    value,
  };
}
