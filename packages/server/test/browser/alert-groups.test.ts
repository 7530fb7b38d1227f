// The screen Alerts of a rule with one alert for each symbol: groups in the list, in the editor, and silenced by their labels.
import { expect, onTestFinished, test } from "vitest";
import { describePage } from "./browser-harness.ts";
import { savePositionRule, writeKnownPositions } from "./known-groups.ts";

const WAIT_MS = 15_000;

describePage(
  "Alerts of groups",
  async (desk) => {
    await savePositionRule(desk.url);
    await writeKnownPositions(desk);
  },
  (tools) => {
    const open = async (query = "") => {
      const { page, complaints } = await tools.open({ path: `/alerts${query}` });
      page.setDefaultTimeout(WAIT_MS);
      onTestFinished(() => page.close());
      return { page, complaints };
    };
    const isFiring = () =>
      expect
        .poll(
          async () => {
            const response = await fetch(new URL("/api/telemetry/alerts?state=firing", tools.desk.url));
            return ((await response.json()) as { count: number }).count;
          },
          { timeout: WAIT_MS },
        )
        .toBe(2);

    test("they stand together below their rule, each told by its labels, and are folded by key and by click", async () => {
      await isFiring();
      const { page, complaints } = await open();
      const rows = page.getByRole("region", { name: "Firing now" }).getByRole("listitem");
      await expect.poll(() => rows.count()).toBe(3);
      const texts = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
      expect(texts[0]).toMatch(/^error Position too large 2 groups .*2 firing/);
      expect(texts[1]).toMatch(/symbol=BTC\/USDT venue=binance 1,300 now, threshold 1,000\.1/);
      expect(texts[2]).toMatch(/symbol=ETH\/USDT venue=kraken 1,200 now/);
      await page.keyboard.press("f");
      await expect.poll(() => rows.count()).toBe(1);
      expect(await rows.first().innerText()).toMatch(/2 groups: BTC\/USDT, binance; ETH\/USDT, kraken/);
      expect(new URL(page.url()).searchParams.get("fold")).toBe("position-too-large");
      await page.reload();
      const head = page.getByRole("button", { name: /Position too large/, expanded: false });
      await head.click();
      await expect.poll(() => rows.count()).toBe(3);
      expect(new URL(page.url()).searchParams.has("fold")).toBe(false);
      expect(complaints).toEqual([]);
    });

    test("a rule is written with groups and a decimal threshold, and tried group by group", async () => {
      const { page } = await open("?tab=rules&rule=new");
      await page.getByLabel("Name", { exact: true }).fill("Exposure");
      await page.getByRole("button", { name: "A metric" }).click();
      await page.getByLabel("Metric", { exact: true }).fill("open_position_usd");
      await page.getByLabel("Its").selectOption("last");
      await page.getByLabel("Of several series").selectOption("max");
      await page.getByLabel("Over (minutes)").fill("2");
      await page.getByLabel("Threshold", { exact: true }).fill("1000.10");
      await page.getByLabel("Only with labels").fill("symbol=BTC/USDT|ETH/USDT|SOL/USDT");
      await page.getByRole("button", { name: "symbol", exact: true }).click();
      await page.getByText("for each symbol over 2 min > 1000.10").waitFor();
      await page.getByText("2 times in 2 groups").waitFor();
      const groups = page.getByRole("list", { name: "Groups that would have fired" }).getByRole("listitem");
      expect((await groups.allInnerTexts()).map((text) => text.split("\n")[0]).sort()).toEqual([
        "symbol=BTC/USDT",
        "symbol=ETH/USDT",
      ]);
      const chart = page.getByRole("figure", { name: "The rule over the last 24 hours" });
      await chart.getByText("SOL/USDT").waitFor();
      await page.getByRole("button", { name: "JSON" }).click();
      const rule = JSON.parse(await page.getByLabel("The rule as JSON").inputValue());
      expect(rule.condition_config).toMatchObject({
        ...{ by: ["symbol"], threshold: "1000.10", aggregation: "last", across: "max" },
        labels: { symbol: ["BTC/USDT", "ETH/USDT", "SOL/USDT"] },
      });
    });

    test("another aggregation takes the fields of the newest value out; what divides is written and taken out again", async () => {
      const { page } = await open("?tab=rules&rule=position-too-large");
      await page.getByLabel("Ended: 0 for (minutes)").fill("60");
      await page.getByLabel("Its").selectOption("max");
      await expect.poll(() => page.getByLabel("Ended: 0 for (minutes)").count()).toBe(0);
      await page.getByLabel("Divided by", { exact: true }).fill("open_position_usd");
      await page.getByLabel("Divided by: only with labels").fill("symbol=BTC/USDT");
      await page.getByText("/ open_position_usd with symbol=BTC/USDT for each symbol, venue").waitFor();
      await page.getByLabel("Divided by", { exact: true }).fill("");
      await page.getByRole("button", { name: "JSON" }).click();
      const rule = JSON.parse(await page.getByLabel("The rule as JSON").inputValue());
      for (const name of ["divided_by", "remember_minutes", "across"])
        expect(Object.keys(rule.condition_config)).not.toContain(name);
    });

    test("an alert is silenced by its own labels, and it is said which others would be quiet as well", async () => {
      await isFiring();
      const { page } = await open();
      await page.getByRole("textbox", { name: "You are" }).fill("ada");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: /symbol=BTC\/USDT/ }).focus();
      await page.keyboard.press("s");
      const form = page.getByRole("form", { name: "Silence" });
      const value = (row: number) => form.getByLabel(`Value ${row}`, { exact: true });
      await expect.poll(() => value(2).inputValue()).toBe("BTC/USDT");
      expect(await value(1).inputValue()).toBe("position-too-large");
      await form.getByText("1 of the 2 that fire now would be quiet.").waitFor();
      await form.getByRole("button", { name: "Remove label 3" }).click();
      await value(2).fill("*/USDT");
      await form.getByText("All 2 that fire now would be quiet.").waitFor();
      await value(2).fill("BTC*");
      await form.getByLabel("Reason").fill("rebalancing");
      await page.keyboard.press("Enter");
      const silences = page.getByRole("region", { name: "Silences" });
      await silences.getByText("symbol=BTC*").waitFor();
      expect((await silences.innerText()).replaceAll(/\s+/g, " ")).toMatch(/rebalancing · ada · 1 firing and quiet/);
      await silences.getByRole("button", { name: "End" }).click();
      await silences.getByText("No silence is in force.").waitFor();
    });

    test("a silence is made for what has not fired yet, and what it lacks is said", async () => {
      const { page } = await open();
      const silences = page.getByRole("region", { name: "Silences" });
      await silences.getByRole("button", { name: "New silence" }).click();
      await silences.getByText("Say of which alerts: one label at least.").waitFor();
      await silences.getByLabel("Label 1", { exact: true }).fill("symbol");
      await silences.getByText("Say what symbol is; * is anything.").waitFor();
      await silences.getByLabel("Value 1", { exact: true }).fill("XRP/USDT");
      await silences.getByText("None of the 2 that fire now").waitFor();
      await silences.getByLabel("Reason").fill("not listed yet");
      await silences.getByLabel("Your name").fill("ada");
      await silences.getByRole("button", { name: "Silence", exact: true }).click();
      await silences.getByText("not listed yet").waitFor();
      await page.getByText(/^Silent until .* UTC\.$/).waitFor();
      await silences.getByRole("button", { name: "End" }).click();
      await silences.getByText("No silence is in force.").waitFor();
    });
  },
);
