// The bucket bounds of the catalogue's histograms.
import { FLOW_INSTRUMENTS } from "@tracebook/core/extension";

/** Seconds, from a tick's stage (5 us) to a stalled request (10 s). */
export const DURATION_BOUNDS: readonly number[] = FLOW_INSTRUMENTS.stageDuration.bounds;

/** Seconds over a network or a disk: OpenTelemetry's advice for HTTP durations, with 1 ms and 2.5 ms in front. */
export const REQUEST_BOUNDS: readonly number[] = Object.freeze([
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]);

/** Seconds between a venue's time and ours: alerts look at 5 s, a broken feed is told from a slow one up to 60 s. */
export const LAG_BOUNDS: readonly number[] = Object.freeze([
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
]);

/** Bytes, by powers of four from 64 B to 16 MiB. */
export const SIZE_BOUNDS: readonly number[] = Object.freeze([
  64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216,
]);

/** Values of any unit, by decades. */
export const GENERIC_BOUNDS: readonly number[] = Object.freeze([
  0.001, 0.01, 0.1, 1, 10, 100, 1000, 10000, 100000, 1000000,
]);
