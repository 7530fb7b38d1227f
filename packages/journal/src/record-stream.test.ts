import { join } from "node:path";
import type { EventRecord } from "@tracebook/core/extension";
import { describe, expect, it } from "vitest";
import { KINDS, linesOf, openJournal } from "../test/records.ts";
import { verifyJournal } from "./index.ts";

const EVENTS = "data/events/20261120/events.jsonl";

const HOSTILE: [string, Partial<EventRecord>][] = [
  ["no time that is a number", { timeMs: Symbol("hostile") as never }],
  ["a trace that is no number, which is noticed in mid line", { trace3: Symbol("hostile") as never }],
  [
    "a run that cannot be made text",
    {
      runId: {
        toString() {
          throw new Error("hostile");
        },
      } as never,
    },
  ],
];

describe.each(HOSTILE)("a record with %s", (_name, fields) => {
  it.each([1, 2, 3, 300, 700])("is dropped and declared, at place %i among 700, and no other is", async (place) => {
    const { journal, dir, accept, problems } = openJournal({ bufferSize: 65_536, flushIntervalMs: 60_000 });
    for (let seq = 1; seq <= 700; seq++) accept(KINDS.signal, { seq }, seq === place ? fields : {});
    journal.writeSync();
    const lines = linesOf(join(dir, EVENTS));
    const seqs = lines.map((line) => Number(line["seq"]));
    expect(seqs).toEqual(Array.from({ length: 701 }, (_, i) => i + 1).filter((seq) => seq !== place));
    expect(lines.at(-1)).toMatchObject({
      event_type: "records_dropped",
      data: { first_seq: place, last_seq: place, count: 1, class: "event", reason: "internal_error" },
    });
    expect(new Set(lines.slice(0, -1).map((line) => line["run_id"]))).toEqual(new Set(["run-1"]));
    expect(journal.stats()).toMatchObject({ written: 700, pending: 0, droppedTotal: 1, declared: 1 });
    expect(problems).toEqual([]);
    await journal.close();
    expect((await verifyJournal(dir)).problems).toEqual([]);
  });

  it("is dropped a second time too", () => {
    const { journal, dir, accept } = openJournal();
    accept(KINDS.signal);
    accept(KINDS.signal, {}, fields);
    accept(KINDS.signal, {}, fields);
    journal.writeSync();
    expect(linesOf(join(dir, EVENTS)).map((line) => line["event_type"])).toEqual(["signal", "records_dropped"]);
    expect(journal.stats()).toMatchObject({ written: 2, droppedTotal: 2 });
  });
});

describe("a journal in which nothing can be encoded", () => {
  it("ends its drain with every record counted, and one try to declare them", async () => {
    const { journal, accept, instance } = openJournal({ bufferSize: 65_536, flushIntervalMs: 60_000 });
    const { clock } = instance;
    for (let i = 0; i < 600; i++) accept(KINDS.signal);
    // From here on not even a declaration has a time of day.
    Object.defineProperty(clock, "epochMicros", {
      value: () => {
        throw new Error("hostile");
      },
    });
    journal.writeSync();
    const { accepted, declared, written, pending, droppedTotal } = journal.stats();
    expect({ accepted, declared, written, pending, droppedTotal }).toEqual({
      accepted: 600,
      declared: 1,
      written: 0,
      pending: 0,
      droppedTotal: 601,
    });
  });
});
