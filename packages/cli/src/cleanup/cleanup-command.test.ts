import { existsSync } from "node:fs";
import { toTimestamp } from "@tracebook/core";
import { describe, expect, it } from "vitest";
import { runHere } from "../../test/run-here.ts";
import { event, sharedStore, storeOf } from "../../test/stores.ts";
import { tracebook } from "../../test/tracebook.ts";

const DAY_MS = 86_400_000;
const agedDays = (days: number) => toTimestamp((Date.now() - days * DAY_MS) * 1_000);
const aged = (days: number, type = "scan_started") =>
  event(type, { timestamp: agedDays(days), data: { decision: "REJECT", reason_code: "no_signal" } });

const totalOf = async (db: string): Promise<number> =>
  JSON.parse((await runHere(["query", "events", "--json", "--db", db])).stdout).pagination.total;

describe("tracebook cleanup", () => {
  it("removes what is too old and counts it", async () => {
    const db = await storeOf([aged(40), aged(35, "decision"), aged(31), aged(2), aged(1)]);
    const { code, stdout, stderr } = await runHere(["cleanup", "--older-than", "30d", "--db", db]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/Events: +3\n +of them decisions: +1\n +Spans: +0\n +Metric points: +0\n/);
    expect(stdout).toMatch(/^Given back to the disk: \d/m);
    expect(await totalOf(db)).toBe(2);
  });

  it("takes an age of each by itself before that of all", async () => {
    const db = await storeOf([aged(60), aged(40), aged(5)]);
    const args = ["cleanup", "--older-than", "4w", "--events", "50d", "--json", "--db", db];
    const answer = JSON.parse((await runHere(args)).stdout);
    expect(answer).toMatchObject({ path: db, events: 1, decisions: 0, spans: 0, metric_points: 0 });
    expect(answer.events_older_than < answer.traces_older_than).toBe(true);
    expect(answer.traces_older_than).toBe(answer.metrics_older_than);
    expect(await totalOf(db)).toBe(2);
  });

  it("touches no events when only traces are too old", async () => {
    const db = await storeOf([aged(60)]);
    const answer = JSON.parse((await runHere(["cleanup", "--traces", "1d", "--json", "--db", db])).stdout);
    expect(answer).toMatchObject({ events: 0, events_older_than: null, metrics_older_than: null });
    expect(await totalOf(db)).toBe(1);
  });

  it("runs as a process of its own, with the default path", async () => {
    const db = await storeOf([aged(60), aged(1)]);
    const env = { TELEMETRY_STORE_PATH: db };
    const { code, stdout } = await tracebook(["telemetry-cleanup", "--older-than", "30d"], { env });
    expect(code).toBe(0);
    expect(stdout).toContain(`Removed from ${db}:`);
    expect(existsSync(db)).toBe(true);
  });

  const OLD = sharedStore([aged(60)]).path;

  it.each([
    [[], "--older-than 30d"],
    [["--older-than", "0d"], '--older-than is "0d"'],
    [["--older-than", "30"], '--older-than is "30"'],
    [["--older-than", "soon"], '--older-than is "soon"'],
    [["--older-than", "30d", "--events", "0"], '--events is "0"'],
    [["--traces", "1.5d"], '--traces is "1.5d"'],
    [["--metrics=-1d"], '--metrics is "-1d"'],
    [["30d"], '"30d" is no option'],
  ])("removes nothing and exits with 2 for %j", async (args, message) => {
    const { code, stdout, stderr } = await runHere(["cleanup", ...args, "--db", OLD]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("has removed nothing by any of them", async () => {
    expect(await totalOf(OLD)).toBe(1);
  });
});
