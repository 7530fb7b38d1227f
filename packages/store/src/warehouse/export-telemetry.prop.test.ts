import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readParquetFile } from "../../test/read-parquet.ts";
import { testFolder } from "../../test/test-database.ts";
import { createRowWriter } from "./create-row-writer.ts";
import { EXPORT_COLUMNS, type ExportCell, type ExportColumnType, type ExportTable } from "./export-columns.ts";
import { openPartFile } from "./part-file.ts";

const hostile = fc.constantFrom("", "\0", "\n", '"', "=1+1", "漢字🎯", "\ufeff", "null", "\u2028", "__proto__");
const text = fc.oneof(hostile, fc.string({ unit: "grapheme" }));
/** Up to 28 digits on either side of the point. */
const decimal = fc
  .tuple(fc.constantFrom("", "-"), fc.stringMatching(/^[1-9]\d{0,27}$/), fc.stringMatching(/^\d{0,28}$/))
  .map(([sign, whole, rest]) => `${sign}${whole}${rest === "" ? "" : `.${rest}`}`);
/** From the first to the last moment that a timestamp can tell. */
const micros = fc.bigInt({ min: -62_167_219_200_000_000n, max: 253_402_300_799_999_999n });
const double = fc.double({ noNaN: true });
const small = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const safe = fc.maxSafeInteger();

const ARBITRARIES: Readonly<Record<ExportColumnType, fc.Arbitrary<NonNullable<ExportCell>>>> = {
  int64: safe,
  int32: small,
  double,
  boolean: fc.boolean(),
  text: fc.oneof(text, decimal),
  timestamp: micros.map(toText),
  json: fc.json(),
};

function toText(at: bigint): string {
  const seconds = (at - (((at % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n;
  const rest = at - seconds * 1_000_000n;
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19)}.${String(rest).padStart(6, "0")}Z`;
}

function toMicros(timestamp: string): bigint {
  return BigInt(Date.parse(`${timestamp.slice(0, 19)}Z`)) * 1_000n + BigInt(timestamp.slice(20, 26));
}

it.each(Object.keys(EXPORT_COLUMNS) as ExportTable[])(
  "a Parquet file of %s read by another reader has every row as it was: decimals to the last digit, times to the microsecond",
  async (table) => {
    const dir = testFolder();
    const columns = EXPORT_COLUMNS[table];
    const cells = columns.map(
      ({ type, isRequired }): fc.Arbitrary<ExportCell> =>
        isRequired ? ARBITRARIES[type] : fc.option(ARBITRARIES[type]),
    );
    const row = fc.tuple(...cells);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const path = join(dir, `${count++}.parquet`);
        const file = await openPartFile(path);
        const writer = await createRowWriter("parquet", table, columns, file);
        for (const one of rows) await writer.add(one);
        await writer.finish();
        await file.close();
        await file.commit();
        const expected = rows.map((one) =>
          Object.fromEntries(
            columns.map(({ name, type }, i) => {
              const cell = one[i]!;
              if (cell === null || type === "text" || type === "json") return [name, cell];
              if (type === "timestamp") return [name, toMicros(String(cell))];
              return [name, type === "int64" ? BigInt(cell) : cell];
            }),
          ),
        );
        expect(readParquetFile(path).rows).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  },
);
