// Migrations against a real server.
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { HAS_POSTGRES, TEST_SCHEMA, usePostgres } from "../../test/postgres-database.ts";
import { StoreError } from "../errors.ts";
import { migratePostgres } from "./migrate.ts";
import { POSTGRES_MIGRATIONS } from "./schema.ts";

describe.skipIf(!HAS_POSTGRES)("migrations on PostgreSQL", () => {
  const databases = usePostgres();

  async function connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  }

  test("an empty database gets the schema, and a second time nothing is done", async () => {
    const client = await connect(await databases.createEmpty());
    expect(await migratePostgres(client, TEST_SCHEMA)).toBe(0);
    expect(await migratePostgres(client, TEST_SCHEMA)).toBe(POSTGRES_MIGRATIONS.at(-1)!.version);
    for (const name of ["telemetry_events", "system_metrics", "business_metrics", "traces"])
      expect((await client.query(`SELECT * FROM ${name}`)).rows).toEqual([]);
  });

  test("processes that begin at once do it once", async () => {
    const url = await databases.createEmpty();
    const clients = await Promise.all([connect(url), connect(url), connect(url)]);
    await Promise.all(clients.map((client) => migratePostgres(client, TEST_SCHEMA)));
    const { rows } = await clients[0].query("SELECT version FROM tracebook.schema_versions");
    expect(rows).toHaveLength(POSTGRES_MIGRATIONS.length);
  });

  test("ended at any statement, nothing of it is there, and it can be done again", async () => {
    const client = await connect(await databases.createEmpty());
    const names = async () => {
      const sql =
        "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 ORDER BY 1";
      return (await client.query(sql, [TEST_SCHEMA])).rows;
    };
    for (const i of POSTGRES_MIGRATIONS.keys()) {
      const migrations = POSTGRES_MIGRATIONS.slice(0, i + 1);
      const statements: string[] = [];
      const before = await names();
      await migratePostgres(client, "counted", { migrations, beforeStatement: (one) => statements.push(one) });
      for (let ending = 0; ending < statements.length; ending += 7) {
        let seen = 0;
        const migrating = migratePostgres(client, TEST_SCHEMA, {
          migrations,
          beforeStatement: () => {
            if (seen++ === ending) throw new Error("ended here");
          },
        });
        await expect(migrating).rejects.toThrow("ended here");
        expect(await names()).toEqual(before);
      }
      expect(await migratePostgres(client, TEST_SCHEMA, { migrations })).toBe(migrations.at(-2)?.version ?? 0);
    }
  });

  test("a schema of somebody else is left alone, and one of a later version is refused", async () => {
    const client = await connect(await databases.createEmpty());
    await client.query("CREATE SCHEMA other; CREATE TABLE other.accounts (id int)");
    await expect(migratePostgres(client, "other")).rejects.toMatchObject({ code: "not_a_store" });
    await migratePostgres(client, TEST_SCHEMA);
    await client.query("INSERT INTO tracebook.schema_versions (version) VALUES (999)");
    const refused = migratePostgres(client, TEST_SCHEMA);
    await expect(refused).rejects.toBeInstanceOf(StoreError);
    await expect(refused).rejects.toMatchObject({ code: "database_newer" });
  });
});
