import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSqlReader, readSqlShape } from "./sql-shape.ts";

describe("the shape of a query", () => {
  it.each([
    ["select * from orders where id = $1", "select", "orders"],
    ["SELECT count(*) FROM public.Orders o JOIN fills USING (order_id)", "select", "orders"],
    ['select 1 from "Odd Name"', "select", "Odd Name"],
    ["  -- the newest first\n/* from nowhere */ select id from fills", "select", "fills"],
    ["insert into orders(id, note) values ($1, 'from elsewhere') returning id", "insert", "orders"],
    ["INSERT INTO signal_bot.signals AS s (id) VALUES ($1) ON CONFLICT DO NOTHING", "insert", "signals"],
    ["update only orders set status = $2", "update", "orders"],
    ["delete from fills", "delete", "fills"],
    [
      "with open as (select * from orders), gone as (delete from fills) insert into archive select * from open",
      "insert",
      "archive",
    ],
    ["(select 1 from a) union (select 2 from b)", "select", "a"],
    ["create table if not exists orders (id bigint)", "create", "orders"],
    ["create index on orders (symbol)", "create", ""],
    ["select * from generate_series(1, 3)", "select", ""],
    ["select 'x from y', now()", "select", ""],
    ["select * from (select * from inner_table) t", "select", ""],
    ["BEGIN", "begin", ""],
    ["commit;", "commit", ""],
    ["copy orders from stdin", "copy", "orders"],
    ["truncate table orders", "truncate", "orders"],
    ["", "other", ""],
    ["gibberish everywhere", "other", ""],
    ["with", "other", ""],
  ])("%s", (text, operation, table) => {
    expect(readSqlShape(text)).toEqual({ operation, table });
  });

  it("comes from small sets whatever the text is, and is never long", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const { operation, table } = readSqlShape(text);
        expect(operation).toMatch(/^[a-z]{2,10}$/);
        expect(table.length).toBeLessThanOrEqual(63);
      }),
    );
  });

  it("of endless different texts takes bounded memory and stays right", () => {
    const read = createSqlReader();
    for (let i = 0; i < 2_000; i++) expect(read(`select ${i} from t${i % 7}`).table).toBe(`t${i % 7}`);
    expect(read(`select ${"x, ".repeat(1_000_000)} y from t`)).toEqual({ operation: "select", table: "" });
  });
});
