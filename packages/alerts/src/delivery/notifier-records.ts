// What delivery needs of a store.
import type { AlertRecords } from "@tracebook/store";

/** The part of a store's alert records that delivery works on. */
export type NotifierRecords = Pick<
  AlertRecords,
  | "takeLease"
  | "releaseLease"
  | "dueNotifications"
  | "notifications"
  | "noteDeliveries"
  | "findAlerts"
  | "alert"
  | "commit"
>;
