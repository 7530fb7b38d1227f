// Delivery while the clock is set back.
import { expect, test } from "vitest";
import { createMemoryOutbox } from "../../test/memory-outbox.ts";
import { makeAlert, makeEntry } from "../../test/stored-alerts.ts";
import type { Channel, ChannelAnswer } from "../channels/channel.ts";
import { parseNotificationConfig } from "../routing/parse-notification-config.ts";
import { createNotifier } from "./notifier.ts";

const START = Date.parse("2026-11-20T12:00:00Z");
const HOUR = 3_600_000;
const config = parseNotificationConfig({ channels: { slack: { webhook_url: "https://hooks.slack.com/services/x" } } });

function createRun() {
  const outbox = createMemoryOutbox();
  const sent: string[] = [];
  const clock = { elapsedMs: 0, setByMs: 0 };
  const answers: ChannelAnswer[] = [];
  const slack: Channel = {
    name: "slack",
    kind: "slack",
    destination: "slack",
    deduplication: "none",
    takesDigests: true,
    send: async ({ change }) => {
      sent.push(change);
      return answers.shift() ?? { kind: "delivered", words: "ok" };
    },
  };
  const nowMs = () => START + clock.elapsedMs + clock.setByMs;
  const notifier = createNotifier({
    records: outbox,
    channels: new Map([["slack", slack]]),
    config,
    nowMs,
    elapsedMs: () => clock.elapsedMs,
    random: () => 0,
  });
  const put = (change: "firing" | "resolved", count: number) => {
    const entry = makeEntry(makeAlert({ notification_count: count }), change, "slack", nowMs());
    outbox.entries.set(entry.notification_id, entry);
  };
  const lookAt = async (second: number) => {
    clock.elapsedMs = second * 1_000;
    await notifier.poll();
    await notifier.idle();
  };
  return { outbox, sent, clock, answers, put, lookAt };
}

test("what is to be tried again is, as soon as without the step, and not an hour later", async () => {
  const { sent, clock, answers, put, lookAt } = createRun();
  answers.push({ kind: "retry", words: "busy" });
  put("firing", 1);
  await lookAt(1);
  expect(sent).toEqual(["firing"]);
  clock.setByMs = -HOUR;
  await lookAt(3);
  expect(sent).toHaveLength(1);
  // Five seconds after the first try.
  await lookAt(6);
  expect(sent).toEqual(["firing", "firing"]);
});

test("a resolution is not told before its firing, though it bears an earlier time", async () => {
  const { sent, clock, answers, put, lookAt } = createRun();
  answers.push({ kind: "retry", words: "busy" });
  put("firing", 1);
  await lookAt(1);
  clock.setByMs = -HOUR;
  put("resolved", 2);
  await lookAt(3);
  expect(sent).toEqual(["firing"]);
  for (const second of [6, 7, 8, 12]) await lookAt(second);
  expect(sent).toEqual(["firing", "firing", "resolved"]);
});
