// The screen Telemetry health: what arrives, what is lost, what is stored, what is in force.
import { expect, test } from "vitest";
import { describePage } from "./browser-harness.ts";
import { writeSampleDay } from "./sample-day.ts";

const TOKEN = "planted-desk-token-1f";

describePage(
  "telemetry health",
  async (desk) => {
    await writeSampleDay(desk);
    await desk.store.writePoints([
      {
        source: { serviceName: "bot", instanceId: "bot-1" },
        type: "sum",
        name: "tracebook_dropped_total",
        unit: "{item}",
        description: "",
        labels: { class: "spans", reason: "queue_full" },
        startMicros: (Date.now() - 120_000) * 1_000,
        timeMicros: (Date.now() - 60_000) * 1_000,
        isMonotonic: true,
        isCumulative: false,
        value: 7,
      },
    ]);
  },
  (tools) => {
    const openHealth = async () => {
      const opened = await tools.open({ path: `/?token=${TOKEN}` });
      await opened.page.getByRole("link", { name: "Telemetry health" }).first().click();
      await opened.page.getByText("Configuration in force").waitFor();
      return opened;
    };

    test("has what is stored, who sends, and what was dropped by what and why", async () => {
      const { page, complaints } = await openHealth();
      const dropped = page.getByRole("region", { name: "What is dropped" });
      expect(await dropped.innerText()).toMatch(/bot[\s\S]*spans[\s\S]*queue_full[\s\S]*7/);
      expect(await page.getByRole("region", { name: "Who sends" }).innerText()).toMatch(/bot\s+bot-1/);
      expect(await page.getByRole("region", { name: "Store" }).innerText()).toMatch(/11 events, 2 decisions, 3 spans/);
      const alerting = page.getByRole("region", { name: "Alerting" });
      expect(await alerting.innerText()).toMatch(/nobody: there is no rule[\s\S]*Firing\s+0 alerts[\s\S]*Channels\s+0/);
      expect(await page.getByRole("region", { name: "Retention" }).innerText()).toMatch(/Events\s+for ever/);
      // In the frame, from every screen: services have lost something.
      await page.getByRole("link").getByText("7 dropped in 24 h").waitFor();
      expect(complaints).toEqual([]);
    });

    test("counts what arrives by OTLP, and what is refused with why", async () => {
      const { page } = await openHealth();
      const post = (body: string, type: string) =>
        fetch(`${tools.desk.url}/v1/logs`, {
          method: "POST",
          body,
          headers: { "content-type": type, authorization: `Bearer ${TOKEN}` },
        });
      const record = { timeUnixNano: String(BigInt(Date.now()) * 1_000_000n), body: { stringValue: "hello" } };
      const good = await post(
        JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
        "application/json",
      );
      expect(good.status).toBe(200);
      expect((await post("{", "application/json")).status).toBe(400);
      const row = page.getByRole("row", { name: /^Logs and events/ });
      await expect.poll(() => row.innerText(), { timeout: 10_000 }).toMatch(/1 records[\s\S]*malformed/);
    });

    test("shows the configuration in force without its secrets, and finds in it", async () => {
      const { page } = await openHealth();
      const panel = page.getByRole("region", { name: "Configuration in force" });
      expect(await panel.innerText()).not.toContain(TOKEN);
      await page.keyboard.press("/");
      await page.keyboard.type("retention");
      await expect.poll(() => panel.getByRole("row").count()).toBe(4);
      expect(new URL(page.url()).searchParams.get("find")).toBe("retention");
    });
  },
  { token: TOKEN },
);
