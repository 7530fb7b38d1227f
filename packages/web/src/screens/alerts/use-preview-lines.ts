// What was recorded of what a rule looks at, as lines.
import { useMemo } from "react";
import { askableText } from "../../api/askable-text.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { businessLines, eventLines, type PreviewLines, systemLines } from "./preview-lines.ts";
import type { PreviewSource } from "./preview-source.ts";
import type { Backtest } from "./use-rule-trial.ts";

const FRESH_MS = 60_000;
const TWO_DAYS_S = 172_800;
const MAX_RECORDS = 10_000;

/** The lines over the range of a trial. */
export function usePreviewLines(source: PreviewSource, trial: Backtest) {
  const [from, to] = rangeOf(trial);
  const events = useEvents(source, trial);
  const metric = useMetric(source.kind, source.name, source.stepSeconds, trial);
  const divisor = useMetric(source.kind, source.divisor?.name ?? "", source.stepSeconds, trial);
  const lines = useMemo<PreviewLines>(() => {
    switch (source.kind) {
      case "events":
        return eventLines(events.data?.slices ?? [], source, from, to);
      case "system":
        return systemLines(metric.series, divisor.series, source);
      case "business":
        return businessLines(metric.records, divisor.records, source, from, to);
    }
  }, [source, from, to, events.data, metric.series, metric.records, divisor.series, divisor.records]);
  const isEventsPending = events.data === undefined && events.isFetching;
  return { lines, isPending: isEventsPending || metric.isPending || divisor.isPending };
}

/** The ends of a trial, in seconds since 1970. */
export function rangeOf({ start, end }: Backtest): readonly [number, number] {
  return [Date.parse(start) / 1_000, Date.parse(end) / 1_000];
}

function useEvents({ kind, symbol, stepSeconds }: PreviewSource, { start, end }: Backtest) {
  return useAnswer(
    "/api/telemetry/analytics/timeline",
    { start_time: start, end_time: end, symbol: askableText(symbol), step_seconds: stepSeconds },
    { enabled: kind === "events", freshMs: FRESH_MS },
  );
}

/** An empty name: nothing is asked. */
function useMetric(kind: PreviewSource["kind"], name: string, stepSeconds: number, trial: Backtest) {
  const metric_name = askableText(name) ?? "";
  const options = (of: PreviewSource["kind"]) => ({ enabled: kind === of && metric_name !== "", freshMs: FRESH_MS });
  const system = useAnswer(
    "/api/telemetry/system-metrics/timeline",
    { start_time: trial.start, end_time: trial.end, metric_name, step_seconds: stepSeconds },
    options("system"),
  );
  // What is said of a day is recorded after it.
  const early = new Date((rangeOf(trial)[0] - TWO_DAYS_S) * 1_000).toISOString();
  const business = useAnswer(
    "/api/telemetry/business-metrics",
    { start_time: early, end_time: trial.end, metric_name, limit: MAX_RECORDS },
    options("business"),
  );
  const isPending = [system, business].some(({ data, isFetching }) => data === undefined && isFetching);
  return { series: system.data?.series ?? NONE, records: business.data?.metrics ?? NONE, isPending };
}

const NONE: readonly never[] = Object.freeze([]);
