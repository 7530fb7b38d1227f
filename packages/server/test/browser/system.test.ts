// The screen System, in Chromium, on known records: every figure that is looked for here follows from them by hand.
import type { Locator } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { describePage } from "./browser-harness.ts";
import { writeKnownRecords } from "./known-records.ts";

describePage("System", writeKnownRecords, (tools) => {
  const open = async (query = "range=15m", theme: "dark" | "light" = "dark") => {
    const { page, complaints } = await tools.open({ path: `/system?${query}`, theme });
    page.setDefaultTimeout(12_000);
    // A page that is open goes on asking.
    onTestFinished(() => page.close());
    return { page, complaints };
  };

  test("machines say what they use now, the fullest file system counting, and what is nearly full is marked", async () => {
    const { page, complaints } = await open();
    const rows = page.getByRole("region", { name: "Machines", exact: true }).locator("tbody tr");
    await count(rows, 2);
    expect((await rows.allInnerTexts()).map((text) => cells(text).slice(0, -1))).toEqual([
      ["api", "server-01", "api-1", "49 %", "62.5 %", "71 %"],
      ["basis-trader", "server-02", "bot-7", "91 %", "nearly full", "35 %", "–"],
    ]);
    for (const name of ["CPU over time", "Memory over time", "Disk over time"])
      await page.getByRole("figure", { name }).locator("canvas").waitFor();
    expect(await page.getByRole("figure", { name: "Disk over time" }).getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringMatching(/\/data\s+71 %/),
      expect.stringMatching(/\/\s+20 %/),
    ]);
    expect(complaints).toEqual([]);
  });

  test("one crosshair goes through all charts", async () => {
    const { page } = await open();
    const canvas = page.getByRole("figure", { name: "CPU over time" }).locator("canvas");
    await canvas.waitFor();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error("the chart is nowhere");
    await page.mouse.move(box.x + box.width * 0.7, box.y + 40);
    for (const name of ["CPU over time", "Memory over time", "Requests over time"])
      await page
        .getByRole("figure", { name })
        .getByText(/^\d\d:\d\d UTC$/)
        .waitFor();
  });

  test("the table is sorted by any column, turned round by a second click, and its order is in the address", async () => {
    const { page } = await open();
    const table = page.getByRole("region", { name: "Metrics of services" });
    const names = () => table.locator("tbody th").allInnerTexts();
    await expect
      .poll(names)
      .toEqual(["cpu_usage", "cpu_usage", "disk_usage", "memory_usage", "memory_usage", "response_time"]);
    await table.getByRole("button", { name: "p95" }).click();
    await expect
      .poll(names)
      .toEqual(["response_time", "cpu_usage", "disk_usage", "memory_usage", "cpu_usage", "memory_usage"]);
    expect(await table.getByRole("columnheader", { name: "p95" }).getAttribute("aria-sort")).toBe("descending");
    await table.getByRole("button", { name: "p95" }).click();
    await expect.poll(async () => (await names())[0]).toBe("memory_usage");
    expect(new URL(page.url()).searchParams.get("sort")).toBe("-p95_value");
    await page.reload();
    await expect.poll(async () => (await names())[0]).toBe("memory_usage");
  });

  test("a metric is found and chosen by keyboard, and shown by its percentiles, which the address holds", async () => {
    const { page, complaints } = await open();
    const table = page.getByRole("region", { name: "Metrics of services" });
    await count(table.locator("tbody tr"), 6);
    expect(cells((await table.locator("tbody tr").last().allInnerTexts()).join())).toEqual([
      "api",
      "response_time",
      "10",
      "245 ms",
      "245 ms",
      "350 ms",
    ]);
    await page.keyboard.press("/");
    await page.keyboard.type("resp");
    await count(table.locator("tbody tr"), 1);
    await page.keyboard.press("Tab");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const chart = page.getByRole("figure", { name: "response_time over time" });
    await chart.getByText("p95").waitFor();
    expect((await chart.getByRole("listitem").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "))).toEqual([
      "p50 150 ms",
      "p90 280 ms",
      "p95 350 ms",
      "p99 450 ms",
    ]);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      range: "15m",
      find: "resp",
      metric: "response_time|milliseconds|api",
    });
    await page.reload();
    await chart.getByText("p95").waitFor();
    expect(complaints).toEqual([]);
  });

  test("routes have their counts, the share that was refused or failed, and how long they took", async () => {
    const { page } = await open();
    const rows = page.getByRole("region", { name: "Routes" }).locator("tbody tr");
    await count(rows, 2);
    expect((await rows.allInnerTexts()).map(cells)).toEqual([
      ["GET /orders", "api", "20", "–", "10.0 %", "10.0 ms", "19.0 ms", "20.0 ms"],
      ["POST /orders/:id", "api", "5", "20.0 %", "–", "42.0 ms", "44.0 ms", "44.0 ms"],
    ]);
    await page.getByText("25 in the last 15 minutes").waitFor();
  });

  test("a range without anything says what would be here and how it comes", async () => {
    const { page } = await open("from=2020-01-01T00:00:00Z&to=2020-01-01T01:00:00Z", "light");
    await page.getByText("No machine has reported in this range.").waitFor();
    await page.getByText("TELEMETRY_ENABLED=true node --import @tracebook/node/register app.js").waitFor();
    await page.getByText("tradingEvents.systemMetric.emit(").waitFor();
    await page.getByText("createServer(requestEvents(app)).listen(8000);").waitFor();
  });

  test("a server that cannot answer is said, with a way to go on", async () => {
    const { page } = await tools.open({ path: "/health" });
    onTestFinished(() => page.close());
    page.setDefaultTimeout(12_000);
    await page.getByText("Configuration in force").waitFor();
    let isBroken = true;
    await page.route("**/api/telemetry/system-performance*", (route) =>
      isBroken
        ? route.fulfill({
            status: 503,
            contentType: "application/problem+json",
            body: JSON.stringify({ code: "store_busy", detail: "The store is busy." }),
          })
        : route.continue(),
    );
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.waitForURL(/\/system/);
    const panel = page.getByRole("region", { name: "System performance" });
    await panel.getByText("The store is busy.").waitFor();
    isBroken = false;
    await panel.getByRole("button", { name: "Try again" }).click();
    await panel.getByText("response_time").waitFor();
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
