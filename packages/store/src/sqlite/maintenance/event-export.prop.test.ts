import { DatabaseSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../../test/parse-csv.ts";
import { createEvent } from "../../../test/store-events.ts";
import { createTestDatabase } from "../../../test/test-database.ts";
import type { EventData } from "../../store-input.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { toCsvCell } from "./csv-cell.ts";
import { exportEvents } from "./event-export.ts";

const START = Date.UTC(2026, 10, 20, 12) * 1000;

const hostile = fc.constantFrom(
  ...[
    "\n",
    "\r\n",
    '"',
    '""',
    ",",
    ";",
    "'",
    "\t",
    "\0",
    "\u2028",
    "\ud800",
    "\udc00x",
    "</script>",
    "=1+1",
    "+1",
    "-1.5",
    "-1.5.",
    "-2+3",
  ],
  ...[
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "'=1",
    "''",
    " lead",
    "trail ",
    "\uff1d1",
    "\ufeff",
    "\u001b[31m",
    "漢字🎯",
    "{}",
    "__proto__",
    "",
  ],
);
const text = fc.oneof(
  hostile,
  fc.string({ unit: "binary" }),
  fc.array(hostile, { maxLength: 4 }).map((parts) => parts.join("")),
);
const data = fc.dictionary(
  text,
  fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null), fc.array(text)),
  {
    noNullPrototype: true,
  },
);
const seed = fc.record({
  eventType: text,
  symbol: fc.option(text, { nil: undefined }),
  runId: text,
  data,
  at: fc.integer({ min: 0, max: 3 }),
});

/** What a column of text can hold: half of a pair is no character, UTF-8 has none for it, and NUL would end it. */
const stored = (value: string | undefined): string | null => value?.toWellFormed().replaceAll("\0", "\ufffd") ?? null;
/** As JSON has it: no negative zero. */
const plain = (value: EventData): unknown => JSON.parse(JSON.stringify(value));

/** The value of a cell: one leading `'` is never part of it. */
const valueIn = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell);

describe("what was exported", () => {
  it("parses back to what was written, in each format, whatever the texts hold", async () => {
    await fc.assert(
      fc.property(fc.array(seed, { maxLength: 12 }), (seeds) => {
        const { database, path, writer } = createTestDatabase();
        const events = seeds.map(({ at, ...more }, i) =>
          createEvent({ ...more, seq: i + 1, timestamp: toTimestamp(START + at) }),
        );
        writer.writeEvents(events);
        const reader = new DatabaseSync(path, { readOnly: true });
        const all = (format: "json" | "ndjson" | "csv") =>
          Buffer.concat([...exportEvents(reader, {}, format)]).toString();
        const expected = events
          .toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : a.seq - b.seq))
          .map(({ eventType, timestamp, symbol, runId, data, seq }) => ({
            ...{
              event_type: stored(eventType),
              timestamp,
              symbol: stored(symbol),
              run_id: stored(runId),
              seq,
              data: plain(data),
            },
          }));
        const seen = (parsed: StoredEvent[]) =>
          parsed.map(({ event_type, timestamp, symbol, run_id, seq, data }) => ({
            event_type,
            timestamp,
            symbol,
            run_id,
            seq,
            data,
          }));
        expect(seen(JSON.parse(all("json")))).toEqual(expected);
        const lines = all("ndjson").split("\n");
        expect(lines.pop()).toBe("");
        expect(seen(lines.map((line) => JSON.parse(line)))).toEqual(expected);
        const [head, ...records] = parseCsv(all("csv"));
        expect(head).toEqual(["event_type", "timestamp", "symbol", "data"]);
        expect(
          records.map(([type, timestamp, symbol, data]) => [
            valueIn(type!),
            timestamp,
            valueIn(symbol!),
            JSON.parse(valueIn(data!)),
          ]),
        ).toEqual(expected.map((event) => [event.event_type, event.timestamp, event.symbol ?? "", event.data]));
        reader.close();
        database.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe("a cell", () => {
  it("is never a formula, and its value is the cell without one leading apostrophe", () => {
    fc.assert(
      fc.property(text, (value) => {
        const [[cell] = []] = parseCsv(`${toCsvCell(value)}\r\n`);
        expect(valueIn(cell!)).toBe(value);
        if (/^[=+\-@\t\r\n]/.test(cell!)) expect(cell).toMatch(/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["BTC/USDT", "BTC/USDT"],
    ["-1.5", "-1.5"],
    ["+2e10", "+2e10"],
    ["-1.5-", "'-1.5-"],
    ["=1+1", "'=1+1"],
    ["@cmd", "'@cmd"],
    ["\t=1", '"\'\t=1"'],
    ["'tis", "''tis"],
    ['say "no"', '"say ""no"""'],
    ["a,b", '"a,b"'],
    ["a\nb", '"a\nb"'],
  ])("%j is written as %j", (value, cell) => {
    expect(toCsvCell(value)).toBe(cell);
  });
});
