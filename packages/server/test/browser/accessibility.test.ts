// Every screen by the rules of accessibility, in both themes: contrast, names, roles, order.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { describePage } from "./browser-harness.ts";
import { FIRING_ALERT, writeKnownAlerts } from "./known-alerts.ts";
import { writeKnownRecords } from "./known-records.ts";
import { SAMPLE_TRACE, writeSampleDay } from "./sample-day.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENS = [
  "/",
  "/decisions",
  "/decisions?view=whatif",
  "/latency",
  "/traces",
  `/traces/${SAMPLE_TRACE}`,
  "/system",
  "/business",
  "/alerts",
  `/alerts?alert=${FIRING_ALERT}`,
  "/alerts?tab=history&range=1h",
  "/alerts?tab=rules",
  "/alerts?tab=rules&rule=high-error-rate",
  "/alerts?tab=rules&rule=new",
  "/health",
  "/nowhere",
];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

describePage(
  "accessibility",
  async (desk) => {
    await writeSampleDay(desk);
    await writeKnownRecords(desk);
    await writeKnownAlerts(desk);
  },
  ({ open }) => {
    test.each(SCREENS.flatMap((path) => (["dark", "light"] as const).map((theme) => [path, theme] as const)))(
      "%s, %s, breaks no rule of WCAG 2.2 AA",
      async (path, theme) => {
        const { page } = await open({ path, theme });
        await page.locator("main > *").first().waitFor();
        await page.waitForLoadState("domcontentloaded");
        await expect.poll(() => page.getByText("Loading").count(), { timeout: 10_000 }).toBe(0);
        // The page's own rules forbid scripts from elsewhere; the debugger's evaluation is not one.
        await page.evaluate(axe);
        const violations = (await page.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: unknown[] }> } };
          const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
          return (await axe.run({ runOnly: { type: "tag", values: tags } })).violations;
        })) as Violation[];
        const said = violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ target }) => target.join(" "))
              .slice(0, 3)
              .join("; ")}`,
        );
        expect(said).toEqual([]);
      },
    );
  },
  { alerts: false },
);
