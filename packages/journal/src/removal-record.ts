// When retention removes a file, a record stays in place of each instance's records: a journal never loses numbers in silence.
import { join } from "node:path";
import { toTimestamp } from "@tracebook/core";
import { dayOf } from "./closed-shards.ts";
import { RECORDS_DROPPED, toRecordsDropped } from "./dropped-records.ts";
import type { JournalFileSystem } from "./file-system.ts";
import { eventsFolder } from "./journal-layout.ts";
import { type JournalRecord, toJournalRecord } from "./journal-record.ts";
import { createReadReport } from "./read-report.ts";
import type { Shard } from "./shard-list.ts";
import { readShard } from "./shard-reader.ts";

interface Span {
  firstSeq: number;
  lastSeq: number;
  count: number;
  readonly runId: string;
}

/** What a file holds, by instance. Reads the file piece by piece, so that the program runs on in between. */
export async function readSpans(path: string): Promise<ReadonlyMap<string, Span>> {
  const spans = new Map<string, Span>();
  for await (const lines of readShard(path, { toValue: toJournalRecord, report: createReadReport() }))
    for (const { value } of lines) add(spans, value);
  return spans;
}

function add(spans: Map<string, Span>, record: JournalRecord): void {
  const { seq, instance_id, run_id } = record;
  const span = spans.get(instance_id);
  if (span === undefined) spans.set(instance_id, { firstSeq: seq, lastSeq: seq, count: 1, runId: run_id });
  else {
    span.firstSeq = Math.min(span.firstSeq, seq);
    span.lastSeq = Math.max(span.lastSeq, seq);
    span.count++;
  }
}

/** Appends the declarations of what `shard` held to `removed.jsonl` of its day. Throws what the file system says. */
export function declareRemoval(
  fs: JournalFileSystem,
  dir: string,
  shard: Shard,
  spans: ReadonlyMap<string, Span>,
  epochMicros: number,
): void {
  if (spans.size === 0) return;
  const folder = join(eventsFolder(dir), dayOf(shard));
  fs.mkdir(folder);
  const recordClass = shard.name.stem === "events" ? "evidence" : "event";
  let text = "";
  for (const [instanceId, { runId, ...span }] of spans) {
    const record: JournalRecord = {
      // It stands where the first of the removed records stood.
      seq: span.firstSeq,
      instance_id: instanceId,
      event_type: RECORDS_DROPPED,
      timestamp: toTimestamp(epochMicros),
      run_id: runId,
      data: { ...toRecordsDropped({ ...span, recordClass, reason: "retention" }) },
    };
    text += `${JSON.stringify(record)}\n`;
  }
  const fd = fs.open(join(folder, "removed.jsonl"), "append");
  try {
    const bytes = Buffer.from(text);
    if (fs.write(fd, bytes, 0, bytes.length) < bytes.length) throw new Error("the declaration was not written whole");
  } finally {
    fs.close(fd);
  }
}
