// One word of 10,000 letters, as an encoded key or a dump in base 64 is: a browser that tries to end a line after each of them stands still for a second.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describePage } from "./browser-harness.ts";
import { ACKNOWLEDGED_ALERT, writeKnownAlerts } from "./known-alerts.ts";
import { writeKnownRecords } from "./known-records.ts";
import { SAMPLE_TRACE, writeSampleDay } from "./sample-day.ts";

const LENGTH = 10_000;
/** Letters in one piece that cost nothing. */
const MAX_PIECE = 500;
const SCREENS = [
  "/",
  "/?event=5",
  "/?event=7",
  "/?event=10",
  "/decisions",
  "/decisions/6",
  "/decisions/7",
  "/decisions?view=whatif",
  "/latency",
  "/latency?view=metrics",
  "/traces",
  `/traces/${SAMPLE_TRACE}`,
  "/system",
  "/business",
  "/alerts",
  `/alerts?alert=${ACKNOWLEDGED_ALERT}`,
  "/alerts?tab=rules",
  "/alerts?tab=rules&rule=high-error-rate",
  "/health",
];
const long = (text: string) => `${text}${"x".repeat(LENGTH)}`;

describePage(
  "long words",
  async (desk) => {
    await writeSampleDay(desk, long);
    await writeKnownRecords(desk, long);
    await writeKnownAlerts(desk, long);
  },
  ({ open }) => {
    test.each(SCREENS)("can end a line every few letters on %s", async (path) => {
      const { page, complaints } = await open({ path });
      await page.locator("main section").first().waitFor();
      await expect.poll(() => page.getByText("Loading").count(), { timeout: 10_000 }).toBe(0);
      expect(await dearWords(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
      expect(complaints).toEqual([]);
    });

    test("are shown whole to whoever asks, and are copied as they are", async () => {
      const { page } = await open({ path: "/?event=10" });
      const detail = page.getByRole("region", { name: "Event", exact: true });
      await detail.getByRole("button", { name: "show all 10,014 characters" }).click();
      await detail.getByRole("button", { name: "Show less" }).waitFor();
      const value = detail.getByText(/^a custom event/);
      expect(await value.textContent()).toBe(long("a custom event"));
      expect(await dearWords(page)).toEqual([]);
    });
  },
  { alerts: false },
);

/** Elements with a word so long in one piece that may nevertheless end a line within it, by their path. */
async function dearWords(page: Page): Promise<readonly string[]> {
  return page.evaluate((most) => {
    const found = new Set<string>();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const element = text.parentElement;
      if (element === null || !(text.nodeValue ?? "").split(/\s/).some((word) => word.length > most)) continue;
      const { overflowWrap, wordBreak, textWrapMode } = getComputedStyle(element);
      const mayBreak = overflowWrap !== "normal" || wordBreak !== "normal";
      if (!mayBreak || textWrapMode === "nowrap") continue;
      found.add(`${element.parentElement?.className} > ${element.localName}.${element.className}`);
    }
    return [...found];
  }, MAX_PIECE);
}
