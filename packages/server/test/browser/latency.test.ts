// The screen Latency, in Chromium, on known histograms: every figure that is looked for here follows from them by hand.

import { toTimestamp } from "@tracebook/core";
import type { HistogramPointInput, MetricPointInput } from "@tracebook/store";
import type { Locator } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import type { Desk } from "../../src/index.ts";
import { describePage } from "./browser-harness.ts";
import { BASE_MS, FAILED_TRACE, knownSpans, knownTraceEvents, ORDER_TRACE } from "./known-traces.ts";

const SOURCE = { serviceName: "trader", instanceId: "t-1" };
const MINUTES = 5;
/** Seconds. */
const BOUNDS = [0.001, 0.01, 0.1];

async function fill({ store }: Desk): Promise<void> {
  await store.writeSpans(knownSpans());
  await store.writeEvents([...knownTraceEvents(), ...signals()]);
  await store.writePoints(points());
}

/** Scores 85.5, 72, 78: two of three in the seventies. */
function signals() {
  return [85.5, 72, 78].map((score, i) => ({
    eventType: "signal_generated",
    timestamp: toTimestamp((BASE_MS + i * 1_000) * 1_000),
    source: SOURCE,
    seq: 1_000 + i,
    runId: "run-1",
    symbol: "BTC/USDT",
    traceId: undefined,
    spanId: undefined,
    severityNumber: 9,
    data: { confidence_score: score, direction: "LONG" },
  }));
}

/** Each minute 100 passes of each stage: half of them up to 1 ms, half up to 10 ms; end to end one of a hundred up to 100 ms. */
function points(): readonly MetricPointInput[] {
  return Array.from({ length: MINUTES }, (_, minute): readonly MetricPointInput[] => {
    const at = {
      source: SOURCE,
      startMicros: (BASE_MS + (minute - 1) * 60_000) * 1_000,
      timeMicros: (BASE_MS + minute * 60_000) * 1_000,
    };
    const stage = (flow: string, name: string, bucketCounts: readonly number[]): HistogramPointInput => ({
      ...at,
      type: "histogram",
      isCumulative: false,
      name: "trading_stage_duration_seconds",
      unit: "s",
      description: "Duration of each stage of a flow.",
      labels: { flow, stage: name },
      bounds: BOUNDS,
      bucketCounts,
      count: bucketCounts.reduce((sum, count) => sum + count, 0),
      sum: 0.4,
    });
    const orders = (side: string, value: number): MetricPointInput => ({
      ...at,
      type: "sum",
      isMonotonic: true,
      isCumulative: false,
      name: "orders_total",
      unit: "{order}",
      description: "Orders by side.",
      labels: { side, venue: "spot" },
      value,
    });
    return [
      stage("tick", "ws_to_book_update", [100, 0, 0, 0]),
      stage("tick", "book_to_signal", [50, 50, 0, 0]),
      stage("tick", "end_to_end", [0, 99, 1, 0]),
      stage("exchange_order", "order_handled", [0, 10, 0, 0]),
      orders("BUY", 3),
      orders("SELL", 1),
    ];
  }).flat();
}

describePage("Latency", fill, (tools) => {
  const open = async (query = "range=15m", theme: "dark" | "light" = "dark") => {
    const { page, complaints } = await tools.open({ path: `/latency?${query}`, theme });
    // So that a failure names the step, not only the test.
    page.setDefaultTimeout(12_000);
    // A page that is open goes on asking.
    onTestFinished(() => page.close());
    return { page, complaints };
  };

  test("stages stand in their order with their percentiles, and the one that is chosen is shown large", async () => {
    const { page, complaints } = await open();
    const rows = page.getByRole("region", { name: "Stages of tick" }).locator("tbody tr");
    await count(rows, 3);
    expect(
      (await rows.allInnerTexts()).map((text) => text.split(/\s{2,}|\t|\n/).filter((part) => part !== "")),
    ).toEqual([
      ["ws_to_book_update", "500", "4.00 ms", "500 µs", "900 µs", "950 µs", "990 µs"],
      ["book_to_signal", "500", "4.00 ms", "1.00 ms", "8.20 ms", "9.10 ms", "9.82 ms"],
      ["end_to_end", "500", "4.00 ms", "5.55 ms", "9.18 ms", "9.64 ms", "10.0 ms"],
    ]);
    const chart = page.getByRole("region", { name: "end_to_end", exact: true });
    expect((await chart.getByRole("banner").or(chart.locator("header")).first().allInnerTexts()).join()).toContain(
      "5.55 ms",
    );
    await chart.getByRole("figure", { name: "Percentiles of end_to_end over time" }).waitFor();
    await page.getByRole("button", { name: "book_to_signal" }).click();
    await page.getByRole("figure", { name: "Percentiles of book_to_signal over time" }).waitFor();
    expect(page.url()).toContain("stage=book_to_signal");
    await page.keyboard.press("1");
    await page.getByRole("figure", { name: "Percentiles of ws_to_book_update over time" }).waitFor();
    await page.reload();
    await page.getByRole("figure", { name: "Percentiles of ws_to_book_update over time" }).waitFor();
    await page.getByRole("combobox", { name: "Flow", exact: true }).selectOption("exchange_order");
    await page.getByRole("region", { name: "Stages of exchange_order" }).getByText("order_handled").waitFor();
    expect(complaints).toEqual([]);
  });

  test("the heatmap says count and share under the pointer, with one crosshair through all charts", async () => {
    const { page } = await open("range=15m&stage=book_to_signal");
    const map = page.getByRole("figure", { name: /^Durations of book_to_signal over time\. 500 passes/ });
    const canvas = map.locator("canvas");
    const box = await boxOf(canvas);
    // The range ends now; half a minute sooner or later is the same minute, or its neighbour, which is alike.
    const to = Date.now();
    const from = to - 900_000;
    const x = box.x + ((BASE_MS + 60_000 - from) / (to - from)) * box.width;
    await page.mouse.move(x, box.y + box.height * 0.25);
    await map.getByText("1.00 ms to 10.0 ms").waitFor();
    await map.getByText("50 passes").waitFor();
    await map.getByText("50.0 % of the slice").waitFor();
    const cursors = page.getByRole("region", { name: "Stages of tick" }).locator("td i");
    await count(cursors, 3);
    // Each stage says what its band is there: from p50 to p99.
    await page.getByRole("region", { name: "Stages of tick" }).getByText("1.00 ms to 9.82 ms").waitFor();
    await page
      .getByRole("figure", { name: /^Percentiles of/ })
      .getByText(/^\d\d:\d\d UTC$/)
      .waitFor();
  });

  test("a drag over the heatmap marks a range, and so does a time of its table", async () => {
    const { page } = await open();
    const canvas = page.getByRole("figure", { name: /^Durations of end_to_end/ }).locator("canvas");
    const box = await boxOf(canvas);
    await page.mouse.move(box.x + box.width * 0.2, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 30, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=.*&to=/);
    expect(Math.abs(seconds(page.url()) - 360)).toBeLessThan(10);
    await page.goBack();
    await page.waitForURL(/range=15m/);
    await page.getByRole("button", { name: "Table" }).click();
    const table = page.getByRole("table", { name: /^Durations of end_to_end over time/ });
    await count(table.locator("tbody tr"), MINUTES);
    expect(await table.locator("thead th").allInnerTexts()).toEqual([
      "From (UTC)",
      "1.00 ms to 10.0 ms",
      "10.0 ms to 100 ms",
    ]);
    expect(await table.locator("tbody tr").first().locator("td").allInnerTexts()).toEqual(["99", "1"]);
    await table.getByRole("button").first().click();
    await page.waitForURL(/from=.*&to=/);
    expect(seconds(page.url())).toBe(60);
  });

  test("the slowest flows lead to their traces, by keyboard and by a click", async () => {
    const { page } = await open();
    const flows = page.getByRole("region", { name: "Slowest flows" });
    const rows = flows.getByRole("listitem");
    await rows.first().waitFor();
    // Only what is called like the flow: the failed request is none.
    expect((await rows.first().allInnerTexts()).join()).toMatch(/10\.0 ms\s+BTC\/USDT\s+order_submitted/);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/traces/${ORDER_TRACE}`));
    await page.goBack();
    await flows.getByRole("link", { name: "All" }).click();
    await page.waitForURL(/\/traces\?range=15m&sort=slowest&operation=tick/);
    await page.getByRole("button", { name: "Operation: any" }).click();
    await page.getByRole("table").getByRole("link", { name: "GET /balance" }).click();
    await page.waitForURL(new RegExp(`/traces/${FAILED_TRACE}`));
  });

  test("scores of signals have their mean and their distribution", async () => {
    const { page } = await open();
    const scores = page.getByRole("region", { name: "Confidence of signals" });
    await scores.getByText("78.5 mean of 3 scores").waitFor();
    await scores.getByText("70 to 80: 2 scores, 66.7 %").waitFor();
    await scores.getByText("80 to 90: 1 scores, 33.3 %").waitFor();
  });

  test("every metric can be looked at: numbers as lines with their unit, filtered by label, all of it in the address", async () => {
    const { page, complaints } = await open();
    await page.getByRole("button", { name: "All metrics" }).click();
    const list = page.getByRole("region", { name: "Metrics" });
    await list.getByRole("button", { name: /^orders_total/ }).click();
    const rows = page.getByRole("region", { name: "Series", exact: true }).locator("tbody tr");
    await count(rows, 2);
    expect(
      (await rows.allInnerTexts()).map((text) => text.split(/\s{2,}|\t|\n/).filter((part) => part !== "")),
    ).toEqual([
      ["BUY", "trader", "15 orders", "3 orders", "3 orders"],
      ["SELL", "trader", "5 orders", "1 order", "1 order"],
    ]);
    await page.getByText("What came in each 1 min, in orders").waitFor();
    await page.getByRole("combobox", { name: "side" }).selectOption("SELL");
    await count(rows, 1);
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toEqual({
      range: "15m",
      view: "metrics",
      metric: "orders_total",
      "where.side": "SELL",
    });
    await page.reload();
    await count(rows, 1);
    await page.getByRole("combobox", { name: "side" }).selectOption("");
    await count(rows, 2);
    expect(complaints).toEqual([]);
  });

  test("a histogram is shown by its percentiles, as the stages are", async () => {
    const { page } = await open("range=15m&view=metrics");
    const list = page.getByRole("region", { name: "Metrics" });
    await count(list.getByRole("listitem"), 2);
    await page.keyboard.press("/");
    await page.keyboard.type("stage dura");
    await count(list.getByRole("listitem"), 1);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/metric=trading_stage_duration_seconds/);
    const rows = page.getByRole("region", { name: "Series", exact: true }).locator("tbody tr");
    await count(rows, 4);
    expect((await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim())).toContain(
      "tick · book_to_signal 500 4.00 ms 1.00 ms 8.20 ms 9.10 ms 9.82 ms",
    );
    await page.getByRole("combobox", { name: "flow" }).selectOption("exchange_order");
    await count(rows, 1);
    await page.getByRole("figure", { name: /^trading_stage_duration_seconds over time\. 50 values/ }).waitFor();
  });

  test("a range without anything says what to do, and so does an unknown metric", async () => {
    const { page } = await open("from=2020-01-01T00:00:00Z&to=2020-01-01T01:00:00Z", "light");
    await page.getByText("No stage was measured in this range").waitFor();
    await page.getByText("No trace of it was kept in this range").waitFor();
    await page.getByText("No signal with a confidence_score").waitFor();
    const { page: other } = await open("range=15m&view=metrics&metric=unheard_of&where.a=b");
    await other.getByText("No series has these labels in this range").waitFor();
  });
});

async function count(rows: Locator, wanted: number): Promise<void> {
  await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(wanted);
}

async function boxOf(element: Locator) {
  await element.waitFor();
  const box = await element.boundingBox();
  if (box === null) throw new Error("the element is nowhere");
  return box;
}

/** How long the range of an address is, in seconds. */
function seconds(url: string): number {
  const { searchParams } = new URL(url);
  return (Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "")) / 1_000;
}
