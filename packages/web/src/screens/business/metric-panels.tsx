// Business metrics: the newest figures, totals by category, and the chosen one over its periods.
import { useMemo } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { Segments } from "../../ui/button.tsx";
import { HowTo } from "../../ui/how-to.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameter } from "../../url/search-parameters.ts";
import { businessSeries, identityKey } from "./business-series.ts";
import { FigureStrip } from "./figure-strip.tsx";
import styles from "./metric-panels.module.css";
import { PeriodPanel } from "./period-panel.tsx";
import { type Total, TotalTable } from "./total-table.tsx";
import { SPANS, type SpanName, usePeriodSpan } from "./use-period-span.ts";

/** Figures come seldom. */
const EVERY_MS = 30_000;
/** Records that are looked at for the figures on top. */
const MAX_RECORDS = 10_000;
const NONE: readonly Total[] = [];

/** The panels. */
export function MetricPanels() {
  const { days, query, setDays } = usePeriodSpan();
  const options = { everyMs: EVERY_MS, freshMs: EVERY_MS };
  const answer = useAnswer("/api/telemetry/business-totals", query, options);
  const records = useAnswer("/api/telemetry/business-metrics", { ...query, limit: MAX_RECORDS }, options).data?.metrics;
  const series = useMemo(() => businessSeries(records ?? [], records?.length === MAX_RECORDS), [records]);
  const [chosen, choose] = useParameter("metric");
  const totals = answer.data?.totals ?? NONE;
  const shown = totals.find((total) => identityKey(total) === chosen) ?? (chosen === undefined ? totals[0] : undefined);
  const key = shown === undefined ? undefined : identityKey(shown);
  const spans = Object.entries(SPANS) as [SpanName, string][];
  return (
    <>
      <FigureStrip series={series} chosen={key} onChoose={choose} />
      <div className={totals.length === 0 ? styles.alone : styles.columns}>
        <Panel
          className={styles.totals}
          title="Totals by category"
          note={`periods that began in the last ${days} days`}
          actions={
            <Segments
              label="Periods of the last"
              value={days}
              options={spans.map(([value, text]) => ({ value, text }))}
              onChange={setDays}
            />
          }
          flush
        >
          <AnswerState answer={answer}>
            {() =>
              totals.length === 0 ? (
                <NoMetrics />
              ) : (
                <TotalTable totals={totals} series={series} chosen={key} onChoose={choose} />
              )
            }
          </AnswerState>
        </Panel>
        {totals.length > 0 && <PeriodPanel className={styles.period} identity={shown} query={query} />}
      </div>
    </>
  );
}

function NoMetrics() {
  return (
    <HowTo
      lead="No figure of the business in these periods."
      text="A program records one figure for each period, its value as decimal text:"
      line={
        'tradingEvents.businessMetric.emit({ metric_name: "realized_pnl", metric_category: "trading", metric_value: "49.99",\n' +
        '  metric_unit: "USDT", currency: "USDT", period_start: "2026-11-20", period_end: "2026-11-21", period_type: "daily" });'
      }
    />
  );
}
