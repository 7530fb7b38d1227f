// The alerts that fired in a range, as marks for its charts: asked once for all charts of a screen.
import { useMemo } from "react";
import { useAnswer } from "../api/use-answer.ts";
import type { ChartMark } from "./chart-marks.ts";

const EVERY_MS = 15_000;
const MAX_ALERTS = 200;
/** Ends of ranges move on; the question about them is the same for so many seconds. */
const STEADY_S = 60;

/** The marks; none where `isWanted` is false. */
export function useAlertMarks(from: number, to: number, isWanted: boolean): readonly ChartMark[] {
  const start = Math.floor(from / STEADY_S) * STEADY_S;
  const end = Math.ceil(to / STEADY_S) * STEADY_S;
  const { data } = useAnswer(
    "/api/telemetry/alerts",
    { start_time: isoOf(start), end_time: isoOf(end), limit: MAX_ALERTS },
    { everyMs: EVERY_MS, freshMs: EVERY_MS - 1_000, enabled: isWanted },
  );
  return useMemo(
    () =>
      (data?.alerts ?? []).flatMap(({ alert_id: id, triggered_at: time, severity, summary }) => {
        if (time === null) return [];
        const range = new URLSearchParams({ tab: "history", alert: id, from: isoOf(start), to: isoOf(end) });
        return [{ time: Date.parse(time) / 1_000, severity, text: summary, href: `/alerts?${range}` }];
      }),
    [data, start, end],
  );
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
