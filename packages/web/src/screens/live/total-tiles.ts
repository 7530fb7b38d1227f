// What the tiles say: a figure of the last 24 hours, and its course over the range.
import type { Answer } from "../../api/client.ts";
import { countText, percentText, shareText, shortCountText } from "../../format/number-text.ts";
import { successRate, type Totals } from "../../live/live-totals.ts";
import type { Tone } from "../../ui/mark.tsx";

/** A tile. */
export interface TotalTile {
  readonly title: string;
  readonly tone: Tone;
  /** Undefined: not known yet. */
  readonly figure: string | undefined;
  /** Beside the figure, smaller. */
  readonly note: string;
  /** A value for each slice of the range. */
  readonly values: readonly (number | null)[];
  /** A value of the course with its unit. */
  readonly text: (value: number) => string;
  /** Of the whole range; `–`: not known. */
  readonly rangeFigure: string;
  /** What the feed shows when somebody asks for it. */
  readonly filter: { readonly type?: string; readonly show?: string };
}

/** Counts of a slice. */
export interface TileSlice {
  readonly counts: Readonly<Record<string, number>>;
  readonly accepted: number;
  readonly rejected: number;
}

/** The slices of a range, those without events included; none while the server has not answered. */
export function tileSlices(
  events: Answer<"/api/telemetry/analytics/timeline"> | undefined,
  decisions: Answer<"/api/telemetry/decisions/timeline"> | undefined,
  from: number,
  to: number,
  stepSeconds: number,
): readonly TileSlice[] {
  if (events === undefined) return [];
  const count = Math.max(1, Math.min(2_000, Math.ceil((to - from) / stepSeconds)));
  const counts = new Map(events.slices.map((slice) => [slice.time, slice.counts]));
  const decided = new Map(decisions?.slices.map((slice) => [slice.time, slice]));
  return Array.from({ length: count }, (_, i) => {
    const time = from + i * stepSeconds;
    const { accepted = 0, rejected = 0 } = decided.get(time) ?? {};
    return { counts: counts.get(time) ?? {}, accepted, rejected };
  });
}

/** The four tiles of signals, and those of decisions, orders and errors where there are any; first what there is most to say of. */
export function totalTiles(totals: Totals | undefined, slices: readonly TileSlice[]): readonly TotalTile[] {
  const signals = signalTiles(totals, slices);
  const orders = totals === undefined ? [] : orderTiles(totals, slices);
  const errors = totals === undefined || totals.errors === 0 ? [] : [errorTile(totals, slices)];
  const hasSignals = totals === undefined || totals.scans + totals.generated + totals.rejected > 0;
  return hasSignals ? [...signals, ...orders, ...errors] : [...orders, ...errors, ...signals];
}

function signalTiles(totals: Totals | undefined, slices: readonly TileSlice[]): TotalTile[] {
  const count = (type: string) => slices.map(({ counts }) => counts[type] ?? 0);
  const generated = count("signal_generated");
  const rejected = count("signal_rejected");
  const rates = generated.map((value, i) => successRate({ generated: value, rejected: rejected[i] ?? 0 }) ?? null);
  const all = { generated: sum(generated), rejected: sum(rejected) };
  return [
    countTile("Total Scans", "info", totals?.scans, count("scan_completed"), { type: "scan_completed" }),
    countTile("Signals Generated", "accept", totals?.generated, generated, { type: "signal_generated" }),
    countTile("Signals Rejected", "reject", totals?.rejected, rejected, { type: "signal_rejected" }),
    {
      title: "Success Rate",
      tone: "neutral",
      figure: totals === undefined ? undefined : percentText(successRate(totals)),
      note: "",
      values: rates,
      text: percentText,
      rangeFigure: percentText(successRate(all)),
      filter: {},
    },
  ];
}

function orderTiles({ accepts, declines, requests, results }: Totals, slices: readonly TileSlice[]): TotalTile[] {
  const tiles: TotalTile[] = [];
  const all = accepts + declines;
  if (all > 0) {
    const filter = { type: "decision" };
    const share = (part: number) => shareText(part, all);
    const accepted = slices.map((slice) => slice.accepted);
    const rejected = slices.map((slice) => slice.rejected);
    tiles.push(
      { ...countTile("Decisions Accepted", "accept", accepts, accepted, filter), note: share(accepts) },
      { ...countTile("Decisions Rejected", "reject", declines, rejected, filter), note: share(declines) },
    );
  }
  if (requests + results > 0) {
    const values = slices.map(({ counts }) => counts["order_request"] ?? 0);
    const tile = countTile("Orders", "info", requests, values, { type: "order_request" });
    const open = requests - results;
    tiles.push({ ...tile, note: open > 0 ? `${shortCountText(open)} open` : "" });
  }
  return tiles;
}

function errorTile({ errors }: Totals, slices: readonly TileSlice[]): TotalTile {
  const values = slices.map(({ counts }) => counts["error_occurred"] ?? 0);
  return countTile("Errors", "error", errors, values, { show: "errors" });
}

function countTile(
  title: string,
  tone: Tone,
  total: number | undefined,
  values: readonly number[],
  filter: TotalTile["filter"],
): TotalTile {
  const figure = total === undefined ? undefined : total < 10_000_000 ? countText(total) : shortCountText(total);
  const rangeFigure = values.length === 0 ? "–" : shortCountText(sum(values));
  return { title, tone, figure, note: "", values, text: countText, rangeFigure, filter };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
