// What is known of a lane at any moment.
import type { SendFailure } from "./sender.ts";

/** What has become of everything a lane was given: accepted + restored = delivered + dropped + queued + spooled, at any time. */
export interface DeliveryStats {
  readonly accepted: number;
  /** Items that an earlier process had left in the spool. */
  readonly restored: number;
  readonly delivered: number;
  readonly dropped: number;
  /** Items in memory, those being sent among them. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Items on disk, those being sent from there among them. */
  readonly spooled: number;
  readonly spooledBytes: number;
  /** When the oldest item on disk was accepted, milliseconds since 1970. */
  readonly oldestSpooledEpochMs: number | undefined;
  /** Requests by how they ended. */
  readonly attempts: Readonly<Record<"delivered" | "retry" | "rejected", number>>;
  /** What the last failed request said; undefined since the last one that got through. */
  readonly failing: SendFailure | undefined;
}
