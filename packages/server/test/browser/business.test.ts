// The screen Business & users, in Chromium, on known records: every figure that is looked for here follows from them by hand.
import type { Locator } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { describePage } from "./browser-harness.ts";
import { writeKnownRecords } from "./known-records.ts";

describePage("Business and users", writeKnownRecords, (tools) => {
  const open = async (query = "range=15m", theme: "dark" | "light" = "dark") => {
    const { page, complaints } = await tools.open({ path: `/business?${query}`, theme });
    page.setDefaultTimeout(12_000);
    // A page that is open goes on asking.
    onTestFinished(() => page.close());
    return { page, complaints };
  };

  test("totals stand by category, exact, each in its own unit", async () => {
    const { page, complaints } = await open();
    const rows = page.getByRole("region", { name: "Totals", exact: true }).locator("tbody tr");
    await count(rows, 8);
    const texts = (await rows.allInnerTexts()).map(cells);
    // 10 days of 2,100.10, 4 of -1,203.450000001, 14 of 12.000000000000000001.
    expect(texts).toContainEqual([
      "Realized pnl",
      "−1,191.450000000999999999",
      "16,355.199999996000000014",
      "USDT",
      "28",
      "–",
    ]);
    expect(texts).toContainEqual(["Traded notional", "1,234,567.89", "17,283,950.46", "USDT", "14", "–"]);
    expect(texts).toContainEqual(["Daily active users", "1,330", "17,710", "–", "14", "1"]);
    expect(texts).toContainEqual(["User engagement"]);
    expect(complaints).toEqual([]);
  });

  test("the newest figures are on top, users first, and one that is chosen is shown by its periods", async () => {
    const { page } = await open();
    const strip = page.getByRole("region", { name: "Newest figures" });
    await strip.getByRole("button").first().waitFor();
    expect((await strip.getByRole("button").allInnerTexts())[0]).toBe("Daily active users");
    await strip.getByRole("button", { name: "Realized pnl" }).click();
    expect(new URL(page.url()).searchParams.get("metric")).toBe("realized_pnl|trading|USDT|USDT");
    const panel = page.getByRole("region", { name: "Realized pnl" });
    await panel.getByText("−1,191.450000000999999999 USDT").waitFor();
    await panel.getByText(/daily, sum of 2 records/).waitFor();
    await panel.getByRole("slider", { name: "Realized pnl by period" }).focus();
    await page.keyboard.press("ArrowLeft");
    await panel.getByText("2,112.100000000000000001 USDT").waitFor();
    expect(cells((await panel.locator("tbody tr").first().allInnerTexts()).join()).slice(1)).toEqual([
      "12.000000000000000001",
      "funding",
      "sum",
    ]);
    await page.reload();
    await panel.getByText("−1,191.450000000999999999 USDT").waitFor();
  });

  test("j, k and Enter choose a metric, and fewer days have fewer periods", async () => {
    const { page } = await open();
    await count(page.getByRole("region", { name: "Totals", exact: true }).locator("tbody tr"), 8);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.waitForURL(/metric=traded_notional/);
    const records = page.getByRole("region", { name: "Records" }).locator("tbody tr");
    await count(records, 14);
    await page.getByRole("button", { name: "7 d", exact: true }).click();
    await count(records, 7);
    expect(new URL(page.url()).searchParams.get("days")).toBe("7");
  });

  test("activity is by hour and category, by events or by users", async () => {
    const { page } = await open();
    const table = page.getByRole("region", { name: "Activity by hour and category" });
    const row = table.getByRole("row", { name: /^Http/ });
    await row.waitFor();
    const sum = async () =>
      (await row.getByRole("cell").allInnerTexts()).reduce((all, text) => all + (Number(text) || 0), 0);
    expect(await table.getByRole("columnheader").count()).toBe(25);
    expect(await sum()).toBe(25);
    await page.getByRole("button", { name: "Users", exact: true }).click();
    // The requests may lie on both sides of a full hour.
    await expect.poll(sum).toBeLessThanOrEqual(4);
    expect(await sum()).toBeGreaterThanOrEqual(2);
    expect(new URL(page.url()).searchParams.get("count")).toBe("users");
  });

  test("a user's name shows what that user did, requests included, and nobody else", async () => {
    const { page } = await open();
    const actions = page.getByRole("region", { name: "Actions", exact: true });
    await count(actions.locator("tbody tr"), 6);
    await actions.getByRole("button", { name: "u-4" }).first().click();
    const panel = page.getByRole("region", { name: "Recent actions of u-4" });
    // Two actions, 10 requests of one route and 2 of the other.
    await count(panel.locator("tbody tr"), 14);
    expect(new URL(page.url()).searchParams.get("user")).toBe("u-4");
    await panel.getByRole("link").first().click();
    await page.waitForURL(/\/\?.*event=\d+/);
  });

  test("periods without figures, and users who did nothing, say how they come", async () => {
    const { page } = await tools.open({ path: "/business?user=nobody", theme: "light" });
    onTestFinished(() => page.close());
    await page.getByText("No event of this user in the last 24 hours.").waitFor();
    await page.route("**/api/telemetry/business-totals*", (route) => route.fulfill({ json: { totals: [] } }));
    await page.route("**/api/telemetry/business-metrics*", (route) =>
      route.fulfill({ json: { metrics: [], count: 0 } }),
    );
    await page.reload();
    await page.getByText("No figure of the business in these periods.").waitFor();
    await page.getByText("tradingEvents.businessMetric.emit(").waitFor();
  });
});

async function count(rows: Locator, wanted: number): Promise<void> {
  await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(wanted);
}

function cells(text: string): readonly string[] {
  return text
    .split(/\s{2,}|\t|\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
