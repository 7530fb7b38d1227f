import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storeLocationOf } from "./store-location.ts";

describe("the place of a store", () => {
  it("is a file, whatever its name, unless it is a URL of PostgreSQL", () => {
    for (const path of ["./telemetry/telemetry.db", "/var/lib/t.db", "C:\\t.db", "postgres", "file:t.db", ""])
      expect(storeLocationOf(path)).toEqual({ engine: "sqlite", path, shown: path });
    for (const url of ["postgres://db/telemetry", "postgresql://db/telemetry", "Postgres://db/telemetry"])
      expect(storeLocationOf(url)).toEqual({ engine: "postgresql", url, shown: "postgres://db/telemetry" });
  });

  it("never shows user, password or parameters, not even of a URL that is none", () => {
    const secret = fc.stringMatching(/^[a-z0-9]{12}$/);
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom("db:5432/t", "db/t?sslmode=require", "[::1]:5432/t", "db:port/t", ""),
        (word, rest) => {
          const { shown } = storeLocationOf(
            `postgres://bot:${word}@${rest}${rest.includes("?") ? "&" : "?"}password=${word}`,
          );
          expect(shown).not.toContain(word);
        },
      ),
    );
  });

  it("a database of ClickHouse has its user and password beside the address, and neither in what is shown", () => {
    expect(storeLocationOf("http://bot:p%40ss@ch:8123/desk")).toEqual({
      engine: "clickhouse",
      url: "http://ch:8123",
      database: "desk",
      username: "bot",
      password: "p@ss",
      shown: "http://ch:8123/desk",
    });
    expect(storeLocationOf("https://ch/")).toMatchObject({
      url: "https://ch",
      database: undefined,
      shown: "https://ch",
    });
    expect(storeLocationOf("http://bot:%zz@ch:8123")).toMatchObject({ password: "%zz", shown: "http://ch:8123" });
    const none = storeLocationOf("http://bot:secret@:x/");
    expect(JSON.stringify(none)).not.toContain("secret");
    expect(none).toMatchObject({ engine: "clickhouse", url: "", shown: "http://(not a URL)" });
  });
});
