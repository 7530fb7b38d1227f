// Where a bot sends to.

/** A proxy, or a Collector. */
export interface Receiver {
  /** Base URL for OTLP/HTTP, the same for as long as it lives. */
  readonly url: string;
  /** True for one that acknowledges what it has not yet handed on. */
  readonly isRelay?: boolean;
  close(): Promise<void>;
}
