// The totals of the last 24 hours, as they grow.
import { useEffect, useRef, useState } from "react";
import type { ApiProblem } from "../api/client.ts";
import { useAnswer } from "../api/use-answer.ts";
import type { EventFeed } from "./event-feed.ts";
import { type CountedTotals, countOn, type Totals, totalsOf } from "./live-totals.ts";

/** The totals, and why they could not be checked last time. */
export interface LiveTotals {
  /** Undefined: not known yet. */
  readonly totals: Totals | undefined;
  readonly problem: ApiProblem | null;
}

/** Counted by the server, then counted on by what comes. `isWhole`: the feed hears of every type and run; else the server is asked more often. */
export function useTotals(feed: EventFeed | undefined, symbol: string, isWhole: boolean): LiveTotals {
  const answer = useAnswer(
    "/api/telemetry/analytics/summary",
    { symbol: symbol === "" ? undefined : symbol },
    { everyMs: isWhole ? CHECK_MS : ASK_MS },
  );
  const { data, dataUpdatedAt, isPlaceholderData } = answer;
  const [totals, setTotals] = useState<Totals>();
  const counted = useRef<CountedTotals>(undefined);
  useEffect(() => {
    if (data === undefined || isPlaceholderData) return;
    const fresh = totalsOf(data);
    counted.current = { totals: fresh, endTime: data.time_range.end, answeredMs: dataUpdatedAt };
    setTotals(fresh);
  }, [data, dataUpdatedAt, isPlaceholderData]);
  useEffect(() => {
    if (feed === undefined || !isWhole) return;
    return feed.listen((events) => {
      const base = counted.current;
      if (base !== undefined) setTotals((before) => before && countOn(before, events, base, Date.now()));
    });
  }, [feed, isWhole]);
  return { totals, problem: answer.error };
}

const CHECK_MS = 30_000;
const ASK_MS = 3_000;
