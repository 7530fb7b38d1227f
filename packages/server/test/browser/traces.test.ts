// The screen Traces, in Chromium, on known traces: the list, one trace, and the way of an order.
import type { Locator, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import type { Desk } from "../../src/index.ts";
import { describePage } from "./browser-harness.ts";
import {
  FAILED_TRACE,
  HOSTILE_TRACE,
  knownSpans,
  knownTraceEvents,
  LATER_TRACE,
  LONG_SPANS,
  LONG_TRACE,
  ORDER,
  ORDER_TRACE,
} from "./known-traces.ts";

async function fill({ store }: Desk): Promise<void> {
  await store.writeSpans(knownSpans());
  await store.writeEvents(knownTraceEvents());
}

describePage("Traces", fill, (tools) => {
  const open = async (path: string) => {
    const { page, complaints } = await tools.open({ path });
    // So that a failure names the step, not only the test.
    page.setDefaultTimeout(12_000);
    // A page that is open goes on asking.
    onTestFinished(() => page.close());
    return { page, complaints };
  };
  const list = async (query = "range=15m") => {
    const opened = await open(`/traces?${query}`);
    return { ...opened, rows: opened.page.getByRole("table").locator("tbody tr") };
  };

  test("the newest traces come first, with what was decided, why, and how long they took", async () => {
    const { page, rows, complaints } = await list();
    await count(rows, 100);
    const texts = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
    expect(texts[0]).toContain("(no name)");
    expect(texts[1]).toMatch(/scan bbbbbbbb.*trader.*40\.0 ms.*1,641.*1/);
    expect(texts[2]).toMatch(/GET \/balance ffffffff.*exchange.*90\.0 ms/);
    expect(texts[3]).toMatch(
      /tick 0af76519.*BTC\/USDT.*exchange, trader.*10\.0 ms.*8.*ACCEPT.*order_submitted.*accepted/,
    );
    expect(texts[4]).toMatch(/ETH\/USDT.*229 µs.*REJECT.*insufficient_edge/);
    await page.getByText("last 15 minutes").waitFor();
    expect(complaints).toEqual([]);
  });

  test("each filter narrows the list and is in the address", async () => {
    const { page, rows } = await list();
    const field = (name: string) => page.getByRole("combobox", { name, exact: true });
    await field("Service").fill("exchange");
    await page.keyboard.press("Enter");
    await count(rows, 1);
    await page.getByRole("button", { name: "Clear" }).click();
    // Until then the choices, too, are those of the one that was left.
    await count(rows, 100);
    await field("Operation").fill("scan");
    await page.keyboard.press("Enter");
    await count(rows, 1);
    await page.getByRole("button", { name: "Operation: any" }).click();
    await count(rows, 100);
    await page.getByLabel("Decision").selectOption("ACCEPT");
    await count(rows, 1);
    await page.getByLabel("Decision").selectOption("");
    await count(rows, 100);
    await field("Reason").fill("order_submitted");
    await page.keyboard.press("Enter");
    await count(rows, 1);
    await page.getByRole("button", { name: "Reason: any" }).click();
    await count(rows, 100);
    await page.getByRole("textbox", { name: "Least duration in milliseconds" }).fill("40");
    await page.keyboard.press("Enter");
    await count(rows, 2);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Newest traces" }).click();
    await page.keyboard.press("e");
    await count(rows, 2);
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toEqual({ range: "15m", min_duration_ms: "40", has_error: "true" });
    await page.reload();
    await count(rows, 2);
    await page.getByLabel("Symbol").selectOption("BTC/USDT");
    await page.getByText("No trace matches in the last 15 minutes").waitFor();
  });

  test("the slowest come first when they are asked for, on one scale", async () => {
    const { page, rows } = await list();
    await count(rows, 100);
    await page.keyboard.press("s");
    await page.waitForURL(/sort=slowest/);
    await rows.first().getByText("GET /balance").waitFor();
    const widths = await rows
      .locator("td i")
      .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  });

  test("older traces come by pages, and the browser's way back leads to the newer ones", async () => {
    const { page, rows } = await list("range=15m&symbol=ETH%2FUSDT");
    await count(rows, 100);
    await page.getByRole("button", { name: "Older" }).click();
    await page.waitForURL(/before=/);
    await count(rows, 30);
    expect(await page.getByRole("button", { name: "Older" }).isDisabled()).toBe(true);
    await page.goBack();
    await count(rows, 100);
    await page.goForward();
    await page.getByRole("button", { name: "To the newest" }).click();
    await count(rows, 100);
  });

  test("a pasted trace id goes there; any other text is looked for in events, which lead to their trace", async () => {
    const { page, rows } = await list();
    await count(rows, 100);
    await page.keyboard.press("/");
    await page.keyboard.insertText(`00-${ORDER_TRACE}-b7ad6b7169203331-01`);
    await page.waitForURL(new RegExp(`/traces/${ORDER_TRACE}`));
    await page.goBack();
    await count(rows, 100);
    await page.keyboard.press("/");
    await page.keyboard.insertText(ORDER);
    await page.keyboard.press("Enter");
    const found = page.getByRole("region", { name: `Events with “${ORDER}”` });
    await count(found.getByRole("listitem"), 4);
    await found.getByRole("link", { name: "Order request" }).click();
    await page.waitForURL(new RegExp(`/traces/${ORDER_TRACE}.*order=${ORDER}`));
    await page.getByRole("region", { name: `Order ${ORDER}` }).waitFor();
  });

  test("j, k and Enter walk to a trace, and Escape leads back to the same list", async () => {
    const { page, rows } = await list("range=15m&operation=tick");
    await count(rows, 100);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/traces/${ORDER_TRACE}`));
    await page.getByRole("tree", { name: "Spans" }).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/traces\?range=15m&operation=tick$/);
    await count(rows, 100);
  });

  test("a trace is a waterfall of its services, with own time, gaps and the decision beside it", async () => {
    const { page, complaints } = await open(`/traces/${ORDER_TRACE}?range=15m`);
    const spans = await spansOf(page);
    expect(await names(spans)).toEqual([
      "1 tick trader 10.0 ms",
      "2 ws_to_book_update 1.00 ms",
      "2 book_to_signal 1.00 ms",
      "2 signal_to_risk 500 µs",
      "2 risk_to_send 500 µs",
      "2 POST 5.00 ms",
      "3 POST /order exchange 3.00 ms",
      "4 exchange_order 3.00 ms",
    ]);
    // No child of the tick runs from 3 to 4 ms, none of the request for the first and the last millisecond.
    expect(await page.getByTitle("No child runs here").allTextContents()).toEqual([
      "1.00 ms",
      "1.00 ms",
      "1.00 ms",
      "1.00 ms",
    ]);
    const side = page.getByRole("region", { name: "Decision and span" });
    const decision = side.getByRole("region", { name: "Decisions" });
    await decision.getByText("ACCEPT", { exact: true }).waitFor();
    expect((await decision.allInnerTexts()).join()).toContain("1.20 bps net against 0.50");
    expect((await decision.allInnerTexts()).join()).toContain(
      "4.10 gross − 2.00 fees − 0.60 slippage − 0 gas − 0.30 latency buffer",
    );
    expect(await decision.getByRole("link", { name: "Decision" }).getAttribute("href")).toMatch(
      /^\/decisions\/\d+\?range=15m$/,
    );
    await side.getByText("trading.keep_reason").waitFor();
    expect(complaints).toEqual([]);
  });

  test("keys walk through the spans, close and open them, and the address says where one is", async () => {
    const { page } = await open(`/traces/${ORDER_TRACE}`);
    const spans = await spansOf(page);
    for (let i = 0; i < 5; i++) await page.keyboard.press("j");
    const side = page.getByRole("region", { name: "Decision and span" });
    await side.getByRole("heading", { name: "POST", exact: true }).waitFor();
    expect(await spans.nth(5).getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("ArrowLeft");
    await count(spans, 6);
    expect(await spans.nth(5).getAttribute("aria-expanded")).toBe("false");
    const there = page.url();
    expect(there).toMatch(/span=[0-9a-f]{16}/);
    expect(there).toMatch(/closed=[0-9a-f]{16}/);
    await page.keyboard.press("ArrowRight");
    await count(spans, 8);
    await page.keyboard.press("ArrowRight");
    await side.getByRole("heading", { name: "POST /order" }).waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await side.getByRole("heading", { name: "POST", exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(':focus[aria-label="Decision and span"]').waitFor();
    const { page: shared } = await open(new URL(there).pathname + new URL(there).search);
    await count(await spansOf(shared), 6);
    await shared.getByRole("region", { name: "Decision and span" }).getByRole("heading", { name: "POST" }).waitFor();
  });

  test("what was said leads to its span, and a span has what was said in it", async () => {
    const { page } = await open(`/traces/${ORDER_TRACE}`);
    const spans = await spansOf(page);
    const said = page.getByRole("region", { name: "Events and logs", exact: true });
    const entries = said.getByRole("listitem");
    await count(entries, 6);
    expect((await entries.allInnerTexts()).map((text) => text.split("\n").slice(0, 2))).toEqual([
      ["+2.40 ms", "Decision accepted"],
      ["+2.60 ms", "Order request"],
      ["+6.00 ms", "Matched"],
      ["+7.00 ms", "Order transition"],
      ["+9.20 ms", "Order result"],
      ["+9.50 ms", "Log info"],
    ]);
    await entries.nth(3).getByRole("button").click();
    const side = page.getByRole("region", { name: "Decision and span" });
    await side.getByRole("heading", { name: "exchange_order" }).waitFor();
    expect(await spans.nth(7).getAttribute("aria-selected")).toBe("true");
    await side.getByText("Matched").click();
    await side.getByText("level", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Only this span" }).click();
    await count(entries, 2);
    await said.getByText("2 of 6").waitFor();
    // Another span, other words.
    await page.getByRole("treeitem", { name: /^risk_to_send/ }).click();
    await count(entries, 1);
    await page.keyboard.press("l");
    await count(entries, 6);
  });

  test("an order's way goes from the signal to the last fill, across traces, and its sums are exact", async () => {
    const { page, complaints } = await open(`/traces/${ORDER_TRACE}?order=${ORDER}`);
    const way = page.getByRole("region", { name: `Order ${ORDER}` });
    const steps = way.locator("tbody tr");
    await count(steps, 9);
    const texts = (await steps.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());
    expect(texts).toEqual([
      "0 ms Flow begins tick trader",
      "2.40 ms +2.40 ms Decision accepted accepted · net edge 1.20 bps is enough trader",
      "2.60 ms +200 µs Order request 0.50 100.10 BUY · spot trader",
      "5.00 ms +2.40 ms Handled exchange_order exchange",
      "7.00 ms +2.00 ms Order transition RECEIVED → FILLED exchange",
      "9.20 ms +2.20 ms Order result 0.5 100.16 FILLED trader",
      "Fill 0.20 100.10 0.01 USDT",
      "Fill 0.30 100.20 0.02 USDT",
      "30.0 s +30.0 s Order transition other trace FILLED → SETTLED exchange",
    ]);
    // 0.20 * 100.10 + 0.30 * 100.20
    for (const sum of ["0.5 BTC asked for", "0.5 BTC filled", "0 BTC left", "50.08 USDT money", "0.03 USDT fees"])
      await way.getByText(sum).waitFor();
    await way.getByText("the fills add up to what was reported").waitFor();
    await steps.nth(3).getByRole("button").click();
    await page.waitForURL(/span=/);
    await way.getByRole("link", { name: "other trace" }).click();
    await page.waitForURL(new RegExp(`/traces/${LATER_TRACE}.*order=${ORDER}`));
    await page.getByText("its trace was not kept").waitFor();
    await page.goBack();
    await way.waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Order journey" }).waitFor();
    expect(new URL(page.url()).searchParams.get("order")).toBeNull();
    expect(complaints).toEqual([]);
  });

  test("a long trace draws only what is in sight, finds its error, and can be looked at closer", async () => {
    const { page } = await open(`/traces/${LONG_TRACE}`);
    const spans = page.getByRole("treeitem");
    await spans.first().waitFor();
    expect(await spans.count()).toBeLessThan(80);
    await page.getByText(`${LONG_SPANS.toLocaleString("en")} spans`).waitFor();
    await page.keyboard.press("e");
    const side = page.getByRole("region", { name: "Decision and span" });
    await side.getByRole("heading", { name: "indicator 30.7" }).waitFor();
    await page.getByRole("treeitem", { selected: true }).getByText("indicator 30.7").waitFor();
    await page.keyboard.press("z");
    await page.waitForURL(/zoom=\d+-\d+/);
    await page.keyboard.press("0");
    await page.waitForURL((url) => !url.searchParams.has("zoom"));
    const map = page.getByTitle(/^Drag to look closer/);
    const box = await boxOf(map);
    await page.mouse.move(box.x + box.width * 0.25, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 3 });
    await page.mouse.up();
    await page.waitForURL(/zoom=\d+-\d+/);
    const [from = 0, to = 0] = (new URL(page.url()).searchParams.get("zoom") ?? "").split("-").map(Number);
    expect(Math.abs(from - 10e6)).toBeLessThan(0.2e6);
    expect(Math.abs(to - 20e6)).toBeLessThan(0.2e6);
    await page.getByRole("button", { name: "Whole trace" }).click();
    await page.getByRole("button", { name: "Close all" }).click();
    await page.getByText("40 below").first().waitFor();
    await page.getByRole("button", { name: "Open all" }).click();
    await count(page.getByText("40 below"), 0);
  });

  test("an error is a shape, its message and its exception are beside it", async () => {
    const { page } = await open(`/traces/${FAILED_TRACE}`);
    await page.getByText("1 with an error").waitFor();
    const row = page.getByRole("treeitem", { name: /GET \/balance.*error/ });
    await row.locator("svg path").waitFor();
    const side = page.getByRole("region", { name: "Decision and span" });
    await side.getByText("503 Service Unavailable").first().waitFor();
    await page.getByRole("region", { name: "Events and logs", exact: true }).getByText("Exception").waitFor();
  });

  test("a hostile trace is text: nothing runs, nothing breaks, nothing is lost", async () => {
    const { page, complaints } = await open(`/traces/${HOSTILE_TRACE}`);
    const spans = await spansOf(page);
    await count(spans, 5);
    await page.getByText("cut loose: its own ancestor").waitFor();
    await page.getByText("parent not here").waitFor();
    await spans.nth(1).click();
    const side = page.getByRole("region", { name: "Decision and span" });
    const more = side.getByRole("button", { name: /^all 10,0\d\d characters$/ });
    await more.first().click();
    await side.getByRole("button", { name: "less" }).waitFor();
    expect(await side.getByRole("link", { name: `trace ${ORDER_TRACE}` }).getAttribute("href")).toMatch(/^\/traces\//);
    await page.getByRole("button", { name: "Order journey" }).click();
    await page.getByText(/in no sum, for it is no decimal: quantity abc$/).waitFor();
    const width = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    expect(width).toBeLessThanOrEqual(0);
    expect(await page.title()).not.toBe("run");
    expect(complaints).toEqual([]);
  });

  test("a trace that is not here, and an id that is none, say so", async () => {
    const { page } = await open(`/traces/${"e".repeat(32)}`);
    await page.getByText("may not have been kept").waitFor();
    const { page: wrong } = await open("/traces/nonsense");
    await wrong.getByText("“nonsense” is no trace id").waitFor();
  });
});

/** The rows of a waterfall, once they are there. */
async function spansOf(page: Page): Promise<Locator> {
  const spans = page.getByRole("treeitem");
  await spans.first().waitFor();
  return spans;
}

/** Level, name, service where it is another one, and duration of each row. */
function names(spans: Locator): Promise<string[]> {
  return spans.evaluateAll((rows) =>
    rows.map((row) => {
      const [name, length] = row.children;
      const texts = [...(name?.children ?? []), length].map((part) => part?.textContent ?? "");
      return [row.getAttribute("aria-level"), ...texts].filter((text) => text !== "").join(" ");
    }),
  );
}

async function count(rows: Locator, wanted: number): Promise<void> {
  await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(wanted);
}

async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  if (box === null) throw new Error("the element is nowhere");
  return box;
}
