import { readFileSync } from "node:fs";
import { parseAlertRules, parseNotificationConfig } from "@tracebook/alerts";
import { expect, test } from "vitest";

const PAGE = readFileSync(new URL("../../../../docs/alerts.md", import.meta.url), "utf8");
const BLOCKS = [...PAGE.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => text);
/** What the references of the page stand for. */
const environment: Record<string, string> = {
  SMTP_PASSWORD: "a password",
  SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T0/B0/x",
  SLACK_TOKEN: "xoxb-1",
  PAGERDUTY_ROUTING_KEY: "0123456789abcdef0123456789abcdef",
  OPSGENIE_API_KEY: "01234567-89ab-cdef-0123-456789abcdef",
  WEBHOOK_SECRET: "a secret of at least 16",
};

test("every block of YAML of docs/alerts.md is right as it stands", () => {
  const kinds = BLOCKS.map((text) => {
    if (!text.startsWith("channels:")) return parseAlertRules(text).length;
    return [...parseNotificationConfig(text, { environment }).channels.values()].map(({ kind }) => kind);
  });
  expect(kinds).toEqual([3, 5, ["email", "slack", "slack", "pagerduty", "opsgenie", "webhook"]]);
});

test("the page's call of the API writes the rule that it shows", () => {
  const body = /-d '(\{\n?.*?\})'\n/s.exec(PAGE)?.[1] ?? "";
  expect(parseAlertRules(`[${body}]`)).toMatchObject([{ rule_id: "high-error-rate", severity: "error" }]);
});
