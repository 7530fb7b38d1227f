// The range of time that all screens share: the last so long, moving on, or from one moment to another.
import { useCallback, useEffect, useMemo, useState } from "react";
import { useParameters } from "./search-parameters.ts";

/** Ranges that move on, by their name in the address. */
export const RANGES = {
  "15m": { label: "15 minutes", seconds: 900 },
  "1h": { label: "1 hour", seconds: 3_600 },
  "6h": { label: "6 hours", seconds: 21_600 },
  "24h": { label: "24 hours", seconds: 86_400 },
  "7d": { label: "7 days", seconds: 604_800 },
  "30d": { label: "30 days", seconds: 2_592_000 },
} as const;

/** The name of a range that moves on. */
export type RangeName = keyof typeof RANGES;

/** A range of time. */
export interface TimeRange {
  /** The name; undefined for a fixed one. */
  readonly name: RangeName | undefined;
  /** As the API wants them. */
  readonly startTime: string;
  readonly endTime: string;
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Width of the slices that a chart of it should have, in seconds: some 60 to 240 of them. */
  readonly stepSeconds: number;
  /** In words: "last 15 minutes". */
  readonly label: string;
}

const STEPS = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
const DEFAULT: RangeName = "15m";
/** How often a moving range moves: everything on a screen asks for the same one, so that answers are shared. */
const MOVE_MS = 5_000;

/** Reads the range from parameters; what makes no sense is the default. */
export function rangeOf(parameters: URLSearchParams, nowMs: number): TimeRange {
  const from = Date.parse(parameters.get("from") ?? "");
  const to = Date.parse(parameters.get("to") ?? "");
  if (Number.isFinite(from) && Number.isFinite(to) && from < to) return fixedRange(from / 1000, to / 1000);
  const asked = parameters.get("range") ?? DEFAULT;
  const name = Object.hasOwn(RANGES, asked) ? (asked as RangeName) : DEFAULT;
  const { seconds, label } = RANGES[name];
  const end = Math.ceil(nowMs / 1000);
  return { ...fixedRange(end - seconds, end), name, label: `last ${label}` };
}

function fixedRange(from: number, to: number): TimeRange {
  const startTime = new Date(from * 1000).toISOString();
  const endTime = new Date(to * 1000).toISOString();
  const stepSeconds = STEPS.find((step) => (to - from) / step <= 240) ?? 86_400;
  const text = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 16)}`;
  return {
    name: undefined,
    startTime,
    endTime,
    from,
    to,
    stepSeconds,
    label: `${text(startTime)} to ${text(endTime)} UTC`,
  };
}

/** The range of the address, moving on every few seconds, and how it is set. */
export function useTimeRange(): {
  readonly range: TimeRange;
  setName(name: RangeName): void;
  /** Seconds since 1970: what was marked in a chart. */
  setFixed(from: number, to: number): void;
} {
  const [parameters, set] = useParameters();
  const now = useMovingNow(parameters.has("from") && parameters.has("to"));
  const setName = useCallback((name: RangeName) => set({ range: name, from: undefined, to: undefined }), [set]);
  const setFixed = useCallback(
    (from: number, to: number) =>
      set({ range: undefined, from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() }),
    [set],
  );
  // The same object while it is the same range: what is drawn from it is then not drawn again.
  const range = useMemo(() => rangeOf(parameters, now), [parameters, now]);
  return { range, setName, setFixed };
}

function useMovingNow(isFixed: boolean): number {
  const [now, setNow] = useState(movedNow);
  useEffect(() => {
    if (isFixed) return;
    const timer = setInterval(() => setNow(movedNow()), 1_000);
    return () => clearInterval(timer);
  }, [isFixed]);
  return now;
}

function movedNow(): number {
  return Math.ceil(Date.now() / MOVE_MS) * MOVE_MS;
}
