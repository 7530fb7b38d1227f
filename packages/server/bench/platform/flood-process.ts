// A writer of the benchmark: a process with a store on PostgreSQL that takes requests as fast as it can. Forked by postgres-ingest.ts.
import { openPostgresStore, type PostgresStore } from "@tracebook/store/postgres";
import { answerOrders } from "../child.ts";
import { type Mix, makeTemplates, type RequestTemplate } from "../samples.ts";
import { moveTimes, stampRound } from "../stamps.ts";
import type { FloodMark, FloodOrder } from "./postgres-ingest.ts";

const TEMPLATES = 60;
/** Distance of two records of a template. */
const STEP_NANOS = 50_000;
/** Rounds are instances: those of one writer are apart from those of another, and of another mix. */
const ROUNDS_EACH = 1_000_000;

let templates: readonly RequestTemplate[] = [];
let store: PostgresStore | undefined;
let lanes: Promise<unknown> = Promise.resolve();
let isOver = false;
let round = 0;
let next = 0;
const counts = { accepted: 0, written: 0, requests: 0, failed: 0, problem: "" };

answerOrders<FloodOrder>(async (order) => {
  switch (order.kind) {
    case "prepare":
      templates = await makeTemplates(order.mix, TEMPLATES, order.batch);
      round = ROUNDS_EACH * (1 + order.writer + 10 * mixNumber(order.mix));
      store = await openPostgresStore({ url: order.url, onProblem: (line) => process.stderr.write(`${line}\n`) });
      return templates.reduce((bytes, { body }) => bytes + body.length, 0) / (TEMPLATES * order.batch);
    case "start":
      lanes = Promise.all(Array.from({ length: order.inFlight }, lane));
      return undefined;
    case "mark":
      return mark();
    case "stop":
      isOver = true;
      await lanes;
      await store?.close();
      return mark();
  }
});

function mark(): FloodMark {
  const { user, system } = process.cpuUsage();
  const host = process.threadCpuUsage();
  const { maxRSS } = process.resourceUsage();
  return {
    ...counts,
    atMs: performance.now(),
    cpuMicros: user + system,
    hostCpuMicros: host.user + host.system,
    maxRssBytes: maxRSS * 1024,
  };
}

async function lane(): Promise<void> {
  while (!isOver) {
    const { body, items } = renewed();
    counts.accepted += items;
    try {
      const { written } = await store!.takeOtlp("logs", body, "protobuf");
      counts.written += written;
      counts.requests++;
    } catch (error) {
      counts.failed += items;
      counts.problem = String(error);
    }
  }
}

/** None of its items has been there before. The store copies it before it answers anything. */
function renewed(): RequestTemplate {
  const template = templates[next % templates.length]!;
  if (next % templates.length === 0) round++;
  stampRound(template, round);
  if (next >= templates.length) moveTimes(template, BigInt(templates.length * template.items * STEP_NANOS));
  next++;
  return template;
}

function mixNumber(mix: Mix): number {
  return ["events", "decisions", "spans"].indexOf(mix);
}
