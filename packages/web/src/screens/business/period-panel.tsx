// One business metric over its periods: bars, and the records with who they are attributed to.
import { useMemo } from "react";
import { askableText } from "../../api/askable-text.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { PeriodBars } from "../../charts/period-bars.tsx";
import { amountText, decimalText } from "../../format/decimal-text.ts";
import { titleText } from "../../format/name-text.ts";
import { AnswerState, Empty, Panel } from "../../ui/panel.tsx";
import {
  type BusinessMetric,
  businessSeries,
  identityKey,
  type MetricIdentity,
  periodText,
  shownUnit,
} from "./business-series.ts";
import styles from "./period-panel.module.css";

/** What is shown. */
export interface PeriodPanelProps {
  readonly className: string | undefined;
  readonly identity: MetricIdentity | undefined;
  readonly query: { readonly start_time: string; readonly end_time: string };
}

const MAX_RECORDS = 10_000;
const MAX_ROWS = 100;
/** Bars that can be told apart. */
const MAX_BARS = 120;

/** The panel. */
export function PeriodPanel({ className, identity, query }: PeriodPanelProps) {
  const wish = {
    ...query,
    limit: MAX_RECORDS,
    metric_name: askableText(identity?.metric_name),
    metric_category: askableText(identity?.metric_category),
    currency: askableText(identity?.currency),
  };
  const answer = useAnswer("/api/telemetry/business-metrics", wish, {
    freshMs: 30_000,
    everyMs: 30_000,
    enabled: identity !== undefined,
  });
  if (identity === undefined)
    return (
      <Panel className={className} title="No metric">
        <Empty>No figure of it in these periods. Choose one at the left.</Empty>
      </Panel>
    );
  return (
    <Panel
      className={className}
      title={titleText(identity.metric_name.slice(0, 255))}
      note={identity.metric_category}
      flush
    >
      <AnswerState answer={answer}>{({ metrics }) => <Periods identity={identity} metrics={metrics} />}</AnswerState>
    </Panel>
  );
}

function Periods({
  identity,
  metrics,
}: {
  readonly identity: MetricIdentity;
  readonly metrics: readonly BusinessMetric[];
}) {
  const key = identityKey(identity);
  const records = useMemo(() => metrics.filter((metric) => identityKey(metric) === key), [metrics, key]);
  const unit = shownUnit(identity);
  const bars = useMemo(
    () =>
      (businessSeries(records, metrics.length === MAX_RECORDS)[0]?.periods ?? []).slice(-MAX_BARS).map((period) => ({
        key: `${period.start} ${period.type}`,
        name: periodText(period),
        note: [period.type, noteOf(period.records, period.isSum)].filter((part) => part).join(", "),
        value: period.value,
        text: amountText(period.value, unit),
      })),
    [records, metrics.length, unit],
  );
  if (bars.length === 0) return <Empty>No figure of it in these periods.</Empty>;
  return (
    <div className={styles.content}>
      <div className={styles.bars}>
        <PeriodBars label={`${titleText(identity.metric_name)} by period`} bars={bars} />
      </div>
      <RecordTable records={records} />
    </div>
  );
}

function noteOf(records: number, isSum: boolean): string {
  if (records === 1) return "";
  return isSum ? `sum of ${records} records` : `the newest of ${records} records`;
}

function RecordTable({ records }: { readonly records: readonly BusinessMetric[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label="Records">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Period</th>
            <th scope="col">Value</th>
            <th scope="col">Of</th>
            <th scope="col">Calculated</th>
          </tr>
        </thead>
        <tbody>
          {records.slice(0, MAX_ROWS).map((record) => (
            <tr key={record.event_id}>
              <th scope="row">{periodText({ start: record.period_start })}</th>
              <td>{decimalText(record.metric_value)}</td>
              <td title={ownerOf(record)}>{ownerOf(record) || "–"}</td>
              <td>{record.calculation_method?.slice(0, 60) || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Whom or what a record is of: licence, user, and its tags. */
function ownerOf({ license_id: license, user_id: user, tags }: BusinessMetric): string {
  const parts = [license, user];
  if (Array.isArray(tags)) parts.push(...tags.map(String));
  else if (typeof tags === "object" && tags !== null) parts.push(...Object.values(tags).map(String));
  return parts
    .filter((part) => part !== null && part !== "")
    .join(" · ")
    .slice(0, 200);
}
