import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { adviseOnPassword } from "./shown-password.ts";

test.each([
  ["postgres://bot:s3cret@db/telemetry", 1],
  ["postgresql://bot@db/telemetry?password=s3cret", 1],
  ["postgres://bot@db/telemetry", 0],
  ["./telemetry:s3cret@db", 0],
  [undefined, 0],
])("of --db %j there are %i lines of advice, without the password", (typed, count) => {
  const lines: string[] = [];
  adviseOnPassword(typed, (line) => lines.push(line));
  expect(lines).toHaveLength(count);
  expect(lines.join()).not.toContain("s3cret");
  for (const line of lines) expect(line).toMatch(/TRACEBOOK_DB.*PGPASSWORD.*PGPASSFILE/);
});

test("TRACEBOOK_DB wins over TELEMETRY_STORE_PATH, which services read too", () => {
  expect(readConfig({ TRACEBOOK_DB: "postgres://db/a", TELEMETRY_STORE_PATH: "b.db" }).storePath).toBe(
    "postgres://db/a",
  );
  expect(readConfig({ TELEMETRY_STORE_PATH: "b.db" }).storePath).toBe("b.db");
  const { storePath, problems } = readConfig({ TRACEBOOK_DB: "", TELEMETRY_STORE_PATH: "b.db" });
  expect([storePath, problems]).toEqual(["b.db", ['TRACEBOOK_DB is no database name; "b.db" is used']]);
});
