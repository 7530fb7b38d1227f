// The records of alerts and the feed, asked somewhere else: each method hands its name and arguments on.
import type { AlertFeed } from "../../alert-feed.ts";
import type { AlertRecords } from "../../alert-records.ts";

/** Every method, and which thread it belongs to: the compiler sees to it that none is missing. */
const RECORDS: Readonly<Record<keyof AlertRecords, "read" | "write">> = {
  rules: "read",
  rule: "read",
  saveRule: "write",
  removeRule: "write",
  alert: "read",
  findAlerts: "read",
  history: "read",
  silences: "read",
  changesSince: "read",
  commit: "write",
  engineState: "read",
  takeLease: "write",
  releaseLease: "write",
  dueNotifications: "read",
  notifications: "read",
  noteDeliveries: "write",
};

const FEED: Readonly<Record<keyof AlertFeed, "read">> = {
  position: "read",
  since: "read",
  range: "read",
  knownMetrics: "read",
  knownEventTypes: "read",
};

/** Hands a call on. */
type Ask = (name: string, args: readonly unknown[]) => Promise<unknown>;

/** Makes the records; `read` and `write` answer. */
export function createRemoteAlerts(read: Ask, write: Ask): AlertRecords {
  return toMethods(RECORDS, (kind) => (kind === "read" ? read : write));
}

/** Makes the feed; `read` answers. */
export function createRemoteFeed(read: Ask): AlertFeed {
  return toMethods(FEED, () => read);
}

function toMethods<T>(kinds: Readonly<Record<string, "read" | "write">>, askOf: (kind: "read" | "write") => Ask): T {
  const entries = Object.entries(kinds).map(([name, kind]) => {
    const ask = askOf(kind);
    return [name, (...args: readonly unknown[]) => ask(name, args)] as const;
  });
  return Object.fromEntries(entries) as T;
}
