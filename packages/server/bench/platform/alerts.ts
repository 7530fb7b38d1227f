// A thousand rules over two thousand events a second: what the alerting process costs, and how soon somebody is told.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AlertEngineStats } from "@tracebook/alerts";
import { type Child, startChild } from "../child.ts";
import { number } from "../text-table.ts";
import { type TimeFigures, timeFigures } from "../times.ts";
import type { ProbeKind } from "./alert-rules.ts";
import type { StageContext, StageResult, StageTable } from "./stage.ts";

/** What the alerting process is told. */
export type AlertingOrder =
  | {
      readonly kind: "start";
      readonly path: string;
      readonly url: string;
      readonly rules: number;
      readonly seconds: number;
    }
  | { readonly kind: "mark" | "stop" };

/** How far it is, since it began. */
export interface AlertingMark {
  readonly stats: AlertEngineStats;
  /** Of all threads: evaluating, the store's, delivery. */
  readonly cpuMicros: number;
  readonly atMs: number;
  readonly maxRssBytes: number;
}

/** What the process that writes is told: `probe` has probes fire from now on, `rest` ends that. */
export type LoadOrder =
  | {
      readonly kind: "start";
      readonly path: string;
      readonly eventsPerS: number;
      readonly rules: number;
      readonly seconds: number;
    }
  | { readonly kind: "probe" | "rest" | "stop" };

/** When the condition of a rule came true. */
export interface TrueMoment {
  readonly rule: string;
  readonly kind: ProbeKind;
  /** By the time that the record bears, milliseconds since 1970. */
  readonly trueAtMs: number;
}

/** What it has done. */
export interface LoadReport {
  readonly sent: number;
  readonly written: number;
  readonly moments: readonly TrueMoment[];
}

interface Received {
  readonly rule: string;
  readonly event: string;
  readonly key: string;
  readonly atMs: number;
}

const EVENTS_PER_S = 2_000;
/** Long enough for the first windows to be filled and what fires at once to have fired. */
const WARM_UP_S = 8;
/** For what has come true last. */
const SETTLE_S = 8;

/** Measures it with an engine, a writer and a receiver that are processes of their own. */
export async function measureAlerts(context: StageContext): Promise<StageResult> {
  const { seconds, rules, workDir, say } = context;
  const path = join(workDir, "telemetry.db");
  const receiver = await startWebhook();
  context.atEnd(() => receiver.close());
  const alerting = startChild<AlertingOrder>(new URL("./alerting-process.ts", import.meta.url), "the alerting process");
  const load = startChild<LoadOrder>(new URL("./alert-load-process.ts", import.meta.url), "the load");
  try {
    await load.ask({ kind: "start", path, eventsPerS: EVENTS_PER_S, rules, seconds });
    await alerting.ask({ kind: "start", path, url: receiver.url, rules, seconds });
    say(`${rules} rules over ${EVENTS_PER_S} events/s: ${WARM_UP_S} s to warm up, ${seconds} s that count`);
    await sleep(WARM_UP_S * 1e3);
    const watched = await watch(alerting, load, seconds);
    await sleep(SETTLE_S * 1e3);
    const report = await load.ask<LoadReport>({ kind: "stop" });
    const problems = await alerting.ask<readonly string[]>({ kind: "stop" });
    return toResult({ ...watched, rules, report, problems, received: receiver.received });
  } finally {
    await load.end();
    await alerting.end();
  }
}

interface Watched {
  readonly from: AlertingMark;
  readonly to: AlertingMark;
  /** From the end of a second until what came of it was written, looked at once a second. */
  readonly lagMs: readonly number[];
  readonly lookMs: readonly number[];
}

async function watch(alerting: Child<AlertingOrder>, load: Child<LoadOrder>, seconds: number): Promise<Watched> {
  const from = await alerting.ask<AlertingMark>({ kind: "mark" });
  await load.ask({ kind: "probe" });
  const startMs = performance.now();
  const marks: AlertingMark[] = [];
  for (let second = 1; second <= seconds; second++) {
    await sleep(Math.max(0, startMs + second * 1e3 - performance.now()));
    marks.push(await alerting.ask<AlertingMark>({ kind: "mark" }));
  }
  await load.ask({ kind: "rest" });
  const stats = marks.map((one) => one.stats);
  return {
    from,
    to: marks.at(-1) ?? from,
    lagMs: stats.map(({ lagSeconds }) => lagSeconds * 1e3),
    lookMs: stats.map(({ lookSeconds }) => lookSeconds * 1e3),
  };
}

interface AlertsRun extends Watched {
  readonly rules: number;
  readonly report: LoadReport;
  readonly problems: readonly string[];
  readonly received: readonly Received[];
}

function toResult({ from, to, lagMs, lookMs, rules, report, problems, received }: AlertsRun): StageResult {
  const told = report.moments.map((moment) => ({ ...moment, tookMs: tookMsOf(moment, received) }));
  const missing = told.filter(({ tookMs }) => tookMs === undefined).map(({ rule }) => rule);
  const timesOf = (kind?: ProbeKind): TimeFigures | undefined =>
    timeFigures(told.flatMap((one) => (kind === undefined || one.kind === kind ? (one.tookMs ?? []) : [])));
  const wallMs = to.atMs - from.atMs;
  const figures = {
    rules,
    stats: to.stats,
    eventsPerS: EVENTS_PER_S,
    ...report,
    moments: report.moments.length,
    cpuPercent: ((to.cpuMicros - from.cpuMicros) / 1e3 / wallMs) * 100,
    evaluationPercent: ((to.stats.evaluationSecondsTotal - from.stats.evaluationSecondsTotal) * 1e3 * 100) / wallMs,
    maxRssBytes: to.maxRssBytes,
    look: timeFigures(lookMs),
    lag: timeFigures(lagMs),
    told: timesOf(),
    byKind: { frequency: timesOf("frequency"), metric: timesOf("metric"), absence: timesOf("absence") },
    notifications: received.length,
    missing,
    problems,
  };
  const repeated = received.length - new Set(received.map(({ key }) => key)).size;
  const wrong = [
    ...(missing.length > 0 ? [`never told: ${missing.join(", ")}`] : []),
    ...(repeated > 0 ? [`${repeated} messages came twice`] : []),
    ...(report.sent === report.written ? [] : [`sent ${report.sent}, written ${report.written}`]),
    ...problems.slice(0, 5),
  ];
  return { tables: [costTable(figures), timeTable(figures)], figures, wrong };
}

/** From when it came true until its message was there: the first one after it, before the rule came true again. */
function tookMsOf({ rule, trueAtMs }: TrueMoment, received: readonly Received[]): number | undefined {
  const one = received.find(
    ({ rule: of, event, atMs }) => of === rule && /^alert\.(firing|reopened)$/.test(event) && atMs >= trueAtMs,
  );
  return one === undefined ? undefined : one.atMs - trueAtMs;
}

interface CostFigures {
  readonly rules: number;
  readonly stats: AlertEngineStats;
  readonly cpuPercent: number;
  readonly evaluationPercent: number;
  readonly maxRssBytes: number;
  readonly look: TimeFigures | undefined;
  readonly notifications: number;
}

function costTable({
  rules,
  stats,
  cpuPercent,
  evaluationPercent,
  maxRssBytes,
  look,
  notifications,
}: CostFigures): StageTable {
  const { firing, resolved } = stats.alerts;
  return {
    about: `${rules} rules over ${EVENTS_PER_S} events/s that another process writes into the same store on SQLite; CPU is of the whole alerting process: reading, evaluating, writing, delivery`,
    head: [
      "alerts",
      "% of a core",
      "of it evaluating",
      "look p50 ms",
      "look max ms",
      "RSS MiB",
      "firing",
      "resolved",
      "messages",
    ],
    rows: [
      [
        "alerting",
        number(cpuPercent, 1),
        number(evaluationPercent, 2),
        number(look?.p50Ms, 1),
        number(look?.maxMs, 1),
        number(maxRssBytes / 2 ** 20),
        number(firing),
        number(resolved),
        number(notifications),
      ],
    ],
  };
}

interface ToldFigures {
  readonly told: TimeFigures | undefined;
  readonly lag: TimeFigures | undefined;
  readonly byKind: Readonly<Record<ProbeKind, TimeFigures | undefined>>;
}

function timeTable({ told, lag, byKind }: ToldFigures): StageTable {
  const row = (name: string, times: TimeFigures | undefined) => [
    name,
    number(times?.count),
    ...[times?.p50Ms, times?.p95Ms, times?.maxMs].map((ms) => number(ms === undefined ? undefined : ms / 1e3, 2)),
  ];
  return {
    about:
      "from a condition that is true, by the time of the record that makes it so, until a local receiver has the message",
    head: ["told", "times", "p50 s", "p95 s", "max s"],
    rows: [
      row("all", told),
      row("event_frequency", byKind.frequency),
      row("metric_threshold", byKind.metric),
      row("data_absence", byKind.absence),
      row("engine's own lag: end of a second to written", lag),
    ],
  };
}

async function startWebhook() {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => {
      body += piece;
    });
    request.on("end", () => {
      const atMs = Date.now();
      const { event, alert } = JSON.parse(body) as { event: string; alert: { rule_name: string } };
      received.push({ rule: alert.rule_name, event, key: String(request.headers["idempotency-key"]), atMs });
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received: received as readonly Received[],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
