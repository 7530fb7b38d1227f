import type { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { createEvent } from "../../../test/store-events.ts";
import { createTestDatabase } from "../../../test/test-database.ts";
import { SIGNAL_TABLES } from "../../warehouse/export-columns.ts";
import { createSqliteQueries } from "./sqlite-queries.ts";

/** The texts that a database prepares from now on. */
function recordTexts(database: DatabaseSync): Set<string> {
  const texts = new Set<string>();
  const prepare = database.prepare.bind(database);
  database.prepare = (sql) => {
    texts.add(sql);
    return prepare(sql);
  };
  return texts;
}

it.each(SIGNAL_TABLES)("a page of %s is found by an index, and sorts no more than what the page may have", (table) => {
  const { database, path } = createTestDatabase();
  const texts = recordTexts(database);
  const queries = createSqliteQueries(database, path);
  const texted = [...texts];
  queries.exportRows(table, { endTime: "2026-11-21T00:00:00.000000Z" }, 10);
  queries.exportRows(table, {}, 10, "2026-11-20T12:34:56.789012Z 5");
  const pages = [...texts].filter((text) => !texted.includes(text) && text.includes("$limit"));
  expect(pages).toHaveLength(3);
  for (const sql of pages) {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as {
      id: number;
      parent: number;
      detail: string;
    }[];
    // What two arms have together may be sorted: each of them, a routine of its own, has ended at the limit by itself.
    const unsorted = [0, ...plan.filter(({ detail }) => detail.startsWith("CO-ROUTINE")).map(({ id }) => id)];
    const sorted = plan.filter(
      ({ detail, parent }) => detail.startsWith("USE TEMP B-TREE") && unsorted.includes(parent),
    );
    expect(sorted).toEqual([]);
    expect(plan.filter(({ detail }) => /^SCAN [a-z](?: |$)/.test(detail))).toEqual([]);
  }
});

it("damaged data come as the text that they are, as JSON", () => {
  const { database, path, writer } = createTestDatabase();
  writer.writeEvents([createEvent({ seq: 1 }), createEvent({ seq: 2 })]);
  database.exec("UPDATE telemetry_events SET data_json = '{oh' WHERE seq = 1");
  const { rows } = createSqliteQueries(database, path).exportRows("telemetry_events", {}, 10);
  expect(rows.map((row) => JSON.parse(String(row[5])))).toEqual([{ unreadable: "{oh" }, createEvent().data]);
});
