// Every channel over HTTP against a server of this machine: what it sends is what the provider says that it takes.
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { firing, hostileMessages } from "../../test/notification-messages.ts";
import {
  opsgenieActionSchema,
  opsgenieCreateSchema,
  pagerDutySchema,
  slackSchema,
} from "../../test/provider-schemas.ts";
import { type Receiver, reply, startReceiver } from "../../test/receiver.ts";
import type { Channel } from "./channel.ts";
import type { NotificationMessage } from "./notification-message.ts";
import { createOpsgenieChannel } from "./opsgenie-channel.ts";
import { createPagerDutyChannel } from "./pagerduty-channel.ts";
import { createSlackChannel } from "./slack-channel.ts";
import { testChannel } from "./test-channel.ts";
import { createWebhookChannel } from "./webhook-channel.ts";
import { verifyWebhook } from "./webhook-signature.ts";

const ROUTING_KEY = "0123456789abcdef0123456789abcdef";
const SECRET = "a-very-secret-signing-secret";
const TOKEN = "xoxb-12345-abcdefghijk";
/** Controls, as they are and as JSON has them, zero-width and direction characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const UNSAFE = /[\u0000-\u001f\u0085\u200b\u202e\u2028]|\\u00[01]|\\r/;
const ajv = new Ajv2020({ strict: false });
const never = new AbortController().signal;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver(reply(200, "ok"));
});
afterEach(() => receiver.close());

const local = () => ({ name: "ops", allowPrivateTargets: true, allowHttp: true, timeoutMs: 5_000 });
const slackHook = () => createSlackChannel({ ...local(), webhookUrl: `${receiver.url}/services/T0/B0/hooksecret` });
const slackApi = () =>
  createSlackChannel({ ...local(), token: TOKEN, channel: "#alerts", apiUrl: `${receiver.url}/api` });
const pagerDuty = () =>
  createPagerDutyChannel({ ...local(), routingKey: ROUTING_KEY, url: `${receiver.url}/v2/enqueue` });
const opsgenie = () =>
  createOpsgenieChannel({ ...local(), apiKey: "genie-key-1234", url: receiver.url, teams: ["fx"] });
const webhook = (timeoutMs = 5_000) =>
  createWebhookChannel({ ...local(), timeoutMs, url: `${receiver.url}/hook?key=pathsecret`, signingSecret: SECRET });

const send = (channel: Channel, message: NotificationMessage = firing) => channel.send(message, never);
const lastBody = () => JSON.parse(receiver.requests.at(-1)!.body);

function expectValid(schema: object, value: unknown): void {
  const isValid = ajv.validate(schema, value);
  expect(ajv.errorsText(), JSON.stringify(value).slice(0, 500)).toBe(isValid ? "No errors" : "valid");
}

describe("Slack", () => {
  it("takes blocks from an incoming webhook's URL", async () => {
    expect(await send(slackHook())).toEqual({ kind: "delivered", words: "ok" });
    expect(receiver.requests[0]!.path).toBe("/services/T0/B0/hooksecret");
    expectValid(slackSchema, lastBody());
    expect(lastBody().text).toBe("[CRITICAL] FIRING: High CPU Usage: avg of cpu_usage is 95 %, above 80 %");
  });

  it("takes a rule's own channel, and the token as a header, by chat.postMessage", async () => {
    receiver.answer = reply(200, '{"ok":true,"ts":"1503435956.000247"}');
    const answer = await slackApi().send(firing, never, { channel: "#desk-fx" });
    expect(answer).toEqual({ kind: "delivered", words: "ok, ts 1503435956.000247" });
    expect(lastBody().channel).toBe("#desk-fx");
    expect(receiver.requests[0]!.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expectValid(slackSchema, lastBody());
  });

  it.each([
    ['{"ok":false,"error":"channel_not_found"}', "refused"],
    ['{"ok":false,"error":"ratelimited"}', "retry"],
    ["<html>a proxy</html>", "retry"],
    ['{"ok":', "retry"],
  ])("reads the answer %s of chat.postMessage as %s", async (text, kind) => {
    receiver.answer = reply(200, text);
    expect((await send(slackApi())).kind).toBe(kind);
  });

  it("refuses a page that is not Slack's", async () => {
    receiver.answer = reply(200, "<html>Welcome</html>");
    expect(await send(slackHook())).toMatchObject({ kind: "refused", words: expect.stringContaining("webhook_url") });
  });

  it("wants a webhook or a token, and a channel for a token", () => {
    expect(() => createSlackChannel({ name: "s" })).toThrow("either webhook_url or token");
    expect(() => createSlackChannel({ name: "s", token: TOKEN })).toThrow("no channel");
    expect(() => createSlackChannel({ name: "s", token: TOKEN })).not.toThrow(TOKEN);
  });
});

describe("PagerDuty", () => {
  it.each([
    ["firing", "trigger"],
    ["escalated", "trigger"],
    ["reopened", "trigger"],
    ["acknowledged", "acknowledge"],
    ["resolved", "resolve"],
  ] as const)("%s is %s, under the alert's own key", async (change, action) => {
    receiver.answer = reply(202, '{"status":"success","message":"Event processed","dedup_key":"alert-1"}');
    expect((await send(pagerDuty(), { ...firing, change })).kind).toBe("delivered");
    expect(lastBody()).toMatchObject({ event_action: action, dedup_key: "alert-1", routing_key: ROUTING_KEY });
    expectValid(pagerDutySchema, lastBody());
  });

  it("is not told of an assignment, for which it has no event", async () => {
    expect((await send(pagerDuty(), { ...firing, change: "assigned" })).kind).toBe("skipped");
    expect(receiver.requests).toHaveLength(0);
  });

  it("is called in the region of the account", () => {
    const of = (region: "us" | "eu") => createPagerDutyChannel({ name: "pd", routingKey: ROUTING_KEY, region });
    expect(of("us").destination).toBe("https://events.pagerduty.com/***");
    expect(of("eu").destination).toBe("https://events.eu.pagerduty.com/***");
  });

  it("says why an event was refused, without the routing key", async () => {
    receiver.answer = reply(400, `{"status":"invalid event","errors":["routing_key ${ROUTING_KEY} is unknown"]}`);
    const answer = await send(pagerDuty());
    expect(answer).toMatchObject({ kind: "refused", words: expect.stringContaining("invalid event") });
    expect(answer.words).not.toContain(ROUTING_KEY);
  });
});

describe("Opsgenie", () => {
  it("creates an alert with alias, priority and teams", async () => {
    receiver.answer = reply(202, '{"result":"Request will be processed","took":0.3,"requestId":"43a29c5c"}');
    expect((await send(opsgenie())).kind).toBe("delivered");
    const [request] = receiver.requests;
    expect(request).toMatchObject({ path: "/v2/alerts", headers: { authorization: "GenieKey genie-key-1234" } });
    expect(lastBody()).toMatchObject({ alias: "alert-1", priority: "P1", responders: [{ type: "team", name: "fx" }] });
    expectValid(opsgenieCreateSchema, lastBody());
  });

  it.each([
    ["acknowledged", "acknowledge"],
    ["resolved", "close"],
  ] as const)("of an alert that is %s calls %s by alias", async (change, action) => {
    receiver.answer = reply(202, "{}");
    await send(opsgenie(), { ...firing, change, alertId: "a/b c" });
    expect(receiver.requests[0]!.path).toMatch(
      new RegExp(`^/v2/alerts/sha256-[0-9a-f]{64}/${action}\\?identifierType=alias$`),
    );
    expectValid(opsgenieActionSchema, lastBody());
  });
});

describe("the signed webhook", () => {
  const keys = { default: SECRET };

  it("is verified by what receivers are given", async () => {
    expect((await send(webhook())).kind).toBe("delivered");
    const { headers, body } = receiver.requests[0]!;
    expect(verifyWebhook({ headers, body }, { keys })).toMatchObject({ ok: true, keyId: "default" });
    expect(verifyWebhook({ headers: new Headers(headers as Record<string, string>), body }, { keys }).ok).toBe(true);
    expect(headers["idempotency-key"]).toBe(firing.idempotencyKey);
    expect(JSON.parse(body)).toMatchObject({
      version: 1,
      event: "alert.firing",
      alert: { alert_id: "alert-1", value: 95 },
    });
  });

  it("is refused when body, key or time are not what was signed", async () => {
    await send(webhook());
    const { headers, body } = receiver.requests[0]!;
    const sentMs = Number(headers["x-tracebook-timestamp"]) * 1_000;
    const reasonOf = (changed: object, changedBody = body, nowMs = sentMs) =>
      verifyWebhook({ headers: { ...headers, ...changed }, body: changedBody }, { keys, nowMs: () => nowMs });
    expect(reasonOf({}, `${body} `)).toEqual({ ok: false, reason: "wrong_signature" });
    expect(reasonOf({ "idempotency-key": "other" })).toEqual({ ok: false, reason: "wrong_signature" });
    expect(reasonOf({ "x-tracebook-timestamp": "1" })).toEqual({ ok: false, reason: "wrong_signature" });
    expect(reasonOf({ "x-tracebook-timestamp": "soon" })).toEqual({ ok: false, reason: "bad_timestamp" });
    expect(reasonOf({ "x-tracebook-key-id": "__proto__" })).toEqual({ ok: false, reason: "unknown_key" });
    expect(reasonOf({ "x-tracebook-signature": undefined })).toEqual({ ok: false, reason: "missing_header" });
    expect(reasonOf({}, body, sentMs + 300_001)).toEqual({ ok: false, reason: "too_old_or_new" });
    expect(reasonOf({}, body, sentMs + 300_000).ok).toBe(true);
  });

  it("wants a secret that cannot be guessed", () => {
    expect(() => createWebhookChannel({ name: "w", url: "https://a.example.com", signingSecret: "short" })).toThrow(
      "16",
    );
  });
});

describe("answers of servers", () => {
  it.each([
    [400, "refused"],
    [401, "refused"],
    [403, "refused"],
    [404, "refused"],
    [408, "retry"],
    [413, "refused"],
    [429, "retry"],
    [500, "retry"],
    [503, "retry"],
  ])("%i means %s", async (status, kind) => {
    receiver.answer = reply(status, "words");
    expect(await send(webhook())).toMatchObject({ kind, words: `HTTP ${status}: words` });
  });

  it.each([
    ["1", 1_000],
    ["0", 0],
    ["1000000000", 900_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["soon", undefined],
    ["-1", undefined],
  ])("Retry-After: %s is heard, within bounds", async (header, retryAfterMs) => {
    receiver.answer = reply(429, "", { "retry-after": header });
    expect(await send(webhook())).toMatchObject({ kind: "retry", retryAfterMs });
  });

  it("does not follow a redirect", async () => {
    receiver.answer = reply(307, "", { location: `${receiver.url}/elsewhere` });
    expect(await send(webhook())).toMatchObject({ kind: "refused", words: expect.stringContaining("redirect") });
    expect(receiver.requests).toHaveLength(1);
  });

  it("reads no more than the beginning of an answer without end", async () => {
    receiver.answer = (response) => {
      const chunk = Buffer.alloc(65_536, "x");
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.writeHead(503).on("drain", more);
      more();
    };
    const answer = await send(webhook(60_000));
    expect(answer.kind).toBe("retry");
    expect(answer.words.length).toBeLessThanOrEqual(500);
  });

  it("gives up on a server that hangs, and says that the message may have arrived", async () => {
    receiver.answer = () => undefined;
    expect(await send(webhook(100))).toEqual({ kind: "retry", words: "no answer within 100 ms", mayHaveArrived: true });
  });

  it("takes a status whose body never ends for what it says", async () => {
    receiver.answer = (response) => void response.writeHead(400).write("a part");
    expect(await send(webhook(200))).toEqual({ kind: "refused", words: "HTTP 400: a part" });
  });

  it("hears of a connection that is reset", async () => {
    receiver.answer = (response) => void response.socket?.resetAndDestroy();
    expect(await send(webhook())).toMatchObject({ kind: "retry", mayHaveArrived: true });
  });

  it("ends at once when it is told to", async () => {
    const ending = new AbortController();
    receiver.answer = () => ending.abort();
    expect((await webhook(60_000).send(firing, ending.signal)).kind).toBe("retry");
  });

  it("says that nothing has left when nobody listens", async () => {
    const channel = webhook();
    await receiver.close();
    const answer = await send(channel);
    expect(answer).toMatchObject({ kind: "retry", words: expect.stringContaining("ECONNREFUSED") });
    expect(answer).toMatchObject({ mayHaveArrived: undefined });
  });

  it("shows no secret of its own in the words of others", async () => {
    receiver.answer = (response, { headers, path }) =>
      void response.writeHead(400).end(`${path} ${SECRET} ${Buffer.from(SECRET).toString("base64")} ${headers.host}`);
    const { words } = await send(webhook());
    expect(words).not.toMatch(/pathsecret|very-secret/);
    expect(words).not.toContain(Buffer.from(SECRET).toString("base64"));
  });
});

describe("addresses", () => {
  it("are checked at every request, and no other is connected to", async () => {
    let address = "127.0.0.1";
    const port = Number(new URL(receiver.url).port);
    const hosts: string[] = [];
    const resolver = async (host: string) => {
      hosts.push(host);
      return [{ address, family: 4 }];
    };
    const options = {
      name: "ops",
      allowHttp: true,
      resolver,
      url: `http://rebind.example.com:${port}/`,
      signingSecret: SECRET,
    };
    expect(await send(createWebhookChannel(options))).toMatchObject({
      kind: "refused",
      words: expect.stringContaining("rebind.example.com (127.0.0.1), a loopback address"),
    });
    expect(receiver.requests).toHaveLength(0);
    // The name has no address for the machine: only the checked one can have led here.
    expect(await send(createWebhookChannel({ ...options, allowPrivateTargets: true }))).toMatchObject({
      kind: "delivered",
    });
    address = "169.254.169.254";
    expect((await send(createWebhookChannel(options))).words).toContain("metadata");
    expect(hosts).toEqual(["rebind.example.com", "rebind.example.com", "rebind.example.com"]);
  });

  it("are not waited for without end", async () => {
    const resolver = () => new Promise<never>(() => undefined);
    const channel = createWebhookChannel({
      name: "w",
      url: "https://slow.example.com/",
      signingSecret: SECRET,
      timeoutMs: 100,
      resolver,
    });
    expect(await send(channel)).toMatchObject({
      kind: "retry",
      words: "no address for slow.example.com within 100 ms",
    });
  });
});

describe("hostile messages", () => {
  it("are valid for every provider, and mention nobody", async () => {
    receiver.answer = (response, { path }) =>
      void response.writeHead(200).end(path.includes("services") ? "ok" : '{"ok":true}');
    const channels = [slackHook(), slackApi(), pagerDuty(), opsgenie(), webhook()];
    await fc.assert(
      fc.asyncProperty(hostileMessages, async (message) => {
        for (const channel of channels) {
          const before = receiver.requests.length;
          expect((await send(channel, message)).kind).toBe("delivered");
          expect(receiver.requests.length).toBe(before + 1);
          const { body, path, headers } = receiver.requests.at(-1)!;
          const value = JSON.parse(body);
          expect(body.length).toBeLessThan(65_536);
          if (channel.kind === "slack") expectHarmlessSlack(value);
          if (channel.kind === "pagerduty") expectValid(pagerDutySchema, value);
          if (channel.kind === "opsgenie")
            expectValid(path === "/v2/alerts" ? opsgenieCreateSchema : opsgenieActionSchema, value);
          if (channel.kind === "webhook")
            expect(verifyWebhook({ headers, body }, { keys: { default: SECRET } }).ok).toBe(true);
          expect(JSON.stringify(value).replaceAll("\n", "")).not.toMatch(UNSAFE);
        }
      }),
      { numRuns: 60 },
    );
  });

  function expectHarmlessSlack(value: { text: string; blocks: { text?: { type: string; text: string } }[] }): void {
    expectValid(slackSchema, value);
    const marked = JSON.stringify(value.blocks.filter(({ text }) => text?.type !== "plain_text")) + value.text;
    // The one link is ours; everything else between angle brackets would be a mention or a link of theirs.
    const links = marked.match(/<[^>]*>/g) ?? [];
    expect(links.every((link) => /^<https?:[^|<>"]+\|Open the alert>$/.test(link))).toBe(true);
  }
});

describe("the test of a channel", () => {
  it("says what came back, and closes what it has opened", async () => {
    receiver.answer = reply(202, '{"status":"success"}');
    const result = await testChannel(pagerDuty(), { nowMs: () => 1_000 });
    expect(result).toEqual({
      channel: "ops",
      destination: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\*\*\*$/),
      answer: { kind: "delivered", words: 'HTTP 202: {"status":"success"}' },
      tookMs: 0,
    });
    const actions = receiver.requests.map(({ body }) => JSON.parse(body).event_action);
    expect(actions).toEqual(["trigger", "resolve"]);
  });
});
