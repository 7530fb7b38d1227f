// What is told of an alert: the one shape that every channel turns into its own.

/** How bad it is, least first. */
export const SEVERITIES = ["info", "warning", "error", "critical"] as const;

/** How bad it is. */
export type NotificationSeverity = (typeof SEVERITIES)[number];

/** What happened to the alert; `digest` stands for many changes at once, `test` is no alert at all. */
export type NotificationChange =
  | "firing"
  | "acknowledged"
  | "assigned"
  | "resolved"
  | "reopened"
  | "escalated"
  | "flapping"
  | "stable"
  | "digest"
  | "test";

/** A change of an alert on its way to people. Every text may be hostile: {@link cleanMessage} makes it harmless. */
export interface NotificationMessage {
  /** One per change, channel and target: whoever gets the same key twice has got the same message twice. At most 255 characters. */
  readonly idempotencyKey: string;
  /** The same in all messages of an alert: what a provider joins them by. */
  readonly alertId: string;
  readonly ruleName: string;
  readonly severity: NotificationSeverity;
  readonly change: NotificationChange;
  /** A sentence for people: `p95 of api_latency_ms is 912 ms, above 500 ms for 5 minutes`. */
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What was measured, and the limit; absent where there is none (absence of data). */
  readonly value?: number | undefined;
  readonly threshold?: number | undefined;
  readonly unit?: string | undefined;
  /** When the change was, as `2026-11-20T12:34:56.789012Z`. */
  readonly at: string;
  /** When the alert began to fire. */
  readonly startedAt?: string | undefined;
  /** Who acknowledged, who has it, or who resolved it. */
  readonly by?: string | undefined;
  /** Where the alert is on the desk; anything but http and https is left out. */
  readonly link?: string | undefined;
  /** Of a digest: one line for each change in it. */
  readonly lines?: readonly string[] | undefined;
  /** True when it cannot be known whether it has been told before: a kill or a time-out between sending and the answer. */
  readonly mayRepeat?: boolean | undefined;
}
