// The newest figure of the metrics that matter most, with its course over the periods.
import { PeriodSpark } from "../../charts/period-spark.tsx";
import { decimalText, drawnNumber } from "../../format/decimal-text.ts";
import { titleText } from "../../format/name-text.ts";
import { type BusinessSeries, periodText, shownUnit } from "./business-series.ts";
import styles from "./figure-strip.module.css";

const MAX_FIGURES = 6;
/** Longer ones are written smaller, so that all of their digits are there. */
const LONG = 12;

/** The strip; a click shows that metric below. */
export function FigureStrip({
  series,
  chosen,
  onChoose,
}: {
  readonly series: readonly BusinessSeries[];
  readonly chosen: string | undefined;
  readonly onChoose: (key: string) => void;
}) {
  if (series.length === 0) return null;
  const shown = [...series].sort((a, b) => rankOf(a) - rankOf(b)).slice(0, MAX_FIGURES);
  return (
    <section className={styles.strip} aria-label="Newest figures">
      <h2 className="visually-hidden">Newest figures</h2>
      {shown.map((one) => (
        <Figure key={one.key} series={one} isChosen={one.key === chosen} onChoose={() => onChoose(one.key)} />
      ))}
    </section>
  );
}

/** Users and revenue first, as dashboards have them; the rest as it came. */
function rankOf({ identity: { metric_name: name, metric_category: category } }: BusinessSeries): number {
  if (/active_users/i.test(name)) return 0;
  if (/revenue|pnl/i.test(`${name} ${category ?? ""}`)) return 1;
  return 2;
}

function Figure({
  series: { identity, periods },
  isChosen,
  onChoose,
}: {
  readonly series: BusinessSeries;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const last = periods.at(-1);
  if (last === undefined) return null;
  const value = decimalText(last.value);
  const title = titleText(identity.metric_name.slice(0, 60));
  const note = `${last.type ?? ""} ${periodText(last)}`.trim();
  return (
    <div className={styles.figure} data-chosen={isChosen}>
      <button type="button" aria-pressed={isChosen} title={`Show ${title} below`} onClick={onChoose}>
        {title}
      </button>
      <p title={`${value} ${shownUnit(identity)}`}>
        <strong data-long={value.length > LONG}>{value}</strong> <small>{shownUnit(identity).slice(0, 20)}</small>
      </p>
      <PeriodSpark
        label={`${title} of ${periods.length} periods`}
        values={periods.map((period) => drawnNumber(period.value))}
      />
      <p className={styles.note}>{note}</p>
    </div>
  );
}
