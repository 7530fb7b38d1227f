// Options of the store on ClickHouse, and a server that is not there.
import { expect, test } from "vitest";
import { type ClickhouseStoreOptions, toClickhouseSettings } from "./clickhouse-options.ts";
import { openClickhouseStore } from "./clickhouse-store.ts";

test("options are completed", () => {
  expect(toClickhouseSettings({})).toMatchObject({
    url: "http://localhost:8123",
    database: "tracebook",
    cluster: undefined,
    keepEventsDays: undefined,
    gatherMs: 100,
    pollLagMs: 0,
  });
});

test("what cannot be an option is refused with its name and its value: names are part of statements", () => {
  const refused: readonly (readonly [string, ClickhouseStoreOptions])[] = [
    ['url is "clickhouse:8123"', { url: "clickhouse:8123" }],
    ['database is "a; DROP DATABASE b"', { database: "a; DROP DATABASE b" }],
    ['cluster is "main\'"', { cluster: "main'" }],
    ["keepEventsDays is 0", { keepEventsDays: 0 }],
    ["gatherMs is 1.5", { gatherMs: 1.5 }],
    ["maxPendingBytes is 1", { maxPendingBytes: 1 }],
    ["redactKeys is not a list of names", { redactKeys: [""] }],
  ];
  for (const [problem, options] of refused)
    expect(() => toClickhouseSettings(options)).toThrow(
      expect.objectContaining({ code: "invalid_option", problem: expect.stringContaining(problem) }),
    );
});

test("a server that is not there is said with its address", async () => {
  // The discard port: nobody listens there, or says nothing of this.
  const opening = openClickhouseStore({ url: "http://127.0.0.1:9", requestTimeoutMs: 2_000 });
  await expect(opening).rejects.toMatchObject({
    code: "database_unavailable",
    problem: expect.stringContaining("ClickHouse at http://127.0.0.1:9"),
  });
});
