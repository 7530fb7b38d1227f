// An alert, its states, its history and its notifications, as all parts of this package speak of them.
import type { StoredAlert } from "@tracebook/store";

export type {
  AlertChange,
  AlertHistoryEntry,
  AlertNotification,
  AlertSilence,
  AlertState,
} from "@tracebook/store";

/**
 * An alert: pending while its condition holds for less than the rule's `for_seconds`, then firing, acknowledged once somebody has seen it,
 * resolved by itself or by a person, and firing again (re-opened) when the condition comes back soon.
 */
export type Alert = StoredAlert;
