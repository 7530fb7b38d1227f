import { toTimestamp } from "@tracebook/core";
import { judge } from "@tracebook/decisions";
import { describe, expect, it } from "vitest";
import { runHere } from "../../test/run-here.ts";
import { type EventFields, event, rootSpan, type SharedStore, sharedStore } from "../../test/stores.ts";
import { folderOf, tracebook } from "../../test/tracebook.ts";
import { readQuery } from "./query-command.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.now();
const hoursAgo = (hours: number) => toTimestamp((NOW - hours * HOUR_MS) * 1_000);

const EDGE = { unit: "bps", gross: "4.10", fees: "2.00", slippage: "0.60", latencyBuffer: "0.30" };
const decided = (minThreshold: string) => ({
  strategy: "basis",
  ...judge({ edge: { ...EDGE, minThreshold } }).toJSON(),
});

/** Two weeks: the last hour of this one, and eight days ago. */
function twoWeeks() {
  const now = (type: string, fields: EventFields = {}) => event(type, { timestamp: hoursAgo(1), ...fields });
  const then = (type: string) => event(type, { timestamp: hoursAgo(8 * 24) });
  return [
    then("scan_completed"),
    then("signal_generated"),
    then("signal_rejected"),
    then("signal_rejected"),
    then("signal_rejected"),
    now("scan_completed"),
    now("scan_completed", { symbol: "ETH/USDT" }),
    now("signal_generated", { data: { confidence_score: 85.5 } }),
    now("signal_generated", { symbol: "ETH/USDT", data: { confidence_score: 62 } }),
    now("signal_rejected", { data: { reason_code: "gate_failed", reason: "Below minimum confluence threshold" } }),
    now("signal_rejected", { data: { reason_code: "gate_failed", reason: "Below minimum confluence threshold" } }),
    now("signal_rejected", { data: { reason_code: "stale_data", reason: "No data available" } }),
    now("error_occurred", { runId: "run-2", data: { error_type: "TypeError", error_message: "no" } }),
    now("decision", { data: decided("0.50") }),
    now("decision", { data: decided("1.50") }),
    now("order_request"),
  ];
}

const WEEKS = sharedStore(twoWeeks());
const NONE = sharedStore([]);

/** The answer as JSON. */
async function ask(args: readonly string[], store: SharedStore = WEEKS) {
  const { code, stdout, stderr } = await store.run(readQuery, [...args, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("tracebook query: events", () => {
  it("gives the newest first, and with --since-id those after it, rising", async () => {
    const newest = await ask(["recent", "--limit", "2"]);
    expect(newest.count).toBe(2);
    expect(newest.events.map(({ id }: { id: number }) => id)).toEqual([16, 15]);
    const since = await ask(["recent", "--since-id", "13", "--limit", "2"]);
    expect(since.events.map(({ id }: { id: number }) => id)).toEqual([14, 15]);
    expect(since.events[0]).toMatchObject({ event_type: "decision", symbol: "BTC/USDT", data: { strategy: "basis" } });
  });

  it("gives pages of a filter", async () => {
    const page = await ask(["events", "--type", "signal_rejected", "--limit", "2", "--offset", "1", "--from", "24h"]);
    expect(page.pagination).toEqual({ total: 3, limit: 2, offset: 1, has_more: false });
    expect(page.events).toHaveLength(2);
    expect((await ask(["events", "--run", "run-2"])).pagination.total).toBe(1);
    expect((await ask(["events", "--symbol", "ETH/USDT", "--limit", "1"])).pagination).toMatchObject({
      total: 2,
      has_more: true,
    });
    expect((await ask(["events", "--to", hoursAgo(24)])).pagination.total).toBe(5);
  });

  it("prints a line for each, and how to go on", async () => {
    const { stdout, stderr } = await WEEKS.run(readQuery, ["events", "--limit", "3"]);
    expect(stdout.split("\n")[0]).toMatch(/^16 {2}\d{4}-.*Z {2}order_request +BTC\/USDT/);
    expect(stdout.split("\n")).toHaveLength(4);
    expect(stderr).toBe("tracebook: 3 of 16 events; the next: --offset 3\n");
  });
});

describe("tracebook query: totals", () => {
  it("gives the tiles of the last 24 hours, and reasons as they are worded", async () => {
    const { metrics, rejection_breakdown, time_range } = await ask(["analytics"]);
    expect(metrics).toEqual({
      total_scans: 2,
      total_signals_generated: 2,
      total_signals_rejected: 3,
      total_errors: 1,
      signal_success_rate: 40,
    });
    expect(rejection_breakdown).toEqual({ "Below minimum confluence threshold": 2, "No data available": 1 });
    expect(Date.parse(time_range.end) - Date.parse(time_range.start)).toBe(24 * HOUR_MS);
  });

  it("divides nothing by nothing", async () => {
    const { metrics } = await ask(["analytics"], NONE);
    expect(metrics).toMatchObject({ total_scans: 0, signal_success_rate: 0 });
  });

  it("compares week with week", async () => {
    const summary = await ask(["summary", "--from", "7d", "--compare"]);
    expect(summary).toMatchObject({
      scans: { total: 2 },
      signals: { total: 5, generated: 2, rejected: 3, signal_rate: 40 },
      errors: { total: 1 },
      decisions: { total: 2, accepted: 1, rejected: 1, accept_rate: 50 },
      orders: { requested: 1, results: 0 },
      events: { total: 11 },
      previous: { signals: { total: 4, generated: 1, rejected: 3, signal_rate: 25 }, events: { total: 5 } },
    });
    expect(summary.previous.time_range.end).toBe(summary.time_range.start);
    expect((await ask(["summary"])).previous).toBeNull();
    const { stdout } = await WEEKS.run(readQuery, ["summary", "--from", "7d", "--compare"]);
    expect(stdout).toMatch(/^Signal rate +40\.00 % +25\.00 % +\+15\.00 points$/m);
    expect(stdout).toMatch(/^Signals rejected +3 +3 +0$/m);
  });

  it("gives the reasons with their share of all rejections, those left out included", async () => {
    expect(await ask(["rejections", "--limit", "1"])).toEqual({
      total: 3,
      rejections: [
        { reason: "Below minimum confluence threshold", reason_code: "gate_failed", count: 2, percentage: 66.67 },
      ],
    });
  });

  it("gives the scores of signals, and how each symbol does", async () => {
    const scores = await ask(["confidence"]);
    expect(scores).toMatchObject({ count: 2, avg: 73.75 });
    expect(scores.buckets[8]).toEqual({ from: 80, to: 90, count: 1 });
    expect((await ask(["confidence", "--symbol", "ETH/USDT"])).avg).toBe(62);
    const { symbols } = await ask(["symbols"]);
    expect(symbols).toEqual([
      {
        symbol: "BTC/USDT",
        events: 9,
        signals_generated: 1,
        signals_rejected: 3,
        signal_success_rate: 25,
        errors: 1,
        decisions_accepted: 1,
        decisions_rejected: 1,
      },
      expect.objectContaining({ symbol: "ETH/USDT", events: 2, signal_success_rate: 100, decisions_rejected: 0 }),
    ]);
  });
});

describe("tracebook query: decisions, traces and facts", () => {
  it("gives decisions by what was decided, page by page", async () => {
    const { decisions, next_before_id: next } = await ask(["decisions", "--limit", "1"]);
    expect(decisions[0]).toMatchObject({ event_id: 15, decision: "REJECT", net_edge: "1.20", min_threshold: "1.50" });
    expect(next).toBe(15);
    const rest = await ask(["decisions", "--limit", "5", "--before-id", String(next)]);
    expect(rest).toMatchObject({ decisions: [{ event_id: 14, decision: "ACCEPT" }], next_before_id: null });
    expect((await ask(["decisions", "--decision", "accept", "--unit", "bps"])).decisions).toHaveLength(1);
    expect((await ask(["decisions", "--reason", "halted"])).decisions).toEqual([]);
    expect((await ask(["decisions", "--strategy", "basis", "--symbol", "BTC/USDT"])).decisions).toHaveLength(2);
  });

  it("prints decisions as a table with their amounts as they are", async () => {
    const { stdout } = await WEEKS.run(readQuery, ["decisions"]);
    expect(stdout).toMatch(/BTC\/USDT +basis +REJECT +insufficient_edge +1\.20 +1\.50 +bps$/m);
  });

  const micros = (NOW - HOUR_MS) * 1_000;
  const TRACES = sharedStore([], [rootSpan("tick", micros, 10), rootSpan("scan", micros + 1, 1, 2)]);

  it("gives traces newest or longest first, and those that took long or failed", async () => {
    const names = async (args: readonly string[]) =>
      (await ask(["traces", ...args], TRACES)).traces.map(
        ({ root }: { root: { operation_name: string } }) => root.operation_name,
      );
    expect(await names([])).toEqual(["scan", "tick"]);
    expect(await names(["--slowest"])).toEqual(["tick", "scan"]);
    expect(await names(["--min-ms", "5"])).toEqual(["tick"]);
    expect(await names(["--errors"])).toEqual(["scan"]);
    expect(await names(["--operation", "tick", "--service", "basis-trader"])).toEqual(["tick"]);
    const { stdout } = await TRACES.run(readQuery, ["traces"]);
    expect(stdout).toMatch(/ basis-trader +tick +10\.000 +1 +0$/m);
  });

  it("says what the store is", async () => {
    expect(await ask(["facts"])).toMatchObject({
      engine: "sqlite",
      path: WEEKS.path,
      events: 16,
      decisions: 2,
      spans: 0,
    });
    const { stdout } = await WEEKS.run(readQuery, ["facts"]);
    expect(stdout).toMatch(/^Decisions: +2$/m);
  });
});

describe("tracebook query: wrong questions", () => {
  it.each([
    [[], "Questions: recent, events, analytics"],
    [["evnts"], 'Did you mean "events"?'],
    [["\u001b[31mx"], 'there is no question "x"'],
    [["recent", "events"], '"events" is the second'],
    [["facts", "--limit", "1"], "facts does not take --limit"],
    [["analytics", "--symbol", "x"], "analytics takes --from, --to."],
    [["recent", "--limit", "0"], '--limit is "0"; it must be a whole number from 1 to 10000'],
    [["recent", "--limit", "1e3"], '--limit is "1e3"'],
    [["events", "--offset=-1"], '--offset is "-1"'],
    [["events", "--from", "2026-02-30"], '--from is "2026-02-30"'],
    [["summary", "--from", "2999-01-01"], "nothing lies between them"],
    [["decisions", "--decision", "maybe"], '--decision is "maybe"; it must be ACCEPT or REJECT'],
    [["traces", "--min-ms", "x"], '--min-ms is "x"'],
    [["traces", "--slow"], "Did you mean --slowest?"],
  ])("exits with 2 for %j", async (args, message) => {
    const { code, stdout, stderr } = await runHere(["query", ...args, "--db", "nowhere.db"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("\u001b");
  });

  it("lists its questions in its help", async () => {
    const { stdout } = await runHere(["help", "query"]);
    expect(stdout).toMatch(/^ {2}rejections +why signals were rejected/m);
  });
});

describe("tracebook query: what is printed", () => {
  const evil = "a\u001b[31m\u009b2J\u202eb";
  const data = { decision: evil, reason_code: evil, reason: evil, edge_unit: evil, strategy: evil };
  const fields = { timestamp: hoursAgo(1), symbol: evil, runId: evil, data };
  const EVIL = sharedStore([event(evil, fields), event("decision", fields), event("signal_rejected", fields)]);

  it("lets nothing recorded act on the terminal, and loses nothing of it in JSON", async () => {
    for (const question of ["recent", "events", "analytics", "rejections", "symbols", "decisions"]) {
      for (const args of [[], ["--json"]]) {
        const { code, stdout, stderr } = await EVIL.run(readQuery, [question, ...args]);
        expect(code).toBe(0);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
        expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      }
    }
    expect((await ask(["recent"], EVIL)).events[0].data).toEqual(data);
  });

  it("runs as a process of its own", async () => {
    const { code, stdout, stderr } = await tracebook(["query", "recent", "--db", WEEKS.path], { cwd: folderOf() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("order_request");
  });
});
