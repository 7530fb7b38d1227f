// A feed and records of alerts in memory, for tests of the engine.
import type {
  AlertChanges,
  AlertCommit,
  AlertEngineState,
  AlertFeed,
  AlertHistoryEntry,
  AlertLease,
  AlertNotification,
  AlertRecords,
  AlertSilence,
  EventCount,
  FeedPiece,
  FeedWants,
  MetricSample,
  StoredAlert,
  StoredAlertRule,
} from "@tracebook/store";
import { StoreError } from "@tracebook/store";

/** An event of the feed. */
export interface MemoryEvent {
  readonly eventType: string;
  readonly second: number;
  readonly symbol?: string | null;
  readonly severityNumber?: number;
  readonly fields?: Readonly<Record<string, string>>;
}

/** A feed that is written by pushing; the order is that of writing. */
export function createMemoryFeed(): AlertFeed & { readonly items: (MemoryEvent | MetricSample)[] } {
  const items: (MemoryEvent | MetricSample)[] = [];
  const piece = (wants: FeedWants, from: readonly (MemoryEvent | MetricSample)[], cursor: number): FeedPiece => ({
    counts: from.flatMap((item) => toCount(wants, item) ?? []),
    samples: from.filter((item): item is MetricSample => "metric" in item && wants.metrics.includes(item.metric)),
    cursor: String(cursor),
    isMore: false,
    isByMinutes: false,
  });
  return {
    items,
    position: async () => String(items.length),
    since: async (wants, cursor) => piece(wants, items.slice(Number(cursor)), items.length),
    range: async (wants, from, to, upTo) => {
      const known = items.slice(0, upTo === undefined ? undefined : Number(upTo));
      const found = known.filter(({ second }) => second >= from && second < to).sort((a, b) => a.second - b.second);
      return piece(wants, found, items.length);
    },
    knownMetrics: async () => [],
    knownEventTypes: async () => [],
  };
}

function toCount({ events }: FeedWants, item: MemoryEvent | MetricSample): EventCount | undefined {
  if ("metric" in item) return undefined;
  const want = events.find(({ eventType }) => eventType === item.eventType);
  if (want === undefined) return undefined;
  const { eventType, second, symbol = null, severityNumber = 9, fields = {} } = item;
  return {
    eventType,
    second,
    symbol,
    severityNumber,
    fields: want.fields.map((name) => fields[name] ?? null),
    count: 1,
  };
}

/** What is in the records. */
export interface MemoryRecords extends AlertRecords {
  readonly alertsById: Map<string, StoredAlert>;
  readonly entries: AlertHistoryEntry[];
  readonly outbox: Map<string, AlertNotification>;
  /** Commits so far; `beforeCommit` may throw before one is made, `afterCommit` once it is. */
  commits: number;
  beforeCommit: (commit: AlertCommit) => void;
  afterCommit: (commit: AlertCommit) => void;
}

/** Records that keep what the contract of stores asks for. */
export function createMemoryRecords(): MemoryRecords {
  const rules = new Map<string, StoredAlertRule>();
  const alerts = new Map<string, StoredAlert>();
  const silences = new Map<string, AlertSilence>();
  const outbox = new Map<string, AlertNotification>();
  const leases = new Map<string, AlertLease>();
  const entries: AlertHistoryEntry[] = [];
  let revision = 0;
  let engine: AlertEngineState | undefined;
  const check = (lease: AlertLease | undefined): void => {
    if (lease !== undefined && leases.get(lease.name)?.token !== lease.token)
      throw new StoreError("alert_lease_lost", "It is lost.");
  };
  const commitNow = (commit: AlertCommit): number => {
    check(commit.lease);
    for (const { alert, expectedRevision } of commit.alerts ?? [])
      if ((alerts.get(alert.alert_id)?.revision ?? 0) !== expectedRevision)
        throw new StoreError("alert_conflict", `${alert.alert_id} is of another revision.`);
    revision++;
    for (const { alert } of commit.alerts ?? []) alerts.set(alert.alert_id, { ...alert, revision });
    for (const id of commit.droppedAlertIds ?? []) if (alerts.get(id)?.status === "pending") alerts.delete(id);
    entries.push(...(commit.history ?? []));
    for (const one of commit.notifications ?? [])
      if (!outbox.has(one.notification_id)) outbox.set(one.notification_id, one);
    for (const one of commit.silences ?? []) silences.set(one.silence_id, { ...one, revision });
    for (const { rule_id, problem } of commit.ruleProblems ?? []) {
      const rule = rules.get(rule_id);
      if (rule !== undefined) rules.set(rule_id, { ...rule, problem });
    }
    engine = commit.engine ?? engine;
    return revision;
  };
  const records: MemoryRecords = {
    alertsById: alerts,
    entries,
    outbox,
    commits: 0,
    beforeCommit: () => {},
    afterCommit: () => {},
    rules: async () => [...rules.values()].filter((rule) => rule.removed_at === null),
    rule: async (id) => rules.get(id),
    saveRule: async (rule, expectedRevision) => {
      const known = rules.get(rule.rule_id);
      const found = known?.removed_at === null ? known.revision : 0;
      if (expectedRevision !== undefined && found !== expectedRevision)
        throw new StoreError("alert_conflict", `${rule.rule_id} is of another revision.`);
      rules.set(rule.rule_id, { ...rule, revision: ++revision });
      return revision;
    },
    removeRule: async (id, removed_at) => {
      const rule = rules.get(id);
      if (rule !== undefined) rules.set(id, { ...rule, removed_at, revision: ++revision });
      return rule !== undefined;
    },
    alert: async (id) => alerts.get(id),
    findAlerts: async ({ state }) =>
      [...alerts.values()].filter((alert) => state === undefined || alert.state === state),
    history: async (id) => entries.filter((entry) => entry.alert_id === id),
    silences: async (time) => [...silences.values()].filter((silence) => silence.ends_at > time),
    changesSince: async (since): Promise<AlertChanges> => ({
      revision,
      rules: [...rules.values()].filter((rule) => rule.revision > since),
      alerts:
        since === 0 ? newestOf([...alerts.values()]) : [...alerts.values()].filter((alert) => alert.revision > since),
      silences: [...silences.values()].filter((silence) => silence.revision > since),
    }),
    commit: async (commit) => {
      records.commits++;
      records.beforeCommit(commit);
      const done = commitNow(commit);
      records.afterCommit(commit);
      return done;
    },
    engineState: async () => engine,
    takeLease: async (name, holder, now, until) => {
      const held = leases.get(name);
      if (held !== undefined && held.holder !== holder && held.until > now) return undefined;
      const token = held === undefined ? 1 : held.token + (held.holder === holder ? 0 : 1);
      const lease = { name, holder, token, until };
      leases.set(name, lease);
      return lease;
    },
    releaseLease: async (lease) => {
      if (leases.get(lease.name)?.token === lease.token) leases.set(lease.name, { ...lease, until: "" });
    },
    dueNotifications: async () => [...outbox.values()],
    notifications: async () => [...outbox.values()],
    noteDeliveries: async (_outcomes, lease) => check(lease),
  };
  return records;
}

function newestOf(alerts: readonly StoredAlert[]): readonly StoredAlert[] {
  const newest = new Map<string, StoredAlert>();
  for (const alert of alerts) {
    const key = JSON.stringify([alert.rule_id, alert.fingerprint]);
    if (alert.pending_since >= (newest.get(key)?.pending_since ?? "")) newest.set(key, alert);
  }
  const kept = new Set(newest.values());
  return alerts.filter((alert) => alert.status !== "resolved" || kept.has(alert));
}
