// The screen Decisions, in Chromium, on known decisions: every figure that is looked for here follows from them by hand.
import { toTimestamp } from "@tracebook/core";
import { type JudgeInput, judge } from "@tracebook/decisions";
import type { EventInput, MetricPointInput, SpanInput } from "@tracebook/store";
import type { Locator } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import type { Desk } from "../../src/index.ts";
import { describePage } from "./browser-harness.ts";

const SOURCE = { serviceName: "bot", instanceId: "bot-1" };
const TRACE = "0af7651916cd43dd8448eb211c80319c";
/** Half past some minute, ten minutes ago. */
const BASE_MS = Math.floor(Date.now() / 60_000) * 60_000 - 600_000 + 30_000;
const EDGE = { gross: "4.10", fees: "2.00", slippage: "0.60", gas: "0", latencyBuffer: "0.30" };

/** Net edge 1.20 everywhere. Two accepted, four below the threshold, one whose gate is 2 short, one in another unit. */
const KNOWN: readonly (readonly [symbol: string, input: JudgeInput])[] = (
  [
    ["bps", "1.00", "80"],
    ["bps", "1.20", "80"],
    ["bps", "1.25", "80"],
    ["bps", "1.50", "80"],
    ["bps", "3.00", "80"],
    ["bps", "1.30", "80"],
    ["bps", "1.00", "68"],
    ["USD", "5.00", "80"],
  ] as const
).map(([unit, minThreshold, score]) => [
  "BTC/USDT",
  { gates: [{ name: "min_confluence", score, threshold: "70" }], edge: { unit, minThreshold, ...EDGE } },
]);
const MANY = 450;
const PATIENCE = { timeout: 20_000 };
const HOSTILE = {
  decision: "REJECT",
  reason_code: "insufficient_edge",
  reason: "<img src=x onerror=\"document.title='run'\"> is the reason",
  edge_unit: "<b>bps</b>",
  gross_edge: "9".repeat(300),
  net_edge: "not a number",
  min_threshold: "1.50",
  gates: "cut off",
  note: "x".repeat(10_000),
  "<i>name</i>": { deep: [1, null, { deeper: "" }] },
};

async function fill({ store }: Desk): Promise<void> {
  const decision = (seq: number, symbol: string, data: unknown, atMs: number): EventInput => ({
    eventType: "decision",
    timestamp: toTimestamp(atMs * 1_000),
    source: SOURCE,
    seq,
    runId: "run-1",
    symbol,
    traceId: seq === 1 ? TRACE : undefined,
    spanId: undefined,
    severityNumber: 9,
    data: { strategy: "basis", ...(data as EventInput["data"]) },
  });
  const known = KNOWN.map(([symbol, input], i) => decision(i + 1, symbol, judge(input).toJSON(), BASE_MS + i * 1_000));
  const many = Array.from({ length: MANY }, (_, i) => {
    const verdict = judge({ edge: { unit: "bps", minThreshold: "1.21", ...EDGE } });
    return decision(100 + i, "SOL/USDT", verdict.toJSON(), BASE_MS - 60_000 + i * 10);
  });
  const hostile = decision(99, "XRP/USDT", HOSTILE, BASE_MS);
  await store.writeEvents([...many, ...known, hostile]);
  const outcome = (stage: string, reason_code: string, value: number): MetricPointInput => ({
    type: "sum",
    isMonotonic: true,
    isCumulative: false,
    source: SOURCE,
    startMicros: (BASE_MS - 60_000) * 1_000,
    timeMicros: BASE_MS * 1_000,
    name: "trading_flow_outcomes_total",
    description: "",
    unit: "{flow}",
    labels: { flow: "tick", stage, reason_code, strategy: "basis", symbol: "BTC/USDT" },
    value,
  });
  await store.writeSpans(tickSpans());
  await store.writePoints([
    outcome("ws_to_book_update", "error", 3),
    outcome("book_to_signal", "no_signal", 9_000),
    outcome("signal_to_risk", "insufficient_edge", 5),
    outcome("signal_to_risk", "gate_failed", 1),
    outcome("risk_to_send", "order_submitted", 2),
  ]);
}

/** A flow with its stages, from which their order is known. */
function tickSpans(): readonly SpanInput[] {
  const span = (name: string, spanId: string, after: number, durationMs: number): SpanInput => ({
    source: SOURCE,
    traceId: TRACE,
    spanId,
    parentSpanId: name === "tick" ? undefined : "b7ad6b7169203331",
    name,
    kind: 1,
    startMicros: (BASE_MS + after) * 1_000,
    startNanosRest: 0,
    durationNanos: durationMs * 1_000_000,
    statusCode: 0,
    statusMessage: "",
    scope: "tracebook",
    attributes: {},
    events: [],
    links: [],
  });
  const stages = ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"];
  return [span("tick", "b7ad6b7169203331", 0, 4), ...stages.map((name, i) => span(name, `00f067aa0ba902b${i}`, i, 1))];
}

const HERE = "symbol=BTC%2FUSDT&range=1h";

describePage("Decisions", fill, (tools) => {
  const open = async (query = HERE, path = "/decisions") => {
    const { page, complaints } = await tools.open({ path: `${path}?${query}` });
    // A page that is open goes on asking.
    onTestFinished(() => page.close());
    return { page, complaints, list: page.getByRole("region", { name: "Decisions" }) };
  };

  test("one sentence says why there were no more trades, and its numbers lead further", async () => {
    const { page, list, complaints } = await open();
    const why = page.getByRole("region", { name: "Why not more trades?" });
    await why.locator("strong").waitFor();
    const sentence = (await why.locator("p").textContent()) ?? "";
    expect(sentence).toContain("2 orders in the last 60 minutes");
    expect(sentence).toContain("9,011 ticks");
    await why.getByRole("link", { name: "5", exact: true }).first().click();
    await page.waitForURL(/reason_code=insufficient_edge/);
    await rowCount(list, 5);
    expect(complaints).toEqual([]);
  });

  test("each step of the funnel is the one before without its drops, and a reason filters the list", async () => {
    const { page, list } = await open();
    const funnel = page.getByRole("list", { name: /From ticks to orders, log scale/ });
    await funnel.waitFor();
    const steps = await funnel.getByRole("listitem").allTextContents();
    expect(steps).toHaveLength(6);
    for (const [index, start] of [
      "Ticks in9,011",
      "ws_to_book_update9,011",
      "book_to_signal9,008",
      "signal_to_risk8",
    ].entries())
      expect(steps[index]).toContain(start);
    expect(steps[3]).toContain("insufficient_edge562.5 %");
    expect(steps[4]).toContain("risk_to_send2");
    expect(steps[5]).toContain("Orders2");
    const gate = funnel.getByRole("button", { name: /gate_failed/ });
    await gate.click();
    await page.waitForURL(/reason_code=gate_failed/);
    await rowCount(list, 1);
    expect(await gate.getAttribute("aria-pressed")).toBe("true");
    // Flows that were never judged are not in the list: it says so and leads to their traces.
    await funnel.getByRole("button", { name: /no_signal/ }).click();
    await list.getByRole("link", { name: "See their traces" }).waitFor();
    await funnel.getByRole("button", { name: /no_signal/ }).click();
    await rowCount(list, 8);
    await page.getByRole("button", { name: "linear" }).click();
    await page.getByRole("list", { name: /linear scale/ }).waitFor();
    expect(page.url()).toContain("scale=linear");
  });

  test("reasons are ranked with their meaning, and so are symbols", async () => {
    const { page, list } = await open();
    const reasons = page.getByRole("list", { name: "Decisions by reason" });
    await reasons.waitFor();
    const rows = await reasons.getByRole("listitem").allTextContents();
    expect(rows).toEqual([
      "insufficient_edgeNet edge was below the threshold.562.5 %",
      "acceptedNet edge reached the threshold and every gate passed.225.0 %",
      "gate_failedA gate did not pass.112.5 %",
    ]);
    await reasons.getByRole("button", { name: /^accepted/ }).click();
    await rowCount(list, 2);
    await page.getByRole("button", { name: "symbol", exact: true }).click();
    await page.getByRole("list", { name: "Flows by symbol" }).getByText("2 orders").waitFor();
    expect(page.url()).toContain("group=symbols");
  });

  test("dragging over the time line marks a range, which everything is then of", async () => {
    const { page } = await open();
    const chart = page.getByRole("figure", { name: "Rejected decisions over time" }).locator(".u-over");
    await chart.waitFor();
    const box = await chart.boundingBox();
    if (box === null) throw new Error("the chart is nowhere");
    // One crosshair through both charts: the other one says the same moment.
    await page.mouse.move(box.x + box.width * 0.5, box.y + 10);
    const [here, there] = ["Rejected", "Accepted"].map((word) =>
      page.getByRole("figure", { name: `${word} decisions over time` }).getByText(/^\d\d:\d\d UTC$/),
    );
    await there?.waitFor();
    expect(await there?.textContent()).toBe(await here?.textContent());
    await page.mouse.move(box.x + box.width * 0.2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 12, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=.*&to=/);
    const { searchParams } = new URL(page.url());
    const seconds = (name: string) => Date.parse(searchParams.get(name) ?? "") / 1_000;
    expect(Math.abs(seconds("to") - seconds("from") - 1_440)).toBeLessThan(60);
    expect(searchParams.get("range")).toBeNull();
    expect(searchParams.get("symbol")).toBe("BTC/USDT");
  });

  test("margins are of one unit, walked by keyboard, and near misses say what they missed by", async () => {
    const { page, list } = await open();
    const margins = page.getByRole("region", { name: "Net edge − threshold" });
    await margins.getByText("7 in bps").waitFor();
    await margins.getByText("3 near misses within 10 %").waitFor();
    const misses = margins.getByRole("list", { name: "Near misses" });
    expect(await misses.getByRole("listitem").allTextContents()).toEqual([
      expect.stringContaining("min_confluencemissed by 2"),
      expect.stringContaining("missed by 0.10 bps"),
      expect.stringContaining("missed by 0.05 bps"),
    ]);
    await margins.getByRole("slider").focus();
    await page.keyboard.press("End");
    await margins.getByText(/and more: \d+ accepted, \d+ rejected/).waitFor();
    await margins.getByLabel("Near misses").and(margins.locator("select")).selectOption("5");
    await margins.getByText("2 near misses within 5 %").waitFor();
    await margins.getByLabel("Unit").selectOption("USD");
    await margins.getByText("1 in USD").waitFor();
    await rowCount(list, 1);
    expect(new URL(page.url()).searchParams.get("edge_unit")).toBe("USD");
  });

  test("what if: nothing changed flips nothing; thresholds, costs and gates flip what they must, exactly", async () => {
    const { page, complaints } = await open();
    await page.getByRole("button", { name: /^What if/ }).waitFor();
    await page.keyboard.press("w");
    await page.waitForURL(/view=whatif/);
    const status = page.getByRole("status").filter({ hasText: "flip" });
    await status.getByText("0 flips with no change").waitFor();
    await page.getByText("7 of 8 decisions judged; 1 are in another unit").waitFor();
    const threshold = page.getByRole("textbox", { name: "Threshold: exact amount" });
    await threshold.fill("-0.1");
    await status.getByText("2 flips of 7 decisions").waitFor();
    await page.getByText("net edge 2.40 bps").waitFor();
    await page.getByText("2 → 4").waitFor();
    expect(new URL(page.url()).searchParams.get("threshold_by")).toBe("-0.1");
    // What is no decimal is marked and not applied.
    await threshold.fill("-0.1x");
    expect(await threshold.getAttribute("aria-invalid")).toBe("true");
    expect(new URL(page.url()).searchParams.get("threshold_by")).toBe("-0.1");
    await page.getByRole("button", { name: "Threshold: as recorded" }).click();
    await status.getByText("0 flips").waitFor();
    await page.getByLabel("Fees: how it is changed").selectOption("set to");
    await page.getByRole("textbox", { name: "Fees: exact amount" }).fill("2.10");
    await status.getByText("1 flip of 7 decisions").waitFor();
    const flips = page.getByRole("table").filter({ hasText: "Flips, newest first" });
    await flips.getByRole("row", { name: /ACCEPT → REJECT.*1\.20 → 1\.10 bps/ }).waitFor();
    await page.getByRole("button", { name: "As recorded", exact: true }).click();
    await page.getByRole("textbox", { name: "Gate min_confluence: exact amount" }).fill("65");
    await flips.getByRole("row", { name: /REJECT → ACCEPT.*gate_failed/ }).waitFor();
    // The address is all that it takes to see the same.
    await page.reload();
    await status.getByText("1 flip of 7 decisions").waitFor();
    expect(complaints).toEqual([]);
  });

  test("a slider goes by exact steps, and another unit takes the amounts of the first one out", async () => {
    const { page } = await open(`${HERE}&view=whatif`);
    const slider = page.getByRole("slider", { name: "Fees: times" });
    await slider.focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
    await page.waitForURL(/fees_est_times=0.90/);
    const field = page.getByRole("textbox", { name: "Fees: exact amount" });
    expect(await field.inputValue()).toBe("0.90");
    await field.press("ArrowUp");
    expect(await field.inputValue()).toBe("0.92");
    await page.getByRole("region", { name: "Judge by" }).getByLabel("Unit").selectOption("USD");
    await page.getByText("1 of 8 decisions judged; 7 are in another unit").waitFor();
    expect(page.url()).not.toContain("fees_est");
  });

  test("the list is walked by keyboard, a decision opens and closes, and the filters stay", async () => {
    const { page, list } = await open(`${HERE}&decision=REJECT`);
    await rowCount(list, 6);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/decisions\/\d+\?.*decision=REJECT/);
    const detail = page.getByRole("article", { name: "Decision" });
    await detail.getByText("gate min_confluence: score 68 is below the threshold of 70").waitFor();
    await page.keyboard.press("j");
    await detail.getByText("net edge 1.20 bps is below the threshold of 1.30 bps").waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/decisions\?.*decision=REJECT/);
    await rowCount(list, 6);
    await list.getByRole("button", { name: "Take the filters out" }).click();
    await rowCount(list, 8);
    await page.keyboard.press("Escape");
    await list.getByText("newest first, moving on").waitFor();
    await page.locator("body").press(" ");
    await list.getByText("holds still").waitFor();
    await page.locator("body").press("n");
    await list.getByText("newest first, moving on").waitFor();
    await page.locator("body").press("/");
    await list.getByLabel("Reason").and(list.locator("select:focus")).waitFor();
  });

  test("a long list comes by pages, and only what is seen is drawn", async () => {
    const { page, list } = await open("symbol=SOL%2FUSDT&range=1h");
    await list.getByRole("row").nth(5).waitFor();
    const scroller = list.locator("table").locator("xpath=..");
    await expect
      .poll(async () => {
        await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return list.getByRole("table").getAttribute("aria-rowcount");
      }, PATIENCE)
      .toBe(String(MANY + 1));
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await list.locator(`tr[aria-rowindex="${MANY + 1}"]`).waitFor();
    expect(await list.getByRole("row").count()).toBeLessThan(80);
    await list.getByRole("button", { name: "Newest" }).click();
    await list.locator('tr[aria-rowindex="2"]').waitFor();
    expect(await page.title()).not.toBe("run");
  });

  test("one decision shows its edge, its gates, that it adds up, and what would have decided otherwise", async () => {
    const { page, list, complaints } = await open(`${HERE}&reason_code=insufficient_edge`);
    await list.getByRole("link").last().click();
    const detail = page.getByRole("article", { name: "Decision" });
    await detail.getByText("The record adds up, exactly.").waitFor();
    const edge = detail.getByRole("table", { name: "Edge in bps, against the threshold" });
    expect((await edge.getByRole("row").allTextContents()).slice(1)).toEqual([
      "Gross edge4.10 bps",
      "− Fees2.00 bps",
      "− Slippage0.60 bps",
      "− Gas0 bps",
      "− Latency buffer0.30 bps",
      "= Net edge1.20 bps",
    ]);
    await detail.getByText("threshold 1.25 bps", { exact: true }).waitFor();
    await detail.getByRole("listitem").filter({ hasText: "min_confluence80 > 70passed" }).waitFor();
    await detail.getByRole("textbox", { name: "Slippage: exact amount" }).fill("0.9");
    await detail.getByText("Would be ACCEPT").waitFor();
    await edge.getByText("1.26 bps").waitFor();
    await detail.getByRole("link", { name: "The same for all decisions" }).click();
    await page.getByText("7 of 8 decisions judged").waitFor();
    expect(page.url()).toContain("slippage_est_times=0.9");
    expect(complaints).toEqual([]);
  });

  test("a decision leads to its trace and to its event", async () => {
    const { page, list } = await open(`${HERE}&decision=ACCEPT`);
    await list.getByRole("link").last().click();
    const detail = page.getByRole("article", { name: "Decision" });
    const trace = await detail.getByRole("link", { name: "Its trace" }).getAttribute("href");
    expect(trace).toContain(`/traces/${TRACE}`);
    const event = await detail.getByRole("link", { name: "Its event" }).getAttribute("href");
    expect(event).toMatch(/^\/\?.*event=\d+/);
  });

  test("a decision that is damaged is shown as text and runs nothing", async () => {
    const { page, list, complaints } = await open("symbol=XRP%2FUSDT&range=1h");
    await rowCount(list, 1);
    await list.getByRole("link").first().click();
    const detail = page.getByRole("article", { name: "Decision" });
    await detail.getByText("<img src=x onerror=\"document.title='run'\"> is the reason").waitFor();
    await detail.getByText("The record does not add up.").waitFor();
    await detail.getByText("<i>name</i>").waitFor();
    await detail.getByText(/10,000 characters/).waitFor();
    await detail.getByRole("textbox", { name: "Threshold: exact amount" }).fill("1");
    await detail.getByText("It cannot be judged again").waitFor();
    expect(await page.title()).not.toBe("run");
    expect(await detail.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("what is not there is said in words", async () => {
    const { page } = await open(HERE, "/decisions/999999999");
    await page
      .getByRole("alert")
      .getByText(/999999999/)
      .waitFor();
    const other = await open(HERE, "/decisions/abc");
    await other.page.getByText("abc is no decision").waitFor();
    const empty = await open("symbol=NONE&range=15m");
    await empty.list.getByText("No decision matches.").waitFor();
    await empty.page.getByText("No flow ended in this range.").waitFor();
    await empty.page.getByText("Nothing was judged in this range.").waitFor();
  });
});

/** Waits until the list has so many rows. */
async function rowCount(list: Locator, count: number): Promise<void> {
  await list.locator(`table[aria-rowcount="${count + 1}"]`).waitFor();
}
