// Delivery on a clock of the test's own: nothing waits, everything is decided by what is stored.
import type { Meter } from "@opentelemetry/api";
import type { AlertNotification, StoredAlert } from "@tracebook/store";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryOutbox, type MemoryOutbox } from "../../test/memory-outbox.ts";
import { makeAlert, makeEntry } from "../../test/stored-alerts.ts";
import type { Channel, ChannelAnswer, ChannelTarget } from "../channels/channel.ts";
import type { NotificationMessage } from "../channels/notification-message.ts";
import type { NotificationConfig } from "../routing/notification-config.ts";
import { parseNotificationConfig } from "../routing/parse-notification-config.ts";
import { createNotifier, type Notifier, type NotifierOptions } from "./notifier.ts";

const START = Date.parse("2026-11-20T12:00:00Z");
const MINUTE = 60_000;

interface FakeChannel extends Channel {
  readonly sent: (NotificationMessage & { readonly target: ChannelTarget | undefined })[];
  answer: (message: NotificationMessage, signal: AbortSignal) => ChannelAnswer | Promise<ChannelAnswer>;
}

function fakeChannel(name: string, kind: Channel["kind"]): FakeChannel {
  const isPeople = kind === "email" || kind === "slack";
  const sent: FakeChannel["sent"] = [];
  const channel: FakeChannel = {
    name,
    kind,
    destination: name,
    deduplication: isPeople ? "none" : "provider",
    takesDigests: isPeople,
    sent,
    answer: () => ({ kind: "delivered", words: "ok" }),
    async send(message, signal, target) {
      sent.push({ ...message, target });
      return channel.answer(message, signal);
    },
  };
  return channel;
}

const config = parseNotificationConfig({
  channels: {
    slack: { webhook_url: "https://hooks.slack.com/services/x" },
    mail: { kind: "email", host: "smtp.company.com", from: "a@company.com", to: ["ops@company.com"] },
    pager: { kind: "pagerduty", routing_key: "0123456789abcdef0123456789abcdef" },
    boss: { kind: "pagerduty", routing_key: "fedcba9876543210fedcba9876543210" },
  },
  routes: [{ min_severity: "critical", channels: ["pager", "slack"] }],
  default: { channels: ["slack"], escalation: { steps: [["pager"], ["boss"]], repeat: 1 } },
  desk_url: "https://desk.company.com/",
});

class Desk {
  readonly outbox: MemoryOutbox = createMemoryOutbox();
  readonly slack = fakeChannel("slack", "slack");
  readonly mail = fakeChannel("mail", "email");
  readonly pager = fakeChannel("pager", "pagerduty");
  readonly boss = fakeChannel("boss", "pagerduty");
  readonly problems: string[] = [];
  nowMs = START;
  notifier: Notifier = this.startNotifier();

  startNotifier(options: Partial<NotifierOptions> & { config?: NotificationConfig } = {}): Notifier {
    const channels = [this.slack, this.mail, this.pager, this.boss];
    this.notifier = createNotifier({
      records: this.outbox,
      channels: new Map(channels.map((channel) => [channel.name, channel])),
      config,
      nowMs: () => this.nowMs,
      random: () => 0,
      onProblem: (line) => void this.problems.push(line),
      ...options,
    });
    return this.notifier;
  }

  put(
    alert: StoredAlert,
    change: AlertNotification["change"],
    channel: string,
    entryConfig: AlertNotification["config"] = null,
  ) {
    const entry = makeEntry(alert, change, channel, this.nowMs, entryConfig);
    this.outbox.entries.set(entry.notification_id, entry);
    return () => this.outbox.entries.get(entry.notification_id)!;
  }

  /** Polls until nothing that is due is left. */
  async deliver(): Promise<void> {
    for (let i = 0; i < 5; i++) {
      await this.notifier.poll();
      await this.notifier.idle();
    }
  }

  async deliverAt(nowMs: number): Promise<void> {
    this.nowMs = nowMs;
    await this.deliver();
  }
}

describe("delivery", () => {
  it("tells a change once, and records it", async () => {
    const desk = new Desk();
    const entry = desk.put(makeAlert(), "firing", "slack", { channel: "#alerts" });
    await desk.deliver();
    expect(desk.slack.sent).toHaveLength(1);
    expect(desk.slack.sent[0]).toMatchObject({
      change: "firing",
      idempotencyKey: entry().notification_id,
      link: "https://desk.company.com/alerts/alert-1",
      target: { channel: "#alerts" },
      mayRepeat: false,
    });
    expect(entry()).toMatchObject({
      status: "delivered",
      attempts: 1,
      last_error: null,
      delivered_at: entry().next_attempt_at,
    });
  });

  it("takes the channel of S4's rules by its kind", async () => {
    const desk = new Desk();
    desk.put(makeAlert(), "firing", "email", ["ops-team@company.com"]);
    await desk.deliver();
    expect(desk.mail.sent[0]!.target).toEqual({ to: ["ops-team@company.com"] });
  });

  it("routes what names no channel, once per channel", async () => {
    const desk = new Desk();
    const entry = desk.put(makeAlert({ severity: "critical" }), "firing", "default");
    await desk.deliver();
    expect([desk.pager.sent.length, desk.slack.sent.length, desk.mail.sent.length]).toEqual([1, 1, 0]);
    expect(entry().status).toBe("delivered");
  });

  it("tells by the routes what names a channel that is not there, and says so", async () => {
    const desk = new Desk();
    const entry = desk.put(makeAlert(), "firing", "slcak");
    await desk.deliver();
    expect(desk.slack.sent).toHaveLength(1);
    expect(entry().last_error).toContain('no channel "slcak"');
  });

  it("records and reports an alert that nothing takes", async () => {
    const desk = new Desk();
    desk.startNotifier({ config: { ...config, routes: [], defaultRoute: undefined } });
    const entry = desk.put(makeAlert(), "firing", "default");
    await desk.deliver();
    expect(entry()).toMatchObject({ status: "failed", last_error: "no route takes this alert: add a default route" });
    expect(desk.problems).toHaveLength(1);
  });

  it("tries again with growing waits, never earlier than the provider asks", async () => {
    const desk = new Desk();
    desk.slack.answer = () => ({ kind: "retry", words: "HTTP 503" });
    const entry = desk.put(makeAlert(), "firing", "slack");
    const waits: number[] = [];
    for (let i = 0; i < 10; i++) {
      if (i === 4) desk.slack.answer = () => ({ kind: "retry", words: "HTTP 429", retryAfterMs: 777_000 });
      if (i === 5) desk.slack.answer = () => ({ kind: "retry", words: "HTTP 503" });
      await desk.deliver();
      expect(desk.slack.sent).toHaveLength(i + 1);
      const next = Date.parse(entry().next_attempt_at);
      waits.push((next - desk.nowMs) / 1_000);
      await desk.deliverAt(next - 1);
      expect(desk.slack.sent).toHaveLength(i + 1);
      desk.nowMs = next;
    }
    expect(waits).toEqual([5, 10, 20, 40, 777, 160, 320, 600, 600, 600]);
    expect(entry()).toMatchObject({ status: "waiting", attempts: 10, last_error: "HTTP 503" });
  });

  it("gives up after a day of tries, and the record says so", async () => {
    const desk = new Desk();
    desk.pager.answer = () => ({ kind: "retry", words: "HTTP 503" });
    const entry = desk.put(makeAlert(), "firing", "pager");
    for (let i = 0; i < 300 && entry().status === "waiting"; i++)
      await desk.deliverAt(Date.parse(entry().next_attempt_at));
    expect(entry().last_error).toMatch(/^given up after \d+ tries: HTTP 503$/);
    expect(entry().status).toBe("failed");
    expect(desk.nowMs - START).toBeGreaterThanOrEqual(24 * 60 * MINUTE);
    expect(desk.nowMs - START).toBeLessThan(24 * 60 * MINUTE + 600_001);
  });

  it("is measured: tries by channel and outcome, and how long it took", async () => {
    const desk = new Desk();
    const tries: unknown[] = [];
    const delays: unknown[] = [];
    const meter = {
      createCounter: () => ({ add: (value: number, labels: object) => tries.push([value, labels]) }),
      createHistogram: () => ({ record: (value: number, labels: object) => delays.push([value, labels]) }),
    };
    desk.startNotifier({ meter: meter as unknown as Meter, giveUpAfterMs: 1 });
    desk.pager.answer = () => ({ kind: "retry", words: "HTTP 503" });
    desk.put(makeAlert(), "firing", "slack");
    const entry = desk.put(makeAlert(), "firing", "pager");
    await desk.deliverAt(START + 1_500);
    for (let i = 0; i < 20; i++) await desk.deliverAt(Date.parse(entry().next_attempt_at));
    expect(delays).toEqual([[1.5, { channel: "slack" }]]);
    expect(tries).toEqual([
      [1, { channel: "slack", outcome: "delivered" }],
      ...Array.from({ length: 9 }, () => [1, { channel: "pager", outcome: "retry" }]),
      [1, { channel: "pager", outcome: "given_up" }],
    ]);
  });

  it("does not try again what was refused", async () => {
    const desk = new Desk();
    desk.slack.answer = () => ({ kind: "refused", words: "Slack says: channel_not_found" });
    const entry = desk.put(makeAlert(), "firing", "slack");
    await desk.deliver();
    await desk.deliverAt(START + 60 * MINUTE);
    expect(desk.slack.sent).toHaveLength(1);
    expect(entry()).toMatchObject({ status: "failed", last_error: "Slack says: channel_not_found" });
  });

  it("survives a channel that throws", async () => {
    const desk = new Desk();
    desk.pager.answer = () => {
      throw new Error("secret-token");
    };
    const entry = desk.put(makeAlert(), "firing", "pager");
    await desk.deliver();
    expect(entry()).toMatchObject({ status: "waiting", attempts: 1 });
    expect(JSON.stringify(entry())).not.toContain("secret-token");
  });
});

describe("the order of an alert's changes", () => {
  it("is kept: a resolve waits for its firing, and both are told", async () => {
    const desk = new Desk();
    desk.pager.answer = () => ({ kind: "retry", words: "HTTP 503" });
    desk.put(makeAlert(), "firing", "pager");
    await desk.deliver();
    desk.nowMs += 1_000;
    const resolved = desk.put(makeAlert({ state: "resolved" }), "resolved", "pager");
    await desk.deliver();
    expect(desk.pager.sent.map(({ change }) => change)).toEqual(["firing"]);
    expect(resolved()).toMatchObject({ status: "waiting", attempts: 0 });
    desk.pager.answer = () => ({ kind: "delivered", words: "ok" });
    await desk.deliverAt(START + 5_000);
    expect(desk.pager.sent.map(({ change }) => change)).toEqual(["firing", "firing", "resolved"]);
  });

  it("holds for what waits together, and one that cannot be sent holds up only its own alert", async () => {
    const desk = new Desk();
    desk.pager.answer = ({ alertId }) =>
      alertId === "a" ? { kind: "retry", words: "HTTP 503" } : { kind: "delivered", words: "ok" };
    for (const alert_id of ["a", "b"]) {
      desk.nowMs = START;
      desk.put(makeAlert({ alert_id }), "firing", "pager");
      desk.nowMs = START + 1;
      desk.put(makeAlert({ alert_id }), "resolved", "pager");
    }
    await desk.deliver();
    const sent = desk.pager.sent.map(({ alertId, change }) => `${alertId} ${change}`);
    expect(sent.toSorted()).toEqual(["a firing", "b firing", "b resolved"]);
    expect(sent.indexOf("b firing")).toBeLessThan(sent.indexOf("b resolved"));
  });

  it("is that of the changes, not of the tries: what was tried before comes first, though it was due last", async () => {
    const desk = new Desk();
    const firing = desk.put(makeAlert(), "firing", "pager");
    desk.nowMs += 1;
    desk.put(makeAlert({ notification_count: 2 }), "resolved", "pager");
    // As a kill leaves it; a store gives what is due in the order in which it was due.
    const late = { ...firing(), next_attempt_at: "2026-11-20T12:00:15.000000Z", attempts: 1 };
    desk.outbox.entries.set(late.notification_id, late);
    const { dueNotifications } = desk.outbox;
    desk.outbox.dueNotifications = async (now, limit) => [...(await dueNotifications(now, limit))].reverse();
    await desk.deliverAt(START + 20_000);
    expect(desk.pager.sent.map(({ change }) => change)).toEqual(["firing", "resolved"]);
  });

  it("holds while the firing is still under way", async () => {
    const desk = new Desk();
    const answered = Promise.withResolvers<ChannelAnswer>();
    desk.pager.answer = ({ change }) => (change === "firing" ? answered.promise : { kind: "delivered", words: "ok" });
    desk.put(makeAlert(), "firing", "pager");
    await desk.notifier.poll();
    desk.nowMs += 1_000;
    desk.put(makeAlert(), "resolved", "pager");
    await desk.notifier.poll();
    await desk.notifier.poll();
    expect(desk.pager.sent.map(({ change }) => change)).toEqual(["firing"]);
    answered.resolve({ kind: "delivered", words: "ok" });
    await desk.notifier.idle();
    await desk.deliver();
    expect(desk.pager.sent.map(({ change }) => change)).toEqual(["firing", "resolved"]);
  });

  it("goes on after a firing that was refused for good", async () => {
    const desk = new Desk();
    desk.pager.answer = ({ change }) =>
      change === "firing" ? { kind: "refused", words: "HTTP 400" } : { kind: "delivered", words: "ok" };
    desk.put(makeAlert(), "firing", "pager");
    desk.nowMs += 1;
    const resolved = desk.put(makeAlert(), "resolved", "pager");
    await desk.deliver();
    expect(resolved().status).toBe("delivered");
  });
});

describe("a kill", () => {
  /** A notifier that dies between sending and writing: the store takes nothing more of it. */
  async function killWhileSending(desk: Desk, channel: FakeChannel) {
    const never = Promise.withResolvers<ChannelAnswer>();
    channel.answer = () => never.promise;
    await desk.notifier.poll();
    expect(channel.sent).toHaveLength(1);
    channel.answer = () => ({ kind: "delivered", words: "ok" });
  }

  it("loses nothing: another process takes over when the lease has run out, and people are told that it may be a repetition", async () => {
    const desk = new Desk();
    const entry = desk.put(makeAlert(), "firing", "slack");
    await killWhileSending(desk, desk.slack);
    desk.startNotifier();
    await desk.deliverAt(START + 14_999);
    expect(desk.slack.sent).toHaveLength(1);
    await desk.deliverAt(START + 15_000);
    expect(desk.slack.sent.map(({ mayRepeat }) => mayRepeat)).toEqual([false, true]);
    expect(desk.slack.sent[1]!.idempotencyKey).toBe(desk.slack.sent[0]!.idempotencyKey);
    expect(entry()).toMatchObject({ status: "delivered", attempts: 2 });
  });

  it("is no reason to warn where the provider knows what it has had", async () => {
    const desk = new Desk();
    desk.put(makeAlert(), "firing", "pager");
    await killWhileSending(desk, desk.pager);
    desk.startNotifier();
    await desk.deliverAt(START + 15_000);
    expect(desk.pager.sent.map(({ mayRepeat, idempotencyKey }) => [mayRepeat, idempotencyKey])).toEqual([
      [false, "alert-1:firing:1795176000000:pager"],
      [false, "alert-1:firing:1795176000000:pager"],
    ]);
  });

  it("after the sending, but before the answer is written, repeats nothing while the process lives", async () => {
    const desk = new Desk();
    const entry = desk.put(makeAlert(), "firing", "slack");
    desk.slack.answer = () => {
      desk.outbox.isDown = true;
      return { kind: "delivered", words: "ok" };
    };
    await desk.deliverAt(START);
    expect(entry().status).toBe("waiting");
    await desk.deliverAt(START + MINUTE);
    desk.outbox.isDown = false;
    await desk.deliverAt(START + 2 * MINUTE);
    expect(desk.slack.sent).toHaveLength(1);
    expect(entry()).toMatchObject({ status: "delivered", attempts: 1 });
    expect(desk.problems.length).toBeGreaterThan(0);
  });

  it("lets one process work at a time", async () => {
    const desk = new Desk();
    const first = desk.notifier;
    await first.poll();
    const second = desk.startNotifier();
    desk.put(makeAlert(), "firing", "slack");
    await desk.deliver();
    expect(desk.slack.sent).toHaveLength(0);
    await first.stop();
    await second.poll();
    await second.idle();
    expect(desk.slack.sent).toHaveLength(1);
  });

  it("that is a stop waits for what is under way, and sends nothing after it", async () => {
    const desk = new Desk();
    desk.put(makeAlert(), "firing", "slack");
    desk.slack.answer = (_message, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ kind: "retry", words: "ended", mayHaveArrived: true }));
      });
    await desk.notifier.poll();
    await desk.notifier.stop(0);
    const [entry] = desk.outbox.entries.values();
    expect(entry).toMatchObject({ status: "waiting", last_error: "may have arrived: ended" });
    await desk.deliverAt(START + 60 * MINUTE);
    expect(desk.slack.sent).toHaveLength(1);
  });
});

describe("a storm", () => {
  it("of 100 alerts is one message for people, that counts them all, the worst first", async () => {
    const desk = new Desk();
    for (let i = 0; i < 100; i++)
      desk.put(
        makeAlert({ alert_id: `a${i}`, rule_name: `Rule ${i}`, severity: i === 50 ? "critical" : "warning" }),
        "firing",
        "slack",
      );
    await desk.deliver();
    expect(desk.slack.sent).toHaveLength(1);
    const [digest] = desk.slack.sent;
    expect(digest).toMatchObject({ change: "digest", severity: "critical" });
    expect(digest!.summary).toBe("100 changes: 100 firing; 1 critical, 99 warning.");
    expect(digest!.lines).toHaveLength(100);
    expect(digest!.lines![0]).toContain("critical firing: Rule 50");
    expect([...desk.outbox.entries.values()].every(({ status }) => status === "delivered")).toBe(true);
  });

  it("is not summed up for providers that keep book of alerts, but paced", async () => {
    const desk = new Desk();
    for (let i = 0; i < 150; i++) desk.put(makeAlert({ alert_id: `a${i}` }), "firing", "pager");
    await desk.deliver();
    expect(desk.pager.sent).toHaveLength(120);
    for (let second = 1; second <= 15; second++) await desk.deliverAt(START + second * 1_000);
    expect(desk.pager.sent).toHaveLength(150);
    expect(new Set(desk.pager.sent.map(({ alertId }) => alertId)).size).toBe(150);
  });

  it("of few alerts at a time is summed up when people have had enough messages for a minute", async () => {
    const desk = new Desk();
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 5; i++) desk.put(makeAlert({ alert_id: `a${round}-${i}` }), "firing", "slack");
      await desk.deliver();
      desk.nowMs += 1;
    }
    for (let second = 1; second <= 6; second++) await desk.deliverAt(START + second * 1_000);
    const single = desk.slack.sent.filter(({ change }) => change === "firing");
    const digests = desk.slack.sent.filter(({ change }) => change === "digest");
    expect(single.length).toBeLessThanOrEqual(20);
    expect(single.length + digests.reduce((sum, { lines }) => sum + lines!.length, 0)).toBe(40);
  });

  it("whose digest cannot be sent is tried again as a whole", async () => {
    const desk = new Desk();
    desk.slack.answer = () => ({ kind: "retry", words: "HTTP 503" });
    for (let i = 0; i < 20; i++) desk.put(makeAlert({ alert_id: `a${i}` }), "firing", "slack");
    await desk.deliver();
    desk.slack.answer = () => ({ kind: "delivered", words: "ok" });
    await desk.deliverAt(START + 5_000);
    expect(desk.slack.sent.map(({ lines }) => lines?.length)).toEqual([20, 20]);
  });
});

describe("escalation", () => {
  const firing = (desk: Desk, fields: Partial<StoredAlert> = {}) => {
    const alert = makeAlert(fields);
    desk.outbox.alerts.set(alert.alert_id, alert);
  };
  const calls = ({ pager, boss }: Desk) => [pager.sent.length, boss.sent.length];

  it("comes after 30 minutes without an acknowledgement, step by step, as often as it says", async () => {
    const desk = new Desk();
    firing(desk);
    await desk.deliverAt(START + 30 * MINUTE - 1);
    expect(calls(desk)).toEqual([0, 0]);
    await desk.deliverAt(START + 30 * MINUTE + 5_000);
    expect(calls(desk)).toEqual([1, 0]);
    expect(desk.pager.sent[0]!.summary).toBe("Not acknowledged for 30 minutes: avg of cpu_usage is 95, above 80");
    await desk.deliverAt(START + 59 * MINUTE);
    expect(calls(desk)).toEqual([1, 0]);
    await desk.deliverAt(START + 61 * MINUTE);
    expect(calls(desk)).toEqual([1, 1]);
    await desk.deliverAt(START + 91 * MINUTE);
    await desk.deliverAt(START + 121 * MINUTE);
    await desk.deliverAt(START + 1_000 * MINUTE);
    expect(calls(desk)).toEqual([2, 2]);
    expect(desk.outbox.historyEntries.map(({ note }) => note)).toEqual([
      "step 1: pager",
      "step 2: boss",
      "step 3: pager",
      "step 4: boss",
    ]);
  });

  it("is the same after a restart", async () => {
    const desk = new Desk();
    firing(desk);
    for (let minute = 0; minute <= 70; minute += 5) {
      await desk.notifier.stop();
      desk.startNotifier();
      await desk.deliverAt(START + minute * MINUTE);
    }
    expect(calls(desk)).toEqual([1, 1]);
  });

  it("tells each target once after an outage, however many steps have passed", async () => {
    const desk = new Desk();
    firing(desk);
    await desk.deliverAt(START + 125 * MINUTE);
    await desk.deliverAt(START + 126 * MINUTE);
    expect(calls(desk)).toEqual([1, 1]);
  });

  it.each(["acknowledged", "resolved"] as const)("stops when the alert is %s", async (state) => {
    const desk = new Desk();
    firing(desk);
    await desk.deliverAt(START + 31 * MINUTE);
    firing(desk, { state });
    await desk.deliverAt(START + 120 * MINUTE);
    expect(calls(desk)).toEqual([1, 0]);
  });

  it("does not call for a step that waited while somebody acknowledged", async () => {
    const desk = new Desk();
    firing(desk);
    desk.pager.answer = () => ({ kind: "retry", words: "HTTP 503" });
    await desk.deliverAt(START + 31 * MINUTE);
    firing(desk, { state: "acknowledged" });
    await desk.deliverAt(START + 32 * MINUTE);
    expect(calls(desk)).toEqual([1, 0]);
    expect([...desk.outbox.entries.values()][0]!.last_error).toContain("acknowledged by now");
  });

  it("begins anew when the alert fires again", async () => {
    const desk = new Desk();
    firing(desk);
    await desk.deliverAt(START + 31 * MINUTE);
    firing(desk, { triggered_at: "2026-11-20T13:00:00.000000Z" });
    await desk.deliverAt(START + 89 * MINUTE);
    expect(calls(desk)).toEqual([1, 0]);
    await desk.deliverAt(START + 91 * MINUTE);
    expect(calls(desk)).toEqual([2, 0]);
  });

  it.each([{ severity: "info" }, { silence_id: "s-1" }] as const)("leaves alerts alone that are %j", async (fields) => {
    const desk = new Desk();
    firing(desk, fields);
    await desk.deliverAt(START + 120 * MINUTE);
    expect(calls(desk)).toEqual([0, 0]);
  });
});

describe("a started notifier", () => {
  afterEach(() => void vi.useRealTimers());

  it("polls twice a second until it is stopped, and at once when it is woken", async () => {
    vi.useFakeTimers();
    const desk = new Desk();
    desk.notifier.start();
    desk.put(makeAlert(), "firing", "slack");
    await vi.advanceTimersByTimeAsync(499);
    expect(desk.slack.sent).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    await desk.notifier.idle();
    expect(desk.slack.sent).toHaveLength(1);
    desk.put(makeAlert({ alert_id: "b" }), "firing", "slack");
    desk.notifier.wake();
    await desk.notifier.idle();
    expect(desk.slack.sent).toHaveLength(2);
    await desk.notifier.stop();
    desk.put(makeAlert({ alert_id: "c" }), "firing", "slack");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(desk.slack.sent).toHaveLength(2);
  });

  it("says what is wrong with the store once a minute", async () => {
    const desk = new Desk();
    desk.outbox.isDown = true;
    desk.put(makeAlert(), "firing", "slcak");
    for (let second = 0; second < 90; second++) await desk.deliverAt(START + second * 1_000);
    expect(desk.problems).toEqual([
      "Could not look at the outbox: the store is down",
      "Could not look at the outbox: the store is down",
    ]);
  });
});
