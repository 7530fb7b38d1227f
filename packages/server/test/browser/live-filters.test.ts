// The screen Live narrowed to a user and a category, in history and in what happens.
import { expect, onTestFinished, test } from "vitest";
import { numberedEvents } from "../numbered-events.ts";
import { describePage } from "./browser-harness.ts";

const WAIT_MS = 15_000;

const action = (user_id: string, event_category: string, event_name: string) =>
  numberedEvents(1, { eventType: "user_action", data: { user_id, event_category, event_name } });

describePage(
  "Live, of one user",
  async ({ store }) => {
    await store.writeEvents([
      ...numberedEvents(3),
      ...action("u-1", "trading", "strategy_started"),
      ...action("u-1", "authentication", "user_login"),
      ...action("u-11", "trading", "strategy_stopped"),
    ]);
  },
  (tools) => {
    const open = async (query: string) => {
      const { page, complaints } = await tools.open({ path: `/?${query}` });
      // A page that is open goes on reading the live feed.
      onTestFinished(() => page.close());
      page.setDefaultTimeout(WAIT_MS);
      return { page, complaints };
    };

    test("a user and a category narrow history and what happens, in the address", async () => {
      const { page, complaints } = await open("fold=off");
      await page.getByText("6 shown").waitFor();
      await page.getByLabel("User", { exact: true }).fill("u-1");
      await page.keyboard.press("Enter");
      await page.getByText("2 shown").waitFor();
      await page.getByLabel("Category", { exact: true }).fill("trading");
      await page.keyboard.press("Enter");
      await page.getByText("1 shown").waitFor();
      const { searchParams } = new URL(page.url());
      expect([searchParams.get("user"), searchParams.get("category")]).toEqual(["u-1", "trading"]);
      await tools.desk.store.writeEvents([
        ...action("u-11", "trading", "of somebody else"),
        ...action("u-1", "authentication", "of another category"),
        ...action("u-1", "trading", "strategy_changed"),
      ]);
      await page.getByText("2 shown").waitFor();
      const activity = await page.getByRole("region", { name: "Activity" }).innerText();
      expect(activity).toContain("strategy_changed");
      expect(activity).not.toMatch(/of somebody else|of another category/);
      expect(complaints).toEqual([]);
    });

    test("categories are offered, and a filter that nothing matches is cleared as a whole", async () => {
      const { page } = await open("fold=off&user=nobody");
      await page.getByText("No event matches this filter").waitFor();
      const list = await page.getByLabel("Category", { exact: true }).getAttribute("list");
      const offered = page.locator(`[id="${list}"] option`);
      await expect
        .poll(() => offered.evaluateAll((all) => all.map((one) => one.getAttribute("value"))))
        .toEqual(["authentication", "trading"]);
      await page.getByRole("button", { name: "Clear the filter" }).click();
      await page.getByText(/^\d+ shown/).waitFor();
      expect(new URL(page.url()).searchParams.has("user")).toBe(false);
    });
  },
);
