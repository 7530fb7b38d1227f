// Every screen on a phone: nothing wider than it, and every other screen in reach.
import { expect, test } from "vitest";
import { describePage } from "./browser-harness.ts";
import { FIRING_ALERT, writeKnownAlerts } from "./known-alerts.ts";
import { writeKnownRecords } from "./known-records.ts";
import { SAMPLE_TRACE, writeSampleDay } from "./sample-day.ts";

const WIDTH = 390;
const HEIGHT = 844;
/** As long as they are. */
const INSTANCE = "4f9b3cac-6518-45aa-8852-d7132fdf2a6a";
const SCREENS = [
  "/",
  "/?event=7",
  "/decisions",
  "/decisions/6",
  "/decisions?view=whatif",
  "/latency",
  "/latency?view=metrics",
  "/traces",
  `/traces/${SAMPLE_TRACE}`,
  "/system",
  "/business",
  "/alerts",
  `/alerts?alert=${FIRING_ALERT}`,
  "/alerts?tab=history&range=1h",
  "/alerts?tab=rules&rule=high-error-rate",
  "/alerts?tab=rules",
  "/health",
];

describePage(
  "a phone",
  async (desk) => {
    await writeSampleDay(desk, (text) => (text === "bot-1" ? INSTANCE : text));
    await writeKnownRecords(desk);
    await writeKnownAlerts(desk);
  },
  ({ open }) => {
    test.each(SCREENS)("%s is as wide as the phone, with the other screens below", async (path) => {
      const { page, complaints } = await open({ path, width: WIDTH, height: HEIGHT });
      await page.locator("main > *").first().waitFor();
      await expect.poll(() => page.getByText("Loading").count(), { timeout: 10_000 }).toBe(0);
      // Of what scrolls to the side only tables and pictures do, within their panels.
      expect(
        await page.evaluate(() => [document.documentElement.scrollWidth, document.querySelector("main")?.scrollWidth]),
      ).toEqual([WIDTH, WIDTH]);
      const links = await page.getByRole("navigation", { name: "Screens" }).getByRole("link").all();
      expect(links.length).toBeGreaterThanOrEqual(7);
      for (const link of links) {
        const box = await link.boundingBox();
        expect(box?.y).toBeGreaterThan(HEIGHT - 100);
        expect((box?.y ?? HEIGHT) + (box?.height ?? 1)).toBeLessThanOrEqual(HEIGHT);
        expect(box?.x).toBeGreaterThanOrEqual(0);
        expect((box?.x ?? WIDTH) + (box?.width ?? 1)).toBeLessThanOrEqual(WIDTH);
      }
      expect(complaints).toEqual([]);
    });

    test("a chart of percentiles keeps its height", async () => {
      const { page } = await open({ path: "/latency", width: WIDTH, height: HEIGHT });
      const chart = page.getByRole("figure", { name: /^Percentiles of/ });
      await chart.locator("canvas").waitFor();
      // Its legend takes two lines there: a chart that made room for one would grow, and make its panel grow, for ever.
      expect((await chart.boundingBox())?.height).toBeLessThan(400);
    });
  },
  { alerts: false },
);
