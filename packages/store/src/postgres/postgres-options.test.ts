// Options of the PostgreSQL store.
import { describe, expect, test } from "vitest";
import { toPostgresSettings } from "./postgres-options.ts";

const URL_WITH_SECRET = "postgres://bot:s3cret-word@db.internal:5432/bot?password=s3cret-word";

describe("options of PostgreSQL", () => {
  test("what is shown of a URL has neither its password nor its parameters", () => {
    expect(toPostgresSettings({ url: URL_WITH_SECRET }).place).toBe("postgres://db.internal:5432/bot");
  });

  test.each([
    [{ url: "mysql://bot:s3cret-word@db/bot" }, "url is not of the form"],
    [{ url: "s3cret-word" }, "url is not of the form"],
    [{ url: URL_WITH_SECRET, schema: 'x"; DROP' }, "schema is"],
    [{ url: URL_WITH_SECRET, schema: "pg_catalog" }, "schema is"],
    [{ url: URL_WITH_SECRET, poolSize: 0 }, "poolSize is 0, not a whole number from 1 to 100"],
    [{ url: URL_WITH_SECRET, statementTimeoutMs: 1.5 }, "statementTimeoutMs is 1.5"],
    [{ url: URL_WITH_SECRET, maxPendingBytes: 1 }, "maxPendingBytes is 1"],
    [{ url: URL_WITH_SECRET, redactKeys: [""] }, "redactKeys is not a list of names"],
  ])("%j is refused, and no secret is in the message", (options, message) => {
    const refusing = () => toPostgresSettings(options);
    expect(refusing).toThrow(message);
    expect(refusing).not.toThrow("s3cret-word");
  });
});
