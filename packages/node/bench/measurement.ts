// What the measuring process of a variant is told and what it answers.
import type { FlatOutFigures } from "./phases/flat-out.ts";
import type { PacedFigures } from "./phases/paced.ts";
import type { VariantEnvironment, VariantOutput } from "./variant.ts";
import type { VariantName } from "./variant-names.ts";

/** One variant in one process. */
export interface MeasurementOrder extends VariantEnvironment {
  readonly variant: VariantName;
  readonly warmUpMs: number;
  /** Length of the flat-out phase, and of the paired one where there is one; 0: none. */
  readonly flatMs: number;
  /** Ticks of the paced phase; 0: none. */
  readonly pacedTicks: number;
}

/** What came out. */
export interface Measurement {
  readonly flat: FlatOutFigures | undefined;
  /** Nanoseconds a tick more than the variant it is paired with. */
  readonly pairedNs: number | undefined;
  readonly paced: PacedFigures | undefined;
  /** Milliseconds that each export call of either phase has held the thread; empty where that is not measured. */
  readonly pacedCallsMs: readonly number[];
  readonly flatCallsMs: readonly number[];
  /** All ticks of the process, warm-up included. */
  readonly ticks: number;
  /** What they should have put out. */
  readonly output: VariantOutput;
}

/** The one message of the process to its parent. */
export type MeasurementAnswer = { readonly measurement: Measurement } | { readonly error: string };
