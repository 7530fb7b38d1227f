// What a lane is given: the requests, and what it is told once.
import type { OtlpSender, SendFailure } from "./sender.ts";
import type { Spool, SpoolDropReason, SpoolLaneName } from "./spool.ts";
import type { WaitingRequest } from "./spool-file.ts";

/** Why a lane lost items. */
export type DeliveryDropReason = SpoolDropReason | "queue_full" | "rejected" | "partial_success" | "shutdown";

/** A request on its way in. */
export interface LaneRequest extends WaitingRequest {
  /** Called once when the lane holds the bytes no longer; `isFree` when nothing else can hold them either. */
  readonly release?: ((isFree: boolean) => void) | undefined;
}

/** What a lane is told once. */
export interface DeliveryLaneOptions {
  readonly name: SpoolLaneName;
  readonly sender: OtlpSender;
  /** Where requests wait while the receiver is away; without one they wait in memory, and the oldest are dropped. */
  readonly spool: Spool | undefined;
  /** Items and bytes that may wait in memory. */
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly onDrop: (reason: DeliveryDropReason, items: number) => void;
  /** Hears of every request that did not get through; `isFinal` when it is not tried again. */
  readonly onFailure: (failure: SendFailure, isFinal: boolean) => void;
  /** Hears how long each request took, in milliseconds. */
  readonly onSent?: ((durationMs: number) => void) | undefined;
  /** Monotonic milliseconds. Default `performance.now`. */
  readonly nowMs?: (() => number) | undefined;
  /** 0 to 1, spreads the tries of many services. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}
