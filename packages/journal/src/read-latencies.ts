// The reader of `logs/metrics.jsonl`, for summaries.
import { journalFiles } from "./read-journal.ts";
import { createReadReport, type ReadReport } from "./read-report.ts";
import { readShard } from "./shard-reader.ts";

/** The stage latencies of one flow. */
export interface LatencyLine {
  /** Milliseconds by field name: `book_to_signal_ms`, ..., `end_to_end_ms`. */
  readonly stages: Readonly<Record<string, number>>;
  readonly timestamp: string | undefined;
  readonly traceId: string | undefined;
  readonly flow: string | undefined;
  readonly symbol: string | undefined;
  readonly strategy: string | undefined;
  readonly runId: string | undefined;
  readonly instanceId: string | undefined;
  readonly outcomeStage: string | undefined;
  readonly reasonCode: string | undefined;
}

const STAGE_FIELD = /^[\w.-]+_ms$/;

/**
 * Yields the latency lines of a journal folder, or of one file, in the order of the files. Every field that ends in `_ms` and is
 * a finite number is a stage, so that lines of other writers are read too. Throws `no_journal`.
 */
export async function* readLatencies(
  path: string,
  report: ReadReport = createReadReport(),
): AsyncGenerator<LatencyLine> {
  for (const file of await journalFiles(path, (shard) => shard.name.stem === "metrics"))
    for await (const lines of readShard(file, { toValue: toLatencyLine, report }))
      for (const { value } of lines) yield value;
}

function toLatencyLine(object: Record<string, unknown>): LatencyLine | undefined {
  const stages: Record<string, number> = {};
  let count = 0;
  for (const [name, value] of Object.entries(object)) {
    if (!STAGE_FIELD.test(name) || typeof value !== "number" || !Number.isFinite(value)) continue;
    stages[name] = value;
    count++;
  }
  const outcome = object["outcome"] as Record<string, unknown> | undefined;
  const traceId = text(object["trace_id"]);
  if (count === 0 && traceId === undefined) return undefined;
  return {
    stages,
    traceId,
    timestamp: text(object["timestamp"]),
    flow: text(object["flow"]),
    symbol: text(object["symbol"]),
    strategy: text(object["strategy"]),
    runId: text(object["run_id"]),
    instanceId: text(object["instance_id"]),
    outcomeStage: text(outcome?.["stage"]),
    reasonCode: text(outcome?.["reason_code"]),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
