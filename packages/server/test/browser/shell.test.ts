// The frame of the page: where one can go, by pointer and by keys, and what stays with one.
import { expect, test } from "vitest";
import { openDesk } from "../../src/index.ts";
import { describePage } from "./browser-harness.ts";
import { writeSampleDay } from "./sample-day.ts";

describePage(
  "the frame",
  (desk) => writeSampleDay(desk),
  (tools) => {
    const { open } = tools;
    test("leads to every screen by keys, each with an address and a title of its own", async () => {
      const { page, complaints } = await open();
      await page.locator("main section").first().waitFor();
      const screens = {
        d: "Decisions",
        y: "Latency",
        t: "Traces",
        a: "Alerts",
        s: "System",
        b: "Business & users",
        h: "Telemetry health",
        l: "Live",
      };
      for (const [key, title] of Object.entries(screens)) {
        await page.keyboard.press("g");
        await page.keyboard.press(key);
        await expect.poll(() => page.title()).toBe(`${title} · Tracebook`);
        expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe(title);
      }
      expect(new URL(page.url()).pathname).toBe("/");
      expect(complaints).toEqual([]);
    });

    test("keeps range and symbol from screen to screen, and back with the browser's own button", async () => {
      const { page } = await open({ path: "/?range=6h&symbol=BTC%2FUSDT" });
      await page.getByRole("link", { name: "Traces" }).click();
      await expect.poll(() => new URL(page.url()).search).toBe("?range=6h&symbol=BTC%2FUSDT");
      await page.getByRole("button", { name: "24h", exact: true }).click();
      await expect.poll(() => new URL(page.url()).searchParams.get("range")).toBe("24h");
      await page.goBack();
      await expect.poll(() => new URL(page.url()).searchParams.get("range")).toBe("6h");
    });

    test("shows the keys that work, and lets go of them with Escape", async () => {
      const { page } = await open({ path: "/health" });
      await page.locator("main section").first().waitFor();
      await page.keyboard.press("?");
      const keys = page.getByRole("dialog", { name: "Keys" });
      await keys.waitFor();
      expect(await keys.innerText()).toMatch(/Find a setting[\s\S]*Go to Live/);
      await page.keyboard.press("Escape");
      await keys.waitFor({ state: "detached" });
    });

    test("turns dark and light over, and remembers it", async () => {
      const { page } = await open({ theme: "dark" });
      const theme = () => page.evaluate(() => document.documentElement.dataset["theme"]);
      expect(await theme()).toBe("dark");
      await page.keyboard.press("T");
      expect(await theme()).toBe("light");
      await page.reload();
      expect(await theme()).toBe("light");
    });

    test("begins for a keyboard with a way past the navigation", async () => {
      const { page } = await open({ path: "/health" });
      await page.locator("main section").first().waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    });

    test("says of an address that there is no such page", async () => {
      const { page } = await open({ path: "/nowhere" });
      await page.getByText("There is no such page").waitFor();
    });

    test("says that the server has gone, and that it is back", async () => {
      const own = await openDesk({ port: 0, store: tools.desk.store, onLine: () => {} });
      const port = Number(new URL(own.url).port);
      const { page } = await open({ path: `${own.url}/health` });
      await page.locator("main section").first().waitFor();
      await own.close();
      await page.getByText("Server gone").waitFor({ timeout: 15_000 });
      const again = await openDesk({ port, store: tools.desk.store, onLine: () => {} });
      await page.getByText("Server gone").waitFor({ state: "detached", timeout: 15_000 });
      await again.close();
    });
  },
);
