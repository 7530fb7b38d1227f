// Case 9: every answer that a receiver may give, wise or not, and what follows.
import { setTimeout as sleep } from "node:timers/promises";
import type { LaneStats } from "@tracebook/exporters";
import {
  type CaseContext,
  type Check,
  check,
  type FaultCase,
  type FaultFigures,
  runBoth,
  timeCheck,
} from "../fault-case.ts";
import { type Sink, startSink } from "../harness/sink.ts";
import { startWorker } from "../harness/worker.ts";
import { ANSWER_TABLE, type AnswerRow, REFUSED_SPANS, SPANS_A_ROUTE } from "./answer-table.ts";

/** How long the answers stay the same; then the receiver is well for so long that every back-off (6 s at most) is over. */
const SICK_MS = 7_000;
const WELL_MS = 7_500;
/** No Retry-After makes anyone wait for longer. */
const RETRY_AFTER_CAP_MS = 60_000;

/** The case. */
export const answers: FaultCase = {
  id: "9",
  title:
    "400, 401, 413, 429 with Retry-After (1, 1e9, a date, garbage), 500, 502, 503, 504, partial success, 200 with HTML",
  seconds: ({ isFull }) => (isFull ? 70 : 18),
  async run(context) {
    const { ours, stock } = await runBoth(context, (observer) => tryAll(context, observer), true);
    const [figures, stockFigures] = [figuresOf(ours), figuresOf(stock)];
    const { silent_loss, duplicates } = figures;
    return {
      runs: ROUTES.length,
      figures,
      stock: stockFigures,
      checks: [
        ...ROUTES.flatMap((route) => checksOf(route, ANSWER_TABLE[route]!, ours, context.isFull)),
        check("nothing is lost in silence", silent_loss === 0, figures),
        check("nothing arrives twice", duplicates === 0, duplicates),
      ],
      headline: `tries in 7 s: ${triesText(ours)}; ${silent_loss} lost in silence, ${duplicates} twice`,
      stockHeadline: `tries in 7 s: ${triesText(stock)}; ${stockFigures.silent_loss} lost in silence`,
    };
  },
};

const ROUTES = Object.keys(ANSWER_TABLE);

interface Tried {
  /** When requests came while the receiver was sick, by route. */
  readonly triesMs: Readonly<Record<string, readonly number[]>>;
  /** Different spans at the sink, by route. */
  readonly arrived: Readonly<Record<string, number>>;
  readonly duplicates: number;
  readonly health: Told;
}

/** What the program tells. */
interface Told {
  readonly said: Readonly<Record<string, readonly string[]>>;
  readonly lanes: Readonly<Record<string, LaneStats>>;
}

async function tryAll(context: CaseContext, observer: "tracebook" | "stock"): Promise<Tried> {
  const sink = await startSink();
  try {
    for (const route of ROUTES) await sink.answer(ANSWER_TABLE[route]!.answer, route);
    const args = [observer, sink.url, context.folder("answers"), ...ROUTES];
    const program = new URL("../programs/answers.ts", import.meta.url);
    const worker = startWorker<"health" | "end">(program, "the exporters", { args });
    await worker.ask("health");
    await sleep(SICK_MS);
    const { triesMs } = await sink.state();
    for (const route of ROUTES) if (ANSWER_TABLE[route]!.fate !== "partial") await sink.answer({ kind: "take" }, route);
    await sleep(context.isFull ? RETRY_AFTER_CAP_MS : WELL_MS);
    const health = await worker.ask<Told>(observer === "stock" ? "end" : "health");
    await worker.stop();
    return { triesMs, health, ...(await arrivedAt(sink)) };
  } finally {
    await sink.close();
  }
}

async function arrivedAt(sink: Sink) {
  const { arrivals } = await sink.state();
  const kinds = ROUTES.map((_, i) => arrivals[i + 1]?.["burst"]);
  return {
    arrived: Object.fromEntries(ROUTES.map((route, i) => [route, kinds[i]?.distinct ?? 0])),
    duplicates: kinds.reduce((sum, kind) => sum + (kind?.duplicates ?? 0), 0),
  };
}

/** By fate: what the exporter must say, and what must be at the sink. A partial success has come as a whole. */
const FATES = {
  delivered: { delivered: SPANS_A_ROUTE, dropped: 0, arrived: SPANS_A_ROUTE },
  rejected: { delivered: 0, dropped: SPANS_A_ROUTE, arrived: 0 },
  partial: { delivered: SPANS_A_ROUTE - REFUSED_SPANS, dropped: REFUSED_SPANS, arrived: SPANS_A_ROUTE },
  later: { delivered: 0, dropped: 0, arrived: 0 },
} as const;

function checksOf(route: string, row: AnswerRow, { triesMs, health, arrived }: Tried, isFull: boolean): Check[] {
  const times = triesMs[route] ?? [];
  const [min, max] = row.tries;
  const lane = health.lanes[route];
  const fate = row.fate === "later" && isFull ? "delivered" : row.fate;
  const wanted = FATES[fate];
  const isSaid = lane?.delivered === wanted.delivered && lane.dropped === wanted.dropped;
  const gap = (times[1] ?? Number.NaN) - (times[0] ?? Number.NaN);
  return [
    // One try means one, however slow the machine is.
    { ...check(`${min} to ${max} tries`, times.length >= min && times.length <= max, times.length), isOfTime: max > 1 },
    check(`${fate}, as the exporter says`, isSaid, lane),
    check(`${fate}, as the sink sees it`, arrived[route] === wanted.arrived, arrived[route]),
    ...(row.gapMs === undefined
      ? []
      : [timeCheck("Retry-After is honoured", gap >= row.gapMs[0] && gap <= row.gapMs[1], gap)]),
  ].map((one) => ({ ...one, what: `${route}: ${one.what}` }));
}

function figuresOf({ triesMs, arrived, duplicates, health }: Tried): FaultFigures {
  const lanes = Object.values(health.lanes);
  const sum = (of: (lane: LaneStats) => number): number => lanes.reduce((total, lane) => total + of(lane), 0);
  const accepted = ROUTES.length * SPANS_A_ROUTE;
  // What a partial success refuses has come, and is not taken.
  const refused = ROUTES.filter((route) => ANSWER_TABLE[route]!.fate === "partial").length * REFUSED_SPANS;
  const delivered = Object.values(arrived).reduce((total, count) => total + count, 0) - refused;
  const dropped = droppedByReason(health.said);
  const spooled = sum((lane) => lane.spooled + lane.queued);
  return {
    accepted,
    delivered,
    spooled,
    dropped_by_reason: dropped,
    silent_loss: accepted - delivered - spooled - Object.values(dropped).reduce((total, count) => total + count, 0),
    duplicates,
    p99_us: null,
    loop_p99_ms: null,
    rss_peak_mib: null,
    exit_ms: null,
    arrived,
    tries: Object.fromEntries(ROUTES.map((route) => [route, triesMs[route]?.length ?? 0])),
    gaps_ms: Object.fromEntries(ROUTES.map((route) => [route, gapsOf(triesMs[route] ?? [])])),
  };
}

/** As people are told: `tracebook: dropped 10 traces (rejected)`. */
function droppedByReason(said: Told["said"]): Record<string, number> {
  const dropped: Record<string, number> = {};
  for (const line of Object.values(said).flat()) {
    const [, count, reason] = /dropped (\d+) \w+ \((\w+)\)/.exec(line) ?? [];
    if (reason !== undefined) dropped[reason] = (dropped[reason] ?? 0) + Number(count);
  }
  return dropped;
}

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - times[i]!);
}

function triesText({ triesMs }: Tried): string {
  return ROUTES.map((route) => `${route}: ${triesMs[route]?.length ?? 0}`).join(", ");
}
