// Which periods the screen is about: days, weeks and months need a longer look than events do.
import { useMemo } from "react";
import { useNow } from "../../app/use-now.ts";
import { useParameter } from "../../url/search-parameters.ts";

/** Spans by their name in the address. */
export const SPANS = { "7": "7 d", "30": "30 d", "90": "90 d", "365": "1 y" } as const;

/** The name of a span. */
export type SpanName = keyof typeof SPANS;

/** The span of the address: whole days of UTC up to today, asked about anew once in a while. */
export function usePeriodSpan() {
  const [given, set] = useParameter("days");
  const days = given !== undefined && Object.hasOwn(SPANS, given) ? (given as SpanName) : "30";
  const today = Math.floor(useNow() / DAY_MS);
  const query = useMemo(
    () => ({
      start_time: new Date((today - Number(days) + 1) * DAY_MS).toISOString(),
      end_time: new Date((today + 1) * DAY_MS - 1).toISOString(),
    }),
    [today, days],
  );
  return { days, query, setDays: (name: SpanName) => set(name === "30" ? undefined : name) };
}

const DAY_MS = 86_400_000;
