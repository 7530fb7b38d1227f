// The part of a store's alert records that delivery works on, in memory: what is in it outlives the notifier that a test kills.
import type { AlertHistoryEntry, AlertLease, AlertNotification, DeliveryOutcome, StoredAlert } from "@tracebook/store";
import type { NotifierRecords } from "../src/delivery/notifier-records.ts";

/** The records, and what tests put into them and see of them. */
export interface MemoryOutbox extends NotifierRecords {
  readonly entries: Map<string, AlertNotification>;
  readonly alerts: Map<string, StoredAlert>;
  readonly historyEntries: AlertHistoryEntry[];
  /** While true, every write rejects, as a store that is down does. */
  isDown: boolean;
}

/** Makes empty ones. */
export function createMemoryOutbox(): MemoryOutbox {
  let lease: AlertLease | undefined;
  let token = 0;
  const entries = new Map<string, AlertNotification>();
  const alerts = new Map<string, StoredAlert>();
  const historyEntries: AlertHistoryEntry[] = [];
  const check = (given: AlertLease | undefined) => {
    if (outbox.isDown) throw new Error("the store is down");
    if (given !== undefined && given.token !== lease?.token) throw new Error("alert_lease_lost");
  };
  const oldestFirst = () => [...entries.values()].toSorted((a, b) => compare(a.created_at, b.created_at));
  const outbox: MemoryOutbox = {
    entries,
    alerts,
    historyEntries,
    isDown: false,
    async takeLease(name, holder, now, until) {
      if (lease !== undefined && lease.holder !== holder && lease.until > now) return undefined;
      lease = { name, holder, until, token: lease?.holder === holder ? lease.token : ++token };
      return lease;
    },
    async releaseLease(given) {
      if (given.token === lease?.token) lease = undefined;
    },
    async dueNotifications(now, limit) {
      return oldestFirst()
        .filter((entry) => entry.status === "waiting" && entry.next_attempt_at <= now)
        .slice(0, limit);
    },
    async notifications(alertId, limit) {
      return oldestFirst()
        .reverse()
        .filter(({ alert_id }) => alertId === undefined || alert_id === alertId)
        .slice(0, limit);
    },
    async noteDeliveries(outcomes: readonly DeliveryOutcome[], given) {
      check(given);
      for (const outcome of outcomes)
        entries.set(outcome.notification_id, { ...entries.get(outcome.notification_id)!, ...outcome });
    },
    async findAlerts({ state }, limit, offset) {
      return [...alerts.values()].filter((alert) => alert.state === state).slice(offset, offset + limit);
    },
    async alert(alertId) {
      return alerts.get(alertId);
    },
    async commit({ lease: given, notifications = [], history = [] }) {
      check(given);
      for (const entry of notifications)
        if (!entries.has(entry.notification_id)) entries.set(entry.notification_id, entry);
      historyEntries.push(...history);
      return 1;
    },
  };
  return outbox;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
