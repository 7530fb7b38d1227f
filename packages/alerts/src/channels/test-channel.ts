// Tries a channel: a message that says it is a test, and what came back.
import type { Channel, ChannelAnswer } from "./channel.ts";
import type { NotificationMessage } from "./notification-message.ts";

/** Where and when a test is made. */
export interface TestChannelOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly nowMs?: (() => number) | undefined;
  /** Ends it early. Default: only the channel's own time-out does. */
  readonly signal?: AbortSignal | undefined;
}

/** What a test has shown. */
export interface ChannelTest {
  readonly channel: string;
  /** Without secrets. */
  readonly destination: string;
  readonly answer: ChannelAnswer;
  readonly tookMs: number;
}

/** Sends a test message over a channel and says what came back; one that opened an incident or alert is closed again. Never rejects. */
export async function testChannel(channel: Channel, options: TestChannelOptions = {}): Promise<ChannelTest> {
  const { nowMs = Date.now, signal = new AbortController().signal } = options;
  const startedMs = nowMs();
  const at = new Date(startedMs).toISOString().replace("Z", "000Z");
  const alertId = `test-${startedMs}`;
  const message: NotificationMessage = {
    idempotencyKey: `${alertId}:test`,
    alertId,
    ruleName: "Test of a channel",
    severity: "info",
    change: "test",
    summary: `If you can read this, the channel "${channel.name}" works. Nothing is the matter.`,
    labels: {},
    at,
  };
  const answer = await channel.send(message, signal);
  const leavesAlert = channel.kind === "pagerduty" || channel.kind === "opsgenie";
  if (leavesAlert && answer.kind === "delivered")
    await channel.send({ ...message, idempotencyKey: `${alertId}:end`, change: "resolved" }, signal);
  return { channel: channel.name, destination: channel.destination, answer, tookMs: nowMs() - startedMs };
}
