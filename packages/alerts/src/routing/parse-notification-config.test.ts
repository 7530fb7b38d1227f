import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AlertChannelError } from "../channels/errors.ts";
import { createChannels } from "./create-channels.ts";
import { parseNotificationConfig } from "./parse-notification-config.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const environment = {
  SMTP_PASSWORD: "hunter22-smtp",
  SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T0/B0/hooksecret",
  PAGERDUTY_ROUTING_KEY: KEY,
  WEBHOOK_SECRET: "a-very-secret-signing-secret",
};
/** A reference to the environment, as a configuration has it. */
const reference = (name: string) => `\${${name}}`;
const YAML = `
channels:
  email: { host: smtp.company.com, user: ops, password: "${reference("SMTP_PASSWORD")}", from: alerts@company.com, to: [ops-team@company.com] }
  slack: { webhook_url: "\${SLACK_WEBHOOK_URL}" }
  pager: { kind: pagerduty, routing_key: "\${PAGERDUTY_ROUTING_KEY}", region: eu }
  hook: { kind: webhook, url: https://hooks.company.com/x, signing_secret: "\${WEBHOOK_SECRET}", timeout_seconds: 5 }
teams:
  trading: { channels: [slack], escalation: { to: [pager] } }
routes:
  - { min_severity: critical, channels: [pager], continue: true }
  - { team: trading, labels: { symbol: "BTC/*" } }
default: { channels: [email] }
desk_url: https://desk.company.com
`;

function problemsOf(value: unknown): string {
  try {
    parseNotificationConfig(value, { environment });
  } catch (error) {
    expect(error).toBeInstanceOf(AlertChannelError);
    return (error as AlertChannelError).problem;
  }
  return "";
}

const withChannels = (channels: object) => ({ channels });
const slack = { webhook_url: environment.SLACK_WEBHOOK_URL };

describe("the configuration of notifications", () => {
  it("comes from YAML, with secrets from the environment, and makes channels", () => {
    const config = parseNotificationConfig(YAML, { environment });
    const channels = createChannels(config);
    expect([...channels].map(([name, { kind, destination }]) => [name, kind, destination])).toEqual([
      ["email", "email", "ops-team@company.com by smtp.company.com:587"],
      ["slack", "slack", "https://hooks.slack.com/***"],
      ["pager", "pagerduty", "https://events.eu.pagerduty.com/***"],
      ["hook", "webhook", "https://hooks.company.com/***"],
    ]);
    expect(config.routes[1]).toMatchObject({
      channels: ["slack"],
      escalation: { afterMinutes: 30, minSeverity: "warning", steps: [["pager"]], repeat: 0 },
    });
  });

  it("shows no secret however it is printed", () => {
    const config = parseNotificationConfig(YAML, { environment });
    const settings = [...config.channels.values()];
    const prints = [
      inspect(config, { depth: 10, showHidden: true }),
      JSON.stringify(settings),
      `${settings.map((one) => ("password" in one ? one.password : ""))}`,
      inspect(createChannels(config), { depth: 10 }),
    ].join("\n");
    expect(prints).toContain("***");
    for (const secret of Object.values(environment)) expect(prints).not.toContain(secret);
  });

  it.each([
    [{}, "channels is missing"],
    [[], "The configuration is a list"],
    [
      withChannels({ x: { kind: "slak" } }),
      'channels.x.kind is "slak"; it must be one of email, slack, pagerduty, opsgenie, webhook, did you mean "slack"?',
    ],
    [withChannels({ x: {} }), "channels.x.kind is missing"],
    [withChannels({ default: slack }), "is no name of a channel"],
    [
      withChannels({ slack: { ...slack, webhok_url: "x" } }),
      'channels.slack.webhok_url is not known, did you mean "webhook_url"?',
    ],
    [
      withChannels({ slack: { webhook_url: reference("NOT_THERE") } }),
      `channels.slack.webhook_url refers to ${reference("NOT_THERE")}, which the environment does not have`,
    ],
    [withChannels({ slack: { webhook_url: reference("__proto__") } }), "which the environment does not have"],
    [withChannels({ slack: { token: "xoxb-1" } }), "has a token but no channel"],
    [withChannels({ email: { host: "h", from: "a@b.c", to: ["nobody"] } }), '"nobody"'],
    [
      withChannels({ email: { host: "h", from: "a@b.c", to: ["a@b.c"], port: 70_000 } }),
      "channels.email.port is 70000; it must be a number from 1 to 65535",
    ],
    [withChannels({ pagerduty: { routing_key: KEY, region: "uk" } }), 'channels.pagerduty.region is "uk"'],
    [
      withChannels({ webhook: { url: "https://10.0.0.1/x", signing_secret: reference("WEBHOOK_SECRET") } }),
      "leads to 10.0.0.1, a private address",
    ],
    [withChannels({ webhook: { url: "https://a.com/", signing_secret: "short" } }), "needs at least 16"],
    [
      { ...withChannels({ slack }), routes: [{ channels: ["slak"] }] },
      'routes[0].channels names "slak", a channel that is not there, did you mean "slack"?',
    ],
    [
      { ...withChannels({ slack }), routes: [{ severities: ["fatal"], channels: ["slack"] }] },
      'routes[0].severities has "fatal"',
    ],
    [
      { ...withChannels({ slack }), routes: [{ team: "fx", channels: ["slack"] }] },
      'routes[0].team is "fx", a team that is not there',
    ],
    [{ ...withChannels({ slack }), routes: [{}] }, "routes[0].channels must name at least one channel"],
    [
      { ...withChannels({ slack }), default: { channels: ["slack"], escalation: {} } },
      'default.escalation needs either "to"',
    ],
    [{ ...withChannels({ slack }), desk_url: "javascript:alert(1)" }, "desk_url is no http or https URL"],
    [{ channels: { slack }, allowed_hosts: ["hooks.company.com"] }, "not on the list of allowed hosts"],
    ["channels: [", "no YAML"],
    ["a: &a [*a, *a]", "a is not known"],
    [`a: &a [x]\nb: [${"*a, ".repeat(200)}*a]`, "more than 100 aliases"],
  ])("%j is refused by place, with the remedy", (value, problem) => {
    expect(problemsOf(value)).toContain(problem);
    expect(problemsOf(value)).not.toBe("");
  });

  it("tells everything that is wrong at once, and never a secret", () => {
    const problems = problemsOf({
      channels: {
        slack: { token: 5, webhook_url: "xoxb-hidden-hidden-hidden" },
        pager: { kind: "pagerduty", routing_key: ["hidden-key"] },
        hook: {
          kind: "webhook",
          url: "https://user:hidden-password@a.com/",
          signing_secret: reference("WEBHOOK_SECRET"),
        },
      },
    });
    expect(problems.split("\n").length).toBeGreaterThanOrEqual(3);
    expect(problems).not.toMatch(/hidden/);
  });

  it("repeats nothing of a YAML text that is broken", () => {
    const problem = problemsOf('channels:\n  slack: { token: "xoxb-hidden-hidden\n');
    expect(problem).toMatch(/no YAML: [A-Z_]+ in line \d+/);
    expect(problem).not.toContain("hidden");
  });

  it("throws nothing but its own error, whatever it is given", () => {
    fc.assert(fc.property(fc.anything(), (value) => void problemsOf(value)));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("email", "slack", "pagerduty", "webhook", "x"), fc.anything()),
        (channels) => void problemsOf({ channels, routes: [channels], teams: channels, default: channels }),
      ),
    );
  });
});
