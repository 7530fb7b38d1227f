// What business metrics add up to: by category, and never across units or currencies. One of them is chosen.
import { useRef } from "react";
import type { Answer } from "../../api/client.ts";
import { decimalText } from "../../format/decimal-text.ts";
import { titleText } from "../../format/name-text.ts";
import { countText } from "../../format/number-text.ts";
import { useRowWalk } from "../../ui/use-row-walk.ts";
import { type BusinessSeries, identityKey, shownUnit } from "./business-series.ts";
import styles from "./total-table.module.css";

/** A total. */
export type Total = Answer<"/api/telemetry/business-totals">["totals"][number];

const MAX_ROWS = 500;

/** The table; a click on a row shows its periods. */
export function TotalTable({
  totals,
  series,
  chosen,
  onChoose,
}: {
  readonly totals: readonly Total[];
  /** What is known of their periods: a total of averages says little, their newest one does. */
  readonly series: readonly BusinessSeries[];
  readonly chosen: string | undefined;
  readonly onChoose: (key: string) => void;
}) {
  const list = useRef<HTMLElement>(null);
  useRowWalk("Totals", "metric", list);
  const newest = new Map(series.map(({ key, periods }) => [key, periods.at(-1)?.value]));
  const groups = Map.groupBy(totals.slice(0, MAX_ROWS), ({ metric_category: category }) => category ?? "");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section ref={list} className={styles.scroll} tabIndex={0} aria-label="Totals">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Newest</th>
            <th scope="col">Total</th>
            <th scope="col">Unit</th>
            <th scope="col">Records</th>
            <th scope="col">Licences</th>
          </tr>
        </thead>
        {[...groups].map(([category, rows]) => (
          <tbody key={category}>
            <tr className={styles.category}>
              <th scope="rowgroup" colSpan={6}>
                {titleText(category.slice(0, 100)) || "No category"}
              </th>
            </tr>
            {rows.map((total) => (
              <Row
                key={identityKey(total)}
                total={total}
                newest={newest.get(identityKey(total))}
                isChosen={identityKey(total) === chosen}
                onChoose={() => onChoose(identityKey(total))}
              />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Row({
  total,
  newest,
  isChosen,
  onChoose,
}: {
  readonly total: Total;
  readonly newest: string | undefined;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <tr data-chosen={isChosen} onClick={onChoose}>
      <th scope="row">
        <button
          type="button"
          data-row
          aria-pressed={isChosen}
          title={total.metric_name.slice(0, 255)}
          onClick={(event) => {
            event.stopPropagation();
            onChoose();
          }}
        >
          {titleText(total.metric_name.slice(0, 255))}
        </button>
      </th>
      <td className={styles.newest}>{newest === undefined ? "–" : decimalText(newest)}</td>
      <td className={styles.value} title={decimalText(total.total_value)}>
        {decimalText(total.total_value)}
      </td>
      <td>{shownUnit(total).slice(0, 40) || "–"}</td>
      <td>{countText(total.records)}</td>
      <td>{total.active_licenses === 0 ? "–" : countText(total.active_licenses)}</td>
    </tr>
  );
}
