// A channel: one way to reach people, and how an attempt to do so ends.
import type { NotificationMessage } from "./notification-message.ts";

/** The kinds of channels there are. */
export const CHANNEL_KINDS = ["email", "slack", "pagerduty", "opsgenie", "webhook"] as const;

/** A kind of channel. */
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** How an attempt ended. Its words are one line of at most 500 characters, without secrets. */
export type ChannelAnswer =
  | { readonly kind: "delivered"; readonly words: string }
  /** The destination has no such change: there was nothing to send. */
  | { readonly kind: "skipped"; readonly words: string }
  | {
      readonly kind: "retry";
      readonly words: string;
      /** What the provider asked for, at most 15 minutes. */
      readonly retryAfterMs?: number | undefined;
      /** True when all of the message had left and no answer came: it may have arrived. */
      readonly mayHaveArrived?: boolean | undefined;
    }
  /** It would be refused again: the words say why and what to do. */
  | { readonly kind: "refused"; readonly words: string };

/** Where in a channel a message goes, when not to its usual place: S4's `notification_config` of a rule. */
export interface ChannelTarget {
  /** Email: these addresses. At most 50. */
  readonly to?: readonly string[] | undefined;
  /** Slack: this channel, as `#alerts` or an id. */
  readonly channel?: string | undefined;
}

/** One way to reach people. */
export interface Channel {
  readonly name: string;
  readonly kind: ChannelKind;
  /** What it sends to, for people: without secrets. */
  readonly destination: string;
  /**
   * `provider`: the same idempotency key or alert sent twice arrives once (PagerDuty, Opsgenie, receivers of signed webhooks).
   * `none`: it arrives twice (email, Slack).
   */
  readonly deduplication: "provider" | "none";
  /** True when one message may stand for many alerts: people read it, and no machine keeps book of alerts by it. */
  readonly takesDigests: boolean;
  /** Sends one message. Never rejects: whatever happens is an answer. Takes at most its time-out; the signal ends it early. */
  send(message: NotificationMessage, signal: AbortSignal, target?: ChannelTarget): Promise<ChannelAnswer>;
}
