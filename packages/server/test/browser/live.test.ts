// The screen Live, in Chromium, on known events and on those that happen while it looks.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toTimestamp } from "@tracebook/core";
import type { EventInput } from "@tracebook/store";
import type { Locator, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { type Desk, openDesk } from "../../src/index.ts";
import { describePage } from "./browser-harness.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SCAN_RUN = "scan-run-1";
/** Ten minutes ago, so that every range has it. */
const BASE_MS = Date.now() - 600_000;
const MANY = 450;
const PATIENCE_MS = 10_000;

interface Given {
  readonly symbol?: string;
  readonly run?: string;
  readonly trace?: string;
  readonly severity?: number;
  readonly atMs?: number;
}

let lastSeq = 0;

function made(
  eventType: string,
  data: unknown,
  { symbol, run = "bot-run-1", trace, severity = 9, atMs }: Given = {},
): EventInput {
  lastSeq++;
  return {
    eventType,
    timestamp: toTimestamp((atMs ?? BASE_MS + lastSeq * 100) * 1_000),
    source: { serviceName: "bot", instanceId: "bot-1" },
    seq: lastSeq,
    runId: run,
    symbol,
    traceId: trace,
    spanId: undefined,
    severityNumber: severity,
    data: data as EventInput["data"],
  };
}

const DECISION = {
  strategy: "basis",
  decision: "REJECT",
  reason_code: "insufficient_edge",
  reason: "net edge 1.20 bps is below the threshold of 1.50 bps",
  edge_unit: "bps",
  gross_edge: "4.10",
  fees_est: "2.00",
  slippage_est: "0.60",
  gas_est: "0",
  latency_buffer: "0.30",
  net_edge: "1.20",
  min_threshold: "1.50",
  gates: [{ gate_name: "max_position", passed: true, score: "0.4", threshold: "2", comparison: "<=" }],
};
const HOSTILE = {
  "<i>name</i>": "<img src=x onerror=\"document.title='run'\">",
  long: "x".repeat(10_000),
  empty: "",
  nothing: null,
  deep: { list: Array.from({ length: 300 }, (_, i) => i) },
};

async function fill({ store }: Desk): Promise<void> {
  const bot = { symbol: "BTC/USDT", trace: TRACE };
  const scanner = { run: SCAN_RUN };
  const many = Array.from({ length: MANY }, (_, i) =>
    made("book_note", { note: `note ${i + 1} of many` }, { symbol: "SOL/USDT", atMs: BASE_MS - 60_000 + i * 10 }),
  );
  await store.writeEvents([
    ...many,
    made("scan_started", { symbols: ["BTC/USDT", "ETH/USDT"], profile: "strict", symbol_count: 2 }, scanner),
    made(
      "signal_generated",
      { direction: "LONG", setup_type: "breakout", confidence_score: 82.5 },
      { ...scanner, symbol: "ETH/USDT" },
    ),
    made(
      "signal_generated",
      { direction: "SHORT", setup_type: "sweep", confidence_score: 71 },
      { ...scanner, symbol: "ETH/USDT" },
    ),
    made(
      "signal_rejected",
      {
        reason_code: "low_confluence",
        reason: "Below minimum confluence threshold",
        gate_name: "min_confluence",
        score: "54.2",
        threshold: "62",
      },
      { ...scanner, symbol: "XRP/USDT" },
    ),
    made(
      "signal_rejected",
      { reason_code: "spread_too_wide", reason: "Spread too wide" },
      { ...scanner, symbol: "XRP/USDT" },
    ),
    made(
      "signal_rejected",
      { reason_code: "spread_too_wide", reason: "Spread too wide" },
      { ...scanner, symbol: "XRP/USDT" },
    ),
    made(
      "scan_completed",
      { symbols_scanned: 2, signals_generated: 2, signals_rejected: 3, duration_ms: 1_240 },
      scanner,
    ),
    made(
      "error_occurred",
      {
        error_type: "ECONNRESET",
        error_message: "socket hang up",
        traceback: "Error: socket hang up\n    at one\n    at two",
      },
      { ...bot, severity: 17 },
    ),
    made("log", { body: "resynchronised after a gap", severity_text: "WARN" }, { severity: 13 }),
    made("funding_paid", { amount: "12.40", currency: "USDT" }),
    made("custom_probe", { venue: "paper", depth_usd: "1250000.00" }),
    made("<b>odd</b>", HOSTILE, { symbol: "A".repeat(400) }),
    made("decision", DECISION, bot),
    made(
      "order_request",
      { client_order_id: "c-1", side: "BUY", quantity: "0.50", price: "64200.10", order_type: "LIMIT" },
      bot,
    ),
    made(
      "order_result",
      { client_order_id: "c-1", status: "FILLED", filled_quantity: "0.50", average_price: "64200.10" },
      bot,
    ),
  ]);
}

const CARDS = {
  funding_paid: { title: "Funding", icon: "coins", tone: "accept", text: "{amount} {currency} paid" },
} as const;

describePage(
  "Live",
  fill,
  (tools) => {
    const open = async (query = "") => {
      const { page, complaints } = await tools.open({ path: query === "" ? "/" : `/?${query}` });
      // A page that is open goes on reading the live feed.
      onTestFinished(() => page.close());
      page.setDefaultTimeout(PATIENCE_MS);
      const rows = eventRows(page);
      await rows
        .or(page.getByText(/No event/))
        .first()
        .waitFor();
      return { page, complaints, rows };
    };
    /** Writes events of now. */
    const happen = (...events: EventInput[]) =>
      tools.desk.store.writeEvents(events.map((event) => ({ ...event, timestamp: toTimestamp(Date.now() * 1_000) })));
    const note = (text: string, given: Given = {}) =>
      made("live_note", { message: text }, { symbol: "LIVE/TEST", ...given });

    test("the newest event is on top, each with its time, symbol and service", async () => {
      const { page, rows, complaints } = await open();
      const first = rows.first();
      await first.getByText("FILLED 0.50 BTC at 64,200.10 USDT").waitFor();
      const text = await first.textContent();
      for (const part of ["Order result", "BTC/USDT", "bot", "minutes ago"]) expect(text).toContain(part);
      expect(await first.locator("time").getAttribute("title")).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/);
      expect(await rows.nth(1).textContent()).toContain("BUY 0.50 BTC at 64,200.10 USDT");
      const decision = await rows.nth(2).textContent();
      expect(decision).toContain("net edge 1.20 bps is below the threshold of 1.50 bps");
      expect(decision).toContain("1.20 < 1.50 bps");
      await page.getByText("Live", { exact: true }).first().waitFor();
      expect(complaints).toEqual([]);
    });

    test("tiles have the totals of 24 hours, and count on with what happens", async () => {
      const { page } = await open();
      const tile = (title: string, figure: string) =>
        page
          .getByRole("region", { name: /Totals/ })
          .locator("div", { hasText: title })
          .getByText(figure, { exact: true });
      await tile("Total Scans", "1").first().waitFor();
      await tile("Signals Generated", "2").first().waitFor();
      await tile("Signals Rejected", "3").first().waitFor();
      await tile("Success Rate", "40.0 %").first().waitFor();
      await tile("Errors", "1").first().waitFor();
      await happen(made("signal_rejected", { reason: "one more" }, { symbol: "LIVE/TEST" }));
      // Sooner than the server is asked again.
      await tile("Signals Rejected", "4").first().waitFor({ timeout: 15_000 });
      await tile("Success Rate", "33.3 %").first().waitFor();
    });

    test("the filter has everything that there is, in the address", async () => {
      const { page, rows } = await open();
      const filter = page.getByLabel("Type of event");
      const expected = [
        ["Scans Started", "Scan started", 1],
        ["Scans Completed", "Scan completed", 1],
        ["Signals Generated", "Signal generated", 2],
        ["Errors", "ECONNRESET: socket hang up", 1],
        ["Decisions and orders", "net edge 1.20 bps", 3],
      ] as const;
      for (const [choice, text, count] of expected) {
        await filter.selectOption({ label: choice });
        await rows.filter({ hasText: text }).first().waitFor();
        await page.getByText(`${count} shown`).waitFor();
      }
      expect(new URL(page.url()).searchParams.get("show")).toBe("evidence");
      // Of types nobody has heard of before, too.
      await filter.selectOption({ value: "type:custom_probe" });
      await rows.filter({ hasText: "Custom probe" }).getByText("1250000.00").waitFor();
      expect(new URL(page.url()).searchParams.get("type")).toBe("custom_probe");
      await page.goBack();
      await page.getByText("3 shown").waitFor();
      await page.keyboard.press("e");
      await page.waitForURL((url) => !url.search.includes("evidence"));
    });

    test("symbol, run and range narrow the feed, what lies outside of a fixed range does not come in", async () => {
      const { page, rows } = await open("symbol=ETH%2FUSDT");
      await page.getByText("2 shown").waitFor();
      await page.getByLabel("Symbol").selectOption("");
      await page.getByLabel("Run").selectOption(SCAN_RUN);
      await page.getByText("7 shown").waitFor();
      const [from, to] = [BASE_MS - 60_000, BASE_MS - 59_905].map((ms) => new Date(ms).toISOString());
      const fixed = await open(`from=${from}&to=${to}`);
      await fixed.page.getByText("10 shown").waitFor();
      await fixed.page.getByText("Fixed range, new events are not in it").waitFor();
      await happen(note("outside"));
      await rows.first().waitFor();
      expect(await fixed.rows.count()).toBe(10);
    });

    test("text is found in history and in what happens; / goes to the field", async () => {
      const { page, rows } = await open();
      await page.keyboard.press("/");
      await page.keyboard.type("NOTE 17 of");
      await page.waitForURL(/text=NOTE/);
      await page.getByText("1 shown").waitFor();
      await happen(note("another note 17 of today"), note("nothing to see"));
      await page.getByText("2 shown").waitFor();
      expect(await rows.first().textContent()).toContain("another note 17 of today");
      await page.keyboard.press("Escape");
      await page.getByLabel("Text in events").fill("surely not there");
      await page.getByText("No event matches this filter").waitFor();
      await page.getByRole("button", { name: "Clear the filter" }).click();
      await rows.nth(5).waitFor();
      expect(new URL(page.url()).search).toBe("");
    });

    test("space pauses: what happens meanwhile is counted, stays out, and comes in with space", async () => {
      const { page, rows } = await open("symbol=PAUSE%2FTEST&range=24h");
      await happen(note("before", { symbol: "PAUSE/TEST" }));
      await rows.filter({ hasText: "before" }).waitFor();
      await page.keyboard.press(" ");
      await page.getByRole("button", { name: /Resume/ }).waitFor();
      await happen(note("first", { symbol: "PAUSE/TEST" }), note("second", { symbol: "PAUSE/TEST" }));
      await page.getByText("2 new").waitFor();
      expect(await rows.count()).toBe(1);
      await page.keyboard.press(" ");
      await rows.nth(2).waitFor();
      expect(await rows.allTextContents()).toEqual([
        expect.stringContaining("second"),
        expect.stringContaining("first"),
        expect.stringContaining("before"),
      ]);
    });

    test("what repeats itself is one row with its number, and each by itself when somebody asks", async () => {
      const folded = { symbol: "FOLD/TEST", run: "fold-run" };
      const { page, rows } = await open("symbol=FOLD%2FTEST&range=24h");
      const decisions = Array.from({ length: 5 }, () => made("decision", DECISION, folded));
      await happen(...decisions, made("order_request", { side: "BUY", quantity: "1" }, folded));
      await rows.filter({ hasText: "×5" }).waitFor();
      expect(await rows.count()).toBe(2);
      await rows.filter({ hasText: "×5" }).click();
      await page.getByText("One of 5 in a row that say the same").waitFor();
      await page.keyboard.press("f");
      await page.waitForURL(/fold=off/);
      await rows.nth(5).waitFor();
      await page.keyboard.press("f");
      await rows.filter({ hasText: "×5" }).waitFor();
    });

    test("whoever scrolls down reads undisturbed to the end of history, and comes back with Home", async () => {
      const { page, rows } = await open();
      await page.getByText("200 shown").waitFor();
      const scrollTo = (top: string) =>
        page.evaluate(
          `{ const list = document.querySelector("[role=listbox]").parentElement; list.scrollTop = ${top === "end" ? "list.scrollHeight" : top}; }`,
        );
      await scrollTo("640");
      await page.getByText("Held while you read").waitFor();
      const place = await rows.allTextContents();
      await happen(note("while reading"));
      await page.getByText("1 new").waitFor();
      expect(withoutAge(await rows.allTextContents())).toEqual(withoutAge(place));
      for (const count of ["400", "465"]) {
        await scrollTo("end");
        await page.getByText(new RegExp(`^(${count}|4[67]\\d) shown`)).waitFor();
      }
      await scrollTo("end");
      await rows.filter({ hasText: "note 1 of many" }).waitFor();
      await page.getByText("That is everything in this range").waitFor();
      await page.keyboard.press("Home");
      await rows.first().getByText("while reading").waitFor();
      expect(await page.getByText("Held while you read").count()).toBe(0);
    });

    test("j, k and Enter walk and open, the address keeps what is open, Escape closes", async () => {
      const { page, rows } = await open("show=evidence&run=bot-run-1");
      await page.getByText("3 shown").waitFor();
      for (const key of ["j", "j", "j", "k", "j"]) await page.keyboard.press(key);
      await page.locator("[role=option][aria-selected=true]", { hasText: "Decision rejected" }).waitFor();
      await page.keyboard.press("Enter");
      const detail = page.getByRole("region", { name: "Event", exact: true });
      await detail.getByRole("heading", { name: "Decision rejected" }).waitFor();
      await detail.locator("h2:focus").waitFor();
      await detail.getByRole("table", { name: "From gross edge to net edge" }).getByText("4.10 bps").waitFor();
      await detail.getByText("0.4 ≤ 2").waitFor();
      const link = await detail.getByRole("link", { name: "Open this decision" }).getAttribute("href");
      expect(link).toMatch(/^\/decisions\/\d+$/);
      expect(`/decisions/${new URL(page.url()).searchParams.get("event")}`).toBe(link);
      await page.keyboard.press("k");
      await detail.getByRole("heading", { name: "Order request" }).waitFor();
      // The decision of the same trace is one click away.
      await detail.getByRole("link", { name: "Insufficient edge" }).waitFor();
      await page.reload();
      await page
        .getByRole("region", { name: "Event", exact: true })
        .getByRole("heading", { name: "Order request" })
        .waitFor();
      await rows.first().waitFor();
      await page.keyboard.press("Escape");
      await page.waitForURL((url) => !url.searchParams.has("event"));
      expect(await page.getByRole("region", { name: "Event", exact: true }).count()).toBe(0);
    });

    test("an event shows all of its fields, is copied as JSON, and narrows the feed to its run", async () => {
      const { page, rows } = await open("show=errors");
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await rows.first().click();
      const detail = page.getByRole("region", { name: "Event", exact: true });
      await detail.getByText("Stack, 3 lines").click();
      await detail.locator("pre").getByText("at two").waitFor();
      await detail.getByRole("button", { name: "Copy as JSON" }).click();
      await detail.getByText("Copied").waitFor();
      const copied = JSON.parse((await page.evaluate("navigator.clipboard.readText()")) as string);
      expect(copied).toMatchObject({
        event_type: "error_occurred",
        data: { error_type: "ECONNRESET" },
        trace_id: TRACE,
      });
      await detail.getByRole("button", { name: "Only this run" }).click();
      await page.waitForURL(/run=bot-run-1/);
      await page.getByText("1 shown").waitFor();
    });

    test("events that nobody has heard of, logs and configured cards say what they carry", async () => {
      const { rows } = await open("range=24h");
      await rows.filter({ hasText: "Funding" }).getByText("12.40 USDT paid").waitFor();
      await rows.filter({ hasText: "Custom probe" }).getByText("paper").waitFor();
      await rows.filter({ hasText: "Log warning" }).getByText("resynchronised after a gap").waitFor();
    });

    test("a hostile event is text, in its row and in full, and runs nothing", async () => {
      const { page, rows, complaints } = await open();
      const row = rows.filter({ hasText: "<b>odd</b>" });
      await row.waitFor();
      expect((await row.boundingBox())?.height).toBeLessThan(60);
      await row.click();
      const detail = page.getByRole("region", { name: "Event", exact: true });
      await detail.getByText("<img src=x onerror").first().waitFor();
      await detail.getByRole("button", { name: "show all 10,000 characters" }).click();
      await detail.getByRole("button", { name: "Show less" }).waitFor();
      await detail.getByRole("button", { name: /^list/ }).click();
      await detail.getByRole("button", { name: "240 more" }).waitFor();
      expect(await page.locator("main img").count()).toBe(0);
      expect(await page.title()).not.toBe("run");
      expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
      expect(complaints).toEqual([]);
    });

    test("an empty range says so and leads to a longer one", async () => {
      const { page, rows } = await open("from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z");
      await page.getByText("No events in the 2020-01-01 00:00 to 2020-01-02 00:00 UTC").waitFor();
      await page.getByRole("button", { name: "Last 30 days" }).click();
      await rows.first().waitFor();
      expect(new URL(page.url()).search).toBe("?range=30d");
    });

    test("a server that goes away and comes back is said, and nothing is missed", async () => {
      const dir = mkdtempSync(join(tmpdir(), "tracebook-live-"));
      const path = join(dir, "telemetry.db");
      let desk = await openDesk({ path, port: 0, onLine: () => {} });
      onTestFinished(async () => {
        await desk.close();
        rmSync(dir, { recursive: true, force: true });
      });
      const { page } = await open();
      await desk.store.writeEvents([made("before_break", {}, { atMs: Date.now() })]);
      await page.goto(desk.url);
      const rows = eventRows(page);
      await rows.filter({ hasText: "Before break" }).waitFor();
      await page.getByText("Live", { exact: true }).first().waitFor();
      const port = Number(new URL(desk.url).port);
      await desk.close();
      await page.getByText(/Reconnecting since/).waitFor();
      desk = await openDesk({ path, port, onLine: () => {} });
      await desk.store.writeEvents([made("during_break", {}, { atMs: Date.now() })]);
      await rows.filter({ hasText: "During break" }).waitFor();
      await connected(page);
    });
  },
  { cards: CARDS },
);

function eventRows(page: Page): Locator {
  return page.getByRole("listbox", { name: "Events, newest first" }).getByRole("option");
}

async function connected(page: Page): Promise<void> {
  await page.locator("[data-connection=live]").waitFor();
}

/** Rows without how long ago they were, which goes on. */
function withoutAge(rows: readonly string[]): readonly string[] {
  return rows.map((row) => row.replace(/(just now|\d+ \w+ ago)$/, ""));
}
