// The screen Alerts in Chromium: from no rule at all to an alert that a person has resolved, and alerts in every state.
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { openDesk } from "../../src/index.ts";
import { numberedEvents } from "../numbered-events.ts";
import { webhookReceiver } from "../webhook-receiver.ts";
import { describePage } from "./browser-harness.ts";
import { FIRING_ALERT, RESOLVED_ALERT, writeKnownAlerts } from "./known-alerts.ts";
import { writeKnownRecords } from "./known-records.ts";
import { writeSampleDay } from "./sample-day.ts";

const WAIT_MS = 15_000;

describePage(
  "Alerts, from the first rule on",
  async () => {},
  (tools) => {
    const open = async (query = "") => {
      const { page, complaints } = await tools.open({ path: `/alerts${query}` });
      page.setDefaultTimeout(WAIT_MS);
      onTestFinished(() => page.close());
      return { page, complaints };
    };
    const errors = (count: number) =>
      tools.desk.store.writeEvents(numberedEvents(count, { eventType: "error_event", severityNumber: 17 }));
    const forget = async () => {
      for (const { rule_id: id } of await tools.desk.store.alerts.rules())
        await fetch(new URL(`/api/telemetry/alert-rules/${id}`, tools.desk.url), { method: "DELETE" });
    };

    test("an empty screen explains itself and makes a first rule, whose alert is acknowledged, assigned and resolved", async () => {
      onTestFinished(forget);
      const { page, complaints } = await open();
      await page.getByText("No rule watches yet").waitFor();
      await page.getByRole("button", { name: "Create this rule" }).click();
      await page.getByText("High Error Rate is watching from now on.").waitFor();
      await expect.poll(() => new URL(page.url()).searchParams.get("rule")).toBe("high-error-rate");
      await errors(12);
      await page.getByRole("link", { name: /^Alerts.*1 firing/ }).waitFor();
      await expect.poll(() => page.title()).toBe("(1) Alerts · Tracebook");

      await page.keyboard.press("1");
      await page.keyboard.press("j");
      await page.keyboard.press("a");
      const alert = page.getByRole("article", { name: "Alert" });
      await alert.getByLabel("Your name").fill("ada");
      await alert.getByRole("form", { name: "Acknowledge" }).getByRole("button", { name: "Acknowledge" }).click();
      await page.getByText("High Error Rate: acknowledged.").waitFor();
      expect(await page.getByRole("textbox", { name: "You are" }).inputValue()).toBe("ada");

      await alert.getByRole("button", { name: "Assign" }).click();
      await alert.getByLabel("To", { exact: true }).fill("grace");
      await page.keyboard.press("Enter");
      await alert.getByText("ada assigned it to grace").waitFor();
      await alert.getByRole("button", { name: "Comment" }).click();
      await alert.getByRole("textbox", { name: "Comment" }).fill("<b>the venue is down</b>");
      await alert.getByRole("form").getByRole("button", { name: "Comment" }).click();
      await alert.getByText("<b>the venue is down</b>").waitFor();
      await alert.getByRole("button", { name: "Resolve" }).click();
      await alert.getByRole("textbox", { name: "Note" }).fill("restarted");
      await alert.getByRole("form").getByRole("button", { name: "Resolve" }).click();
      await page.getByText("High Error Rate: resolved.").waitFor();
      await expect.poll(() => page.title()).toBe("Alerts · Tracebook");
      expect(complaints).toEqual([]);
    });

    test("a silence for four hours is said beside the alert, and ended by a click", async () => {
      onTestFinished(forget);
      await saveRule(tools.desk.url, { rule_name: "Any error", threshold: 1 });
      await errors(2);
      const { page } = await open();
      await page.getByRole("textbox", { name: "You are" }).fill("ada");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: /Any error/ }).click();
      const alert = page.getByRole("article", { name: "Alert" });
      await alert.getByRole("button", { name: "Silence" }).click();
      await alert.getByRole("button", { name: "4 h", exact: true }).click();
      await alert.getByLabel("Reason").fill("load test");
      await page.keyboard.press("Enter");
      const silences = page.getByRole("region", { name: "Silences" });
      await silences.getByText("load test").waitFor();
      await silences.getByText("in 3 hours").or(silences.getByText("in 4 hours")).waitFor();
      await silences.getByRole("button", { name: "End" }).click();
      await silences.getByText("No silence is in force.").waitFor();
    });

    test("a rule is checked as it is typed, mended by a click, and tried on what was recorded", async () => {
      onTestFinished(forget);
      await errors(3);
      const { page } = await open("?tab=rules&rule=new");
      await page.getByLabel("Name", { exact: true }).fill("Errors come often");
      await page.getByLabel("Events of type").fill("eror_event");
      await page.getByText("no such event is known").waitFor();
      await page.getByRole("button", { name: "Use error_event" }).click();
      await page.getByLabel("Threshold").fill("few");
      await page.getByText("it must be a finite number").waitFor();
      expect(await page.getByLabel("Threshold").getAttribute("aria-invalid")).toBe("true");
      const create = page.getByRole("button", { name: "Create", exact: true });
      expect(await create.isDisabled()).toBe(true);
      await page.getByLabel("Threshold").fill("1000000");
      await page.getByText("It would not have fired.").waitFor();
      await create.click();
      await page.getByText("Errors come often is saved.").waitFor();
      await expect.poll(() => new URL(page.url()).searchParams.get("rule")).toBe("errors-come-often");

      await page.getByRole("button", { name: "JSON" }).click();
      const json = page.getByLabel("The rule as JSON");
      await json.fill((await json.inputValue()).replace("1000000", "500"));
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("error_event in 5 min >= 500").waitFor();
    });

    test("the back-test says how often it would have fired, and marks where", async () => {
      const hour = Date.now() - 3_600_000;
      const { store } = tools.desk;
      await store.writeEvents(
        Array.from({ length: 2 }, (_, burst) =>
          numberedEvents(4, { eventType: "margin_call", severityNumber: 17 }).map((event) => ({
            ...event,
            timestamp: `${new Date(hour - burst * 7_200_000).toISOString().slice(0, 19)}.000000Z`,
            seq: 9_000_000 + burst * 10 + event.seq,
          })),
        ).flat(),
      );
      const { page } = await open("?tab=rules&rule=new");
      await page.getByLabel("Events of type").fill("margin_call");
      await page.getByLabel("Threshold").fill("4");
      await page.getByText("It would have fired 2 times").waitFor();
      const chart = page.getByRole("figure", { name: "The rule over the last 24 hours" });
      await chart.locator("canvas").waitFor();
      await expect.poll(() => chart.getByTitle(/would have fired at/).count()).toBe(2);
      await chart.getByText("threshold").waitFor();
    });

    test("a rule is switched off, and deleted when asked twice", async () => {
      onTestFinished(forget);
      await saveRule(tools.desk.url, { rule_name: "Too many", threshold: 1_000 });
      const { page } = await open("?tab=rules");
      const watches = page.getByRole("switch", { name: "Too many watches" });
      await watches.click();
      await page.getByText("Too many is switched off.").waitFor();
      await expect.poll(() => watches.getAttribute("aria-checked")).toBe("false");
      await page.getByRole("link", { name: /Too many/ }).click();
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Keep it" }).click();
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Delete the rule" }).click();
      await page.getByText("Too many is deleted.").waitFor();
      await page.getByText("No rule watches yet").waitFor();
      await expect.poll(() => new URL(page.url()).searchParams.has("rule")).toBe(false);
    });

    test("what somebody else has changed meanwhile is not written over", async () => {
      onTestFinished(forget);
      await saveRule(tools.desk.url, { rule_name: "Shared", threshold: 1_000 });
      const { page } = await open("?tab=rules&rule=shared");
      await page.getByLabel("Threshold").fill("2000");
      await saveRule(tools.desk.url, { rule_name: "Shared", threshold: 3_000 });
      await page.getByText("It has changed since you began.").waitFor();
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText(/by now: read it again/).waitFor();
      await page.getByRole("button", { name: "Take what is stored" }).click();
      await expect.poll(() => page.getByLabel("Threshold").inputValue()).toBe("3000");
    });
  },
);

describePage(
  "Alerts in every state",
  async (desk) => {
    await writeSampleDay(desk);
    await writeKnownRecords(desk);
    await writeKnownAlerts(desk);
  },
  (tools) => {
    const open = async (path = "/alerts", theme: "dark" | "light" = "dark") => {
      const { page, complaints } = await tools.open({ path, theme });
      page.setDefaultTimeout(WAIT_MS);
      onTestFinished(() => page.close());
      return { page, complaints };
    };

    test("the worst comes first, with its figures, its state, and why nobody hears of it", async () => {
      const { page } = await open();
      const rows = page.getByRole("region", { name: "Firing now" }).getByRole("listitem");
      await expect.poll(() => rows.count(), { timeout: WAIT_MS }).toBe(4);
      const texts = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
      expect(texts[0]).toMatch(/^critical Market feed is silent.* acknowledged grace/);
      expect(texts[1]).toMatch(/^error High Error Rate.*14 now, 22 at worst, threshold 10 service=api team=execution/);
      expect(texts[2]).toMatch(/^warning CPU is nearly full.*silenced flapping/);
      expect(texts[3]).toMatch(/^info Queue grows.*pending/);
      await page.getByText("2 not acknowledged, 1 acknowledged, 1 pending").waitFor();
      await page.getByText("This desk evaluates no rules, and sends nothing: TELEMETRY_ALERTS=false.").waitFor();
      await expect.poll(() => page.title()).toBe("(3) Alerts · Tracebook");
    });

    test("keys walk through alerts, open and close them, and are listed", async () => {
      const { page } = await open();
      await page.getByRole("link", { name: /Market feed/ }).waitFor();
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "High Error Rate" }).waitFor();
      expect(new URL(page.url()).searchParams.get("alert")).toBe(FIRING_ALERT);
      await page.keyboard.press("Escape");
      await page.getByRole("article", { name: "Alert" }).waitFor({ state: "detached" });
      await page.keyboard.press("?");
      const keys = page.getByRole("dialog", { name: "Keys" });
      expect(await keys.innerText()).toMatch(/Acknowledge the alert[\s\S]*Next alert[\s\S]*Go to Alerts/);
    });

    test("an alert has its history, its messages with what went wrong, and ways to that time on other screens", async () => {
      const { page } = await open(`/alerts?tab=history&alert=${FIRING_ALERT}`);
      const messages = page.getByRole("list", { name: "Notifications of the alert" });
      await messages.getByText("HTTP 503 Service Unavailable").waitFor();
      expect(await messages.innerText()).toMatch(/3 attempts, next at/);
      const line = page.getByRole("list", { name: "History of the alert" }).getByRole("listitem");
      expect((await line.allInnerTexts())[0]).toMatch(/It fired/);
      const { pathname, searchParams } = new URL(
        (await page.getByRole("link", { name: "Decisions" }).last().getAttribute("href")) ?? "",
        tools.desk.url,
      );
      expect(pathname).toBe("/decisions");
      const [from, to] = ["from", "to"].map((name) => Date.parse(searchParams.get(name) ?? ""));
      const firedMs = Date.now() - 12 * 60_000;
      expect(from).toBeLessThan(firedMs);
      expect(to).toBeGreaterThan(firedMs);
    });

    test("the history is filtered by severity, state and rule, in the address", async () => {
      const { page } = await open("/alerts?tab=history&range=1h");
      const rows = page.getByRole("region", { name: "History" }).getByRole("listitem");
      await expect.poll(() => rows.count(), { timeout: WAIT_MS }).toBe(5);
      await page.getByLabel("Severity").selectOption("warning");
      await expect.poll(() => rows.count()).toBe(2);
      await page.getByLabel("State").selectOption("resolved");
      await expect.poll(() => rows.count()).toBe(1);
      await page.reload();
      await rows.getByText("Slow Response Times").waitFor();
      expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
        ...{ tab: "history", range: "1h" },
        ...{ severity: "warning", state: "resolved" },
      });
      await page.getByLabel("Rule").selectOption("cpu");
      await page.getByText("No such alert in the last 1 hour.").waitFor();
    });

    test("alerts are marked on the charts of other screens, and a mark leads to its alert", async () => {
      const charts = {
        "/latency": /^Percentiles of/,
        "/system": "CPU over time",
        "/decisions": "Rejected decisions over time",
      };
      for (const [path, name] of Object.entries(charts)) {
        const { page } = await open(`${path}?range=1h`);
        const marks = page
          .getByRole("figure", { name })
          .first()
          .getByRole("link", { name: /^Alert, / });
        await expect.poll(() => marks.count(), { timeout: WAIT_MS }).toBe(4);
        if (path !== "/system") continue;
        await marks.nth(2).click();
        await page.getByRole("heading", { name: "Slow Response Times" }).waitFor();
        expect(new URL(page.url()).searchParams.get("alert")).toBe(RESOLVED_ALERT);
      }
    });

    test("rules say what is wrong with them, and when they fired last", async () => {
      const { page } = await open("/alerts?tab=rules");
      const row = (name: string) => page.getByRole("listitem").filter({ hasText: name });
      await row("A rule of an older version").getByText("Cannot be evaluated: condition_config.metric").waitFor();
      expect(await row("Slow Response Times").innerText()).toMatch(/watching\s+fired 1\d minutes ago/);
      expect(await row("Queue grows").innerText()).toMatch(/off\s+never fired/);
      expect(await row("High Error Rate").innerText()).toMatch(/firing/);
    });

    test("a channel is chosen for a rule, and tried from the page", async () => {
      const receiver = await webhookReceiver();
      const own = await openDesk({
        ...{ port: 0, store: tools.desk.store, alerts: false, onLine: () => {} },
        alertNotifications: { channels: { hook: receiver.channel }, default: { channels: ["hook"] } },
      });
      onTestFinished(() => own.close());
      const { page } = await open(`${own.url}/alerts?tab=rules&rule=high-error-rate`);
      await page.getByText("is no channel of this desk").waitFor();
      await page.getByRole("checkbox", { name: /^hook/ }).check();
      await page.getByRole("button", { name: "Send a test over hook" }).click();
      await page.getByText(/^It arrived/).waitFor();
      expect(receiver.received.map(({ body }) => body.event)).toEqual(["alert.test"]);
      await page.getByRole("button", { name: "JSON" }).click();
      expect(JSON.parse(await page.getByLabel("The rule as JSON").inputValue()).notification_channels).toEqual([
        "slack",
        "hook",
      ]);
    });

    test("a server that cannot answer is said, and so is an action that it refuses", async () => {
      const { page } = await open(`/alerts?alert=${FIRING_ALERT}`);
      await page.getByRole("textbox", { name: "You are" }).fill("ada");
      await page.keyboard.press("Enter");
      await refuse(page, "**/acknowledge");
      await page.getByRole("button", { name: "Acknowledge High Error Rate" }).click();
      await page.getByRole("status").getByText("The store is busy.").waitFor();
      await refuse(page, "**/alerts?start_time*");
      await page.keyboard.press("2");
      await page.getByRole("region", { name: "History" }).getByText("The store is busy.").waitFor();
      await page.unroute("**/alerts?start_time*");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("link", { name: /Slow Response Times/ }).waitFor();
    });
  },
  { alerts: false },
);

async function refuse(page: Page, address: string): Promise<void> {
  await page.route(address, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "store_busy", detail: "The store is busy." }),
    }),
  );
}

async function saveRule(url: string, { rule_name, threshold }: { rule_name: string; threshold: number }) {
  const id = rule_name.toLowerCase().replaceAll(" ", "-");
  const response = await fetch(new URL(`/api/telemetry/alert-rules/${id}?allow_unknown=true`, url), {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      rule_name,
      rule_type: "event_frequency",
      condition_config: { event_type: "error_event", threshold, time_window_minutes: 5 },
      severity: "error",
    }),
  });
  expect(response.status, await response.text()).toBe(200);
}
