// Fills a PostgreSQL database with samples and asks it, for the benchmark of another package, which may not reach in here. Forked.
import { toTimestamp } from "@tracebook/core";
import { openPostgresStore } from "../src/postgres/index.ts";
import { API_QUESTIONS, askQuestions, type QuestionFigures } from "./questions.ts";
import { SAMPLE_RANGE, sampleInput } from "./sample-database.ts";

/** What is to be done. Each answers when it is over. */
type PostgresOrder =
  | {
      readonly kind: "fill";
      readonly url: string;
      readonly events: number;
      readonly decisions: number;
      /** Which of how many writers this is: batches go to them by turns, so that all are in the same hour. */
      readonly part: number;
      readonly parts: number;
    }
  | { readonly kind: "ask"; readonly url: string; readonly runs: number }
  /** Removes the first of the days that are left. `removed`: how many are gone already. */
  | { readonly kind: "cleanUp"; readonly url: string; readonly removed: number };

const BATCH = 2_000;
/** Batches that wait while one is written. */
const IN_FLIGHT = 4;
const DAY_MICROS = 86_400e6;

async function fill({ url, events, decisions, part, parts }: PostgresOrder & { kind: "fill" }): Promise<number> {
  const store = await openPostgresStore({ url, maxPendingBytes: 2 ** 28 });
  const all = events + decisions;
  const every = decisions === 0 ? Number.POSITIVE_INFINITY : all / decisions;
  let first = part * BATCH;
  let written = 0;
  const lane = async (): Promise<void> => {
    while (first < all) {
      const from = first;
      first += parts * BATCH;
      const length = Math.min(BATCH, all - from);
      const source = { serviceName: "bench-bot", instanceId: `bench-${part}` };
      const batch = Array.from({ length }, (_, k) => ({ ...sampleInput(from + k, all, every), source }));
      const result = await store.writeEvents(batch);
      written += result.written;
      if (part === 0 && (from / BATCH) % 250 < parts)
        process.stderr.write(`  about ${from + length} of ${all} events\n`);
    }
  };
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  } finally {
    await store.close();
  }
  return written;
}

async function ask({ url, runs }: PostgresOrder & { kind: "ask" }) {
  const store = await openPostgresStore({ url });
  try {
    const figures: QuestionFigures[] = [];
    for (const [i, question] of API_QUESTIONS.entries()) {
      figures.push(...(await askQuestions(store, [question], SAMPLE_RANGE, runs)));
      const { name, p95Ms } = figures.at(-1)!;
      process.stderr.write(`  ${i + 1} of ${API_QUESTIONS.length}: ${name}: p95 ${p95Ms.toFixed(1)} ms\n`);
    }
    return figures;
  } finally {
    await store.close();
  }
}

async function cleanUp({ url, removed }: PostgresOrder & { kind: "cleanUp" }) {
  const store = await openPostgresStore({ url });
  try {
    const eventsOlderThan = toTimestamp(SAMPLE_RANGE.fromMicros + (removed + 1) * DAY_MICROS);
    const startMs = performance.now();
    const { events, decisions } = await store.cleanUp({ eventsOlderThan });
    return { events, decisions, tookMs: performance.now() - startMs };
  } finally {
    await store.close();
  }
}

async function obey(order: PostgresOrder): Promise<unknown> {
  if (order.kind === "fill") return fill(order);
  return order.kind === "ask" ? ask(order) : cleanUp(order);
}

process.on("message", (message) => {
  const { id, order } = message as { readonly id: number; readonly order: PostgresOrder };
  obey(order).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.once("disconnect", () => process.exit());
