// Telemetry is other people's strings: whatever they hold, the page shows it as text, and nothing of it runs (case 44).
import { expect, test } from "vitest";
import { describePage } from "./browser-harness.ts";
import { ACKNOWLEDGED_ALERT, FIRING_ALERT, writeKnownAlerts } from "./known-alerts.ts";
import { SAMPLE_TRACE, writeSampleDay } from "./sample-day.ts";

/** Ways that have worked against dashboards: elements, attributes, links, templates, the end of a script or a style. */
const ATTACKS = [
  `<img src=x onerror="window.ran=1">`,
  `<svg/onload=window.ran=1>`,
  `"><script>window.ran=1</script>`,
  `'-alert(window.ran=1)-'`,
  "javascript:window.ran=1//",
  "{{constructor.constructor('window.ran=1')()}}",
  `$\{window.ran=1}`,
  `</title></style></script><script>window.ran=1</script>`,
  `<a href="javascript:window.ran=1">x</a>`,
  `<iframe srcdoc="<script>parent.ran=1</script>">`,
  "\u202e\u0000\ud800<b>",
];
const SCREENS = [
  "/",
  "/decisions",
  "/decisions?view=whatif",
  "/decisions/7",
  "/latency",
  "/latency?view=metrics",
  "/traces",
  `/traces/${SAMPLE_TRACE}`,
  "/alerts",
  `/alerts?alert=${FIRING_ALERT}`,
  `/alerts?alert=${ACKNOWLEDGED_ALERT}`,
  "/alerts?tab=history&range=1h",
  "/alerts?tab=rules",
  "/alerts?tab=rules&rule=high-error-rate",
  "/health",
];
let at = 0;
const hostile = (text: string) => `${ATTACKS[at++ % ATTACKS.length]}${text}`;

describePage(
  "strings of others",
  async (desk) => {
    await writeSampleDay(desk, hostile);
    await writeKnownAlerts(desk, hostile);
  },
  ({ open }) => {
    test.each(SCREENS)("run nothing on %s", async (path) => {
      const { page, complaints } = await open({ path });
      await page.locator("main section").first().waitFor();
      await expect.poll(() => page.getByText("Loading").count(), { timeout: 10_000 }).toBe(0);
      for (const link of await page.locator("main a").all())
        expect(await link.getAttribute("href")).not.toMatch(/^\s*(javascript|data|vbscript):/i);
      expect(await page.evaluate(() => (window as { ran?: unknown }).ran)).toBeUndefined();
      expect(await page.locator("main script, main iframe, main img[src=x]").count()).toBe(0);
      // What the policy has had to stop would be said here.
      expect(complaints.filter((line) => /Content Security Policy|Refused/i.test(line))).toEqual([]);
    });

    test("run nothing in the address either, and are shown as they are", async () => {
      const query = new URLSearchParams({ text: ATTACKS[0]!, symbol: ATTACKS[2]!, type: ATTACKS[1]! });
      const { page } = await open({ path: `/?${query}` });
      await page.locator("main section").first().waitFor();
      expect(await page.evaluate(() => (window as { ran?: unknown }).ran)).toBeUndefined();
    });
  },
  { alerts: false },
);
