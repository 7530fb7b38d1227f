// The senders: as fast as a desk takes it, or as things happen. Forked by sender.ts.
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { answerOrders } from "./child.ts";
import type { OtlpRequest } from "./deliver.ts";
import { type Mix, makeTemplates, type RequestTemplate } from "./samples.ts";
import { SendRun } from "./send-run.ts";
import type { FloodPlan, Prepared, SenderOrder, SendReport } from "./sender.ts";
import { moveTimes, stampRound, stampTimes } from "./stamps.ts";

/** Hands out what is sent next; undefined: there is nothing more. */
type Source = () => OtlpRequest | undefined;

/** Requests that are made once, and made new each time round. */
const TEMPLATES = 200;
/** Distance of two records of a template. */
const STEP_NANOS = 50_000;
/** Requests of a bot that sends a hundred times a second, and senders of them: one whose answer is late does not hold up the next. */
const PACE_REQUESTS = 1_000;
const PACE_EVERY_MS = 10;
const PACE_SENDERS = 8;
const FILL_BATCH = 500;
/** Rounds of one mix are numbered apart from those of another, since both are one instance each round. */
const FIRST_ROUNDS: Readonly<Record<Mix, number>> = { events: 0, decisions: 40_000_000, spans: 80_000_000 };

let flood: { readonly source: Source; readonly senders: number } | undefined;
let pacing: { readonly done: Promise<SendReport>; readonly over: AbortController } | undefined;
/** The next round of each mix: a database may get more than one run. */
const rounds: Record<Mix, number> = { ...FIRST_ROUNDS };

answerOrders<SenderOrder>(async (order) => {
  if (order.kind === "prepare") return prepare(order);
  if (order.kind === "flood") return sendFlood(order.url, order.seconds);
  if (order.kind === "fill") return fill(order.url, order.items, order.minutes);
  if (order.kind === "stop") {
    pacing?.over.abort();
    return pacing?.done;
  }
  const over = new AbortController();
  const templates = await makeMixedTemplates(PACE_REQUESTS, (order.eventsPerS * PACE_EVERY_MS) / 1e3);
  pacing = { over, done: pace(order.url, order.eventsPerS, templates, over.signal) };
  return undefined;
});

async function prepare({ mix, batch, senders, gzipItems }: FloodPlan): Promise<Prepared> {
  const templates = await makeTemplates(mix, TEMPLATES, batch);
  const itemBytes = templates.reduce((sum, { body }) => sum + body.length, 0) / (TEMPLATES * batch);
  const source = renewing(mix, templates);
  if (gzipItems === undefined) {
    flood = { source, senders };
    return { itemBytes, wireBytes: itemBytes };
  }
  const packed = Array.from({ length: Math.ceil(gzipItems / batch) }, () => pack(source()!));
  const wireBytes = packed.reduce((sum, { body }) => sum + body.length, 0) / (packed.length * batch);
  packed.reverse();
  flood = { source: () => packed.pop(), senders };
  return { itemBytes, wireBytes };
}

/** As exporters do it: level 6. */
function pack(request: OtlpRequest): OtlpRequest {
  return { ...request, body: gzipSync(request.body), isGzip: true };
}

/** Requests without an end, none of whose items has been there before. */
function renewing(mix: Mix, templates: readonly RequestTemplate[]): Source {
  const roundNanos = BigInt(templates.reduce((sum, { items }) => sum + items, 0) * STEP_NANOS);
  let handedOut = 0;
  return () => {
    const template = templates[handedOut % templates.length]!;
    if (handedOut % templates.length === 0) rounds[mix]++;
    stampRound(template, rounds[mix]);
    if (handedOut >= templates.length) moveTimes(template, roundNanos);
    handedOut++;
    return toRequest(mix, template);
  };
}

/** A copy: a request that is refused for a while is sent again as it was, whatever has become of its template since. */
function toRequest(mix: Mix, { body, items }: RequestTemplate): OtlpRequest {
  return { signal: mix === "spans" ? "traces" : "logs", body: Buffer.from(body), items, isGzip: false };
}

async function sendFlood(url: string, seconds: number): Promise<SendReport> {
  if (flood === undefined) throw new Error("nothing is prepared");
  const { source, senders } = flood;
  flood = undefined;
  const run = new SendRun(url, senders);
  const send = async (): Promise<void> => {
    while (run.seconds < seconds) {
      const request = source();
      if (request === undefined) return run.ranOut();
      await run.deliver(request);
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return run.report();
}

interface MixedTemplate {
  readonly mix: Mix;
  readonly template: RequestTemplate;
}

/** So many of each, by turns: one of events, one of decisions. */
async function makeMixedTemplates(count: number, batch: number): Promise<readonly MixedTemplate[]> {
  const mixes = ["events", "decisions"] as const;
  const made = await Promise.all(mixes.map((mix) => makeTemplates(mix, count, batch)));
  return Array.from({ length: 2 * count }, (_, i) => ({ mix: mixes[i % 2]!, template: made[i % 2]![i >> 1]! }));
}

/**
 * Each event has the moment at which it was due as its time, to the microsecond, and leaves with the next request: up to ten milliseconds
 * later. Where the desk is slow the requests wait, and the events' times stay what they are.
 */
async function pace(
  url: string,
  eventsPerS: number,
  templates: readonly MixedTemplate[],
  over: AbortSignal,
): Promise<SendReport> {
  const run = new SendRun(url, PACE_SENDERS);
  const startMs = Date.now();
  const startPerf = performance.now();
  const underWay = new Set<Promise<void>>();
  let made = 0;
  for (let turn = 0; !over.aborted; turn++) {
    const { mix, template } = templates[turn % templates.length]!;
    const lastDueMs = ((made + template.items - 1) * 1e3) / eventsPerS;
    await sleep(Math.max(0, lastDueMs - (performance.now() - startPerf)));
    if (turn % templates.length < 2) rounds[mix]++;
    stampRound(template, rounds[mix]);
    const firstMade = made;
    stampTimes(template, (item) => startMs + ((firstMade + item) * 1e3) / eventsPerS);
    made += template.items;
    const delivery = run.deliver(toRequest(mix, template)).finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  }
  await Promise.all(underWay);
  return run.report();
}

/** About so many items, half of them decisions, spread evenly over the last minutes, oldest first. */
async function fill(url: string, items: number, minutes: number): Promise<SendReport> {
  const templates = await makeMixedTemplates(Math.ceil(items / FILL_BATCH / 2), FILL_BATCH);
  const run = new SendRun(url, 1);
  const spanMs = minutes * 60e3;
  const startMs = Date.now() - spanMs;
  const stepMs = spanMs / (templates.length * FILL_BATCH);
  for (const mix of ["events", "decisions"] as const) rounds[mix]++;
  for (const [i, { mix, template }] of templates.entries()) {
    stampRound(template, rounds[mix]);
    stampTimes(template, (item) => startMs + (i * FILL_BATCH + item) * stepMs);
    await run.deliver(toRequest(mix, template));
  }
  return run.report();
}
