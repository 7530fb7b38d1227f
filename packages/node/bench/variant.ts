// What a variant of the tick is: the same work under a different observer, and how far its output has got.

/** What a variant gets from the process that measures it. */
export interface VariantEnvironment {
  /** Base URL of the OTLP sink. */
  readonly sinkUrl: string;
  /** An empty folder for whatever it writes; removed afterwards. */
  readonly dir: string;
}

/** What a variant says it put out; undefined where it cannot know. */
export interface VariantOutput {
  readonly spans: number | undefined;
  readonly logs: number | undefined;
  /** What it lost, by class and reason; empty when nothing. */
  readonly dropped: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A running variant. */
export interface Variant {
  /** One tick; `index` counts from 0. A promise is waited for before the next tick. */
  tick(index: number): undefined | Promise<void>;
  /**
   * Whether so much waits to leave that the next ticks should. Asked after each batch of a flat-out run, so that no variant
   * looks fast by dropping what it was given.
   */
  isBehind(): boolean;
  /** Resolves when everything has left. */
  flush(): Promise<void>;
  /** What was put out by `ticks` ticks. */
  output(ticks: number): VariantOutput;
  /** Milliseconds that each export call so far has held the thread, in order; undefined where that is not measured. */
  exportCallsMs?(): readonly number[];
  close(): Promise<void>;
}

/** Makes a variant; resolves when it is ready for its first tick. */
export type CreateVariant = (environment: VariantEnvironment) => Promise<Variant>;

/** The part of a variant that puts nothing out. */
export const NO_OUTPUT = Object.freeze({
  isBehind: () => false,
  flush: () => Promise.resolve(),
  output: () => ({ spans: undefined, logs: undefined, dropped: {} }),
  close: () => Promise.resolve(),
});

/** Records of one signal that may wait before a flat-out run pauses: two default batches. */
export const MAX_WAITING = 8_192;
