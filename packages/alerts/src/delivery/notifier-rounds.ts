// One look at the outbox after the other: lease, escalations, routes, order, rate, and then the channels.
import type { AlertLease, AlertNotification, DeliveryOutcome } from "@tracebook/store";
import type { Channel } from "../channels/channel.ts";
import { ClockWatch } from "../engine/clock-watch.ts";
import type { NotificationConfig } from "../routing/notification-config.ts";
import type { DeliveryMetrics } from "./delivery-metrics.ts";
import { byChange, type Lane, laneKeyOf, toLanes } from "./delivery-plan.ts";
import { escalateDue } from "./escalate.ts";
import type { NotifierRecords } from "./notifier-records.ts";
import { CLAIM_MS, type SettleRules, toEnded, toPutOff } from "./outbox-entry.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";
import { channelOf, routeEntry } from "./route-entries.ts";
import { type SendContext, sendChain, sendDigest } from "./send-entries.ts";
import { createTaskPool, type TaskPool } from "./task-pool.ts";
import { toTimestamp } from "./timestamp.ts";

/** Options of delivery with every default in place. */
export interface NotifierSettings extends SettleRules {
  readonly records: NotifierRecords;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly config: NotificationConfig;
  readonly nowMs: () => number;
  readonly elapsedMs: () => number;
  readonly maxConcurrent: number;
  readonly onProblem: (line: string) => void;
  readonly metrics: DeliveryMetrics;
  readonly holder: string;
}

const LEASE_NAME = "delivery";
/** Whoever dies holds up the others for so long. */
const LEASE_MS = CLAIM_MS;
const BATCH = 500;
const ESCALATION_EVERY_MS = 5_000;
/** So many due messages for people become one. */
const DIGEST_FROM = 10;
/** Messages a minute: of people no more than they can read, of machines what the strictest provider takes. */
const PER_MINUTE = { people: 20, machines: 120 } as const;
/** Of one alert, newest first, when its order is looked at. */
const LOOKED_BACK = 200;
/** Of what waits when the clock is set back, so many are due as soon as before. */
const MAX_MOVED = 10_000;
/** What was put off is due within so long. */
const FARTHEST_MS = 3_600_000;

/** Delivery of one process. */
export class NotifierRounds {
  readonly #settings: NotifierSettings;
  readonly #pool: TaskPool;
  readonly #context: SendContext;
  readonly #limits = new Map<string, RateLimit>();
  readonly #underWay = new Set<string>();
  readonly #ending = new AbortController();
  readonly #watch: ClockWatch;
  /** By how many milliseconds the clock was set back, and what waits does not know of. */
  #setBackMs = 0;
  readonly #reportedMs = new Map<string, number>();
  /** What could not be written yet. */
  #unwritten: DeliveryOutcome[] = [];
  #lease: AlertLease | undefined;
  #escalatedMs = Number.NEGATIVE_INFINITY;
  #polling: Promise<void> | undefined;

  constructor(settings: NotifierSettings) {
    this.#settings = settings;
    this.#watch = new ClockWatch(settings);
    this.#pool = createTaskPool(settings.maxConcurrent);
    this.#context = {
      ...settings,
      deskUrl: settings.config.deskUrl,
      signal: this.#ending.signal,
      claim: (outcomes) => this.#write(outcomes),
      settle: (outcomes) => this.#settle(outcomes),
    };
  }

  /** One at a time: who asks meanwhile waits for the same one. */
  poll(): Promise<void> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async idle(): Promise<void> {
    await this.#polling;
    await this.#pool.idle();
  }

  async stop(graceMs: number): Promise<void> {
    await this.#polling;
    this.#pool.clear();
    const timer = setTimeout(() => this.#ending.abort(), graceMs);
    await this.#pool.idle();
    clearTimeout(timer);
    this.#ending.abort();
    await this.#guarded("write what was delivered", () => this.#writeRest());
    const lease = this.#lease;
    this.#lease = undefined;
    if (lease !== undefined)
      await this.#guarded("give the lease back", () => this.#settings.records.releaseLease(lease));
  }

  async #poll(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    const { records, config, nowMs } = this.#settings;
    const stepMs = this.#watch.takeStep();
    this.#setBackMs = Math.max(this.#setBackMs - stepMs, 0);
    await this.#guarded("look at the outbox", async () => {
      const now = nowMs();
      const lease = await this.#holdLease(now);
      if (lease === undefined) return;
      await this.#writeRest();
      if (this.#setBackMs > 0) await this.#leadBack(now, lease);
      if (now - this.#escalatedMs >= ESCALATION_EVERY_MS || now < this.#escalatedMs) {
        this.#escalatedMs = now;
        await this.#guarded("escalate", () => escalateDue(records, config, lease, now));
      }
      const due = await this.#routed(await this.#due());
      const ready = await this.#inOrder(due);
      const toChannel = (entry: AlertNotification) => channelOf(this.#settings.channels, entry);
      for (const lane of toLanes(ready, toChannel)) await this.#launch(lane, nowMs());
    });
  }

  /** Takes the lease, or prolongs it when half of it has passed. */
  async #holdLease(now: number): Promise<AlertLease | undefined> {
    const { records, holder } = this.#settings;
    const held = this.#lease;
    if (held !== undefined && Date.parse(held.until) - now > LEASE_MS / 2 && Date.parse(held.until) - now <= LEASE_MS)
      return held;
    this.#lease = await records.takeLease(LEASE_NAME, holder, toTimestamp(now), toTimestamp(now + LEASE_MS));
    // Somebody else was at work meanwhile, and knows better what still waits; what was delivered was delivered.
    if (this.#lease !== undefined && this.#lease.token !== held?.token)
      this.#unwritten = this.#unwritten.filter(({ status }) => status === "delivered");
    return this.#lease;
  }

  /** What waits is due as soon as it was before the clock was set back, and not only when that has caught up. */
  async #leadBack(now: number, lease: AlertLease): Promise<void> {
    const { records } = this.#settings;
    const waiting = await records.dueNotifications(toTimestamp(now + this.#setBackMs + FARTHEST_MS), MAX_MOVED);
    const moved = waiting.flatMap((entry) => {
      const dueMs = Date.parse(entry.next_attempt_at);
      if (dueMs <= now || this.#underWay.has(entry.notification_id)) return [];
      return [toPutOff(entry, Math.max(dueMs - this.#setBackMs, now))];
    });
    if (moved.length > 0) await records.noteDeliveries(moved, lease);
    this.#setBackMs = 0;
  }

  async #due(): Promise<readonly AlertNotification[]> {
    // What is settled while the answer is on its way stands in it as if it were due.
    const underWay = new Set(this.#underWay);
    const due = await this.#settings.records.dueNotifications(toTimestamp(this.#settings.nowMs()), BATCH);
    return due.filter(({ notification_id }) => !underWay.has(notification_id) && !this.#underWay.has(notification_id));
  }

  /** Entries without a channel become entries with one. A crash in between makes the same entries again, and they are there already. */
  async #routed(due: readonly AlertNotification[]): Promise<readonly AlertNotification[]> {
    const { records, config, channels, nowMs } = this.#settings;
    const now = nowMs();
    const routed = due
      .filter((entry) => channelOf(channels, entry) === undefined)
      .map((entry) => routeEntry(entry, config, channels, now));
    if (routed.length === 0) return due;
    const notifications = routed.flatMap(({ children }) => children);
    if (notifications.length > 0) await records.commit({ lease: this.#lease, notifications });
    const ends = routed.map(({ parent, children, words }) =>
      toEnded(parent, children.length === 0 ? "failed" : "delivered", words, now),
    );
    for (const { parent, children, words } of routed)
      if (children.length === 0)
        this.#settings.onProblem(`A notification of ${parent.alert_id} was not sent: ${words}.`);
    await records.noteDeliveries(ends, this.#lease);
    return (await this.#due()).filter((entry) => channelOf(channels, entry) !== undefined);
  }

  /** Leaves out what must wait for an earlier change of the same alert on the same channel: a resolve is never told before its firing. */
  async #inOrder(due: readonly AlertNotification[]): Promise<readonly AlertNotification[]> {
    const ids = new Set(due.map(({ notification_id }) => notification_id));
    const ready: AlertNotification[] = [];
    const putOff: DeliveryOutcome[] = [];
    for (const entry of due) {
      const earlier = entry.change === "firing" ? undefined : await this.#earlierOf(entry, ids);
      if (earlier === undefined) ready.push(entry);
      else if (!this.#underWay.has(earlier.notification_id))
        putOff.push(toPutOff(entry, Date.parse(earlier.next_attempt_at)));
    }
    if (putOff.length > 0) await this.#settings.records.noteDeliveries(putOff, this.#lease);
    return ready;
  }

  async #earlierOf(entry: AlertNotification, due: ReadonlySet<string>): Promise<AlertNotification | undefined> {
    const all = await this.#settings.records.notifications(entry.alert_id, LOOKED_BACK);
    const key = laneKeyOf(entry);
    return all.find(
      (other) =>
        other.status === "waiting" &&
        other.notification_id !== entry.notification_id &&
        byChange(other, entry) <= 0 &&
        laneKeyOf(other) === key &&
        !due.has(other.notification_id),
    );
  }

  async #launch({ channel, config, chains }: Lane, now: number): Promise<void> {
    const limit = this.#limitOf(channel);
    const all = chains.flat();
    const isStorm =
      channel.takesDigests && all.length > 1 && (all.length > DIGEST_FROM || all.length > limit.available(now));
    if (isStorm && limit.available(now) >= 1) {
      limit.take(now);
      this.#start(all, () => sendDigest(this.#context, channel, config, all));
      return;
    }
    const putOff: DeliveryOutcome[] = [];
    let later = limit.nextMs(now);
    for (const chain of chains) {
      if (limit.available(now) < 1) {
        later = Math.max(later, limit.nextMs(now));
        for (const entry of chain) putOff.push(toPutOff(entry, later));
        // Each when its turn has come: all of them at once would only be put off again. For people they become one message.
        later += channel.takesDigests ? 0 : limit.stepMs * chain.length;
        continue;
      }
      for (let i = 0; i < chain.length; i++) limit.take(now);
      this.#start(chain, () => sendChain(this.#context, channel, config, chain));
    }
    if (putOff.length > 0) await this.#settings.records.noteDeliveries(putOff, this.#lease);
  }

  #start(entries: readonly AlertNotification[], send: () => Promise<void>): void {
    for (const { notification_id } of entries) this.#underWay.add(notification_id);
    this.#pool.add(async () => {
      await this.#guarded("send", send);
      const unwritten = new Set(this.#unwritten.map(({ notification_id }) => notification_id));
      for (const { notification_id } of entries)
        if (!unwritten.has(notification_id)) this.#underWay.delete(notification_id);
    });
  }

  async #settle(outcomes: readonly DeliveryOutcome[]): Promise<void> {
    try {
      await this.#write(outcomes);
    } catch (error) {
      this.#unwritten.push(...outcomes);
      this.#report("write what was delivered", error);
    }
  }

  /** Without a lease nothing is written, and so nothing sent: somebody else may be at it. */
  #write(outcomes: readonly DeliveryOutcome[]): Promise<void> {
    if (this.#lease === undefined) return Promise.reject(new Error("another process delivers by now"));
    return this.#settings.records.noteDeliveries(outcomes, this.#lease);
  }

  /** What was sent is known here until the store knows it. */
  async #writeRest(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    await this.#write(this.#unwritten);
    for (const { notification_id } of this.#unwritten) this.#underWay.delete(notification_id);
    this.#unwritten = [];
  }

  #limitOf({ name, takesDigests }: Channel): RateLimit {
    const limit = this.#limits.get(name) ?? createRateLimit(takesDigests ? PER_MINUTE.people : PER_MINUTE.machines);
    this.#limits.set(name, limit);
    return limit;
  }

  async #guarded(what: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#report(what, error);
    }
  }

  /** The same once a minute. */
  #report(what: string, error: unknown): void {
    const now = this.#settings.nowMs();
    if (Math.abs(now - (this.#reportedMs.get(what) ?? Number.NEGATIVE_INFINITY)) < 60_000) return;
    this.#reportedMs.set(what, now);
    this.#settings.onProblem(`Could not ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
