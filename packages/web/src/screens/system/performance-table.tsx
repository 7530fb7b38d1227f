// System metrics by service: sorted by any column, one of them chosen.
import { useRef } from "react";
import { toUcum } from "../../format/metric-unit.ts";
import { countText } from "../../format/number-text.ts";
import { unitName, unitText } from "../../format/unit-text.ts";
import { Empty } from "../../ui/panel.tsx";
import { useRowWalk } from "../../ui/use-row-walk.ts";
import { useParameter } from "../../url/search-parameters.ts";
import { COLUMNS, directionOf, orderOf, orderText, type Performance, rowKey } from "./performance-order.ts";
import styles from "./performance-table.module.css";

const MAX_ROWS = 500;

/** The table. */
export function PerformanceTable({
  rows,
  chosen,
  onChoose,
}: {
  readonly rows: readonly Performance[];
  /** The key of the row that is shown beside. */
  readonly chosen: string | undefined;
  readonly onChoose: (row: Performance) => void;
}) {
  const list = useRef<HTMLElement>(null);
  useRowWalk("System performance", "metric", list);
  if (rows.length === 0) return <Empty>No metric is called like that.</Empty>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section ref={list} className={styles.scroll} tabIndex={0} aria-label="Metrics of services">
      <table className={styles.table}>
        <Head />
        <tbody>
          {rows.slice(0, MAX_ROWS).map((row) => {
            const unit = toUcum(row.metric_unit);
            // What is counted stands beside the name: words at every figure would be a wall.
            const what = unitName(unit).slice(0, 40);
            const text = unitText(what === "" ? unit : "");
            const key = rowKey(row);
            return (
              <tr key={key} data-chosen={key === chosen} onClick={() => onChoose(row)}>
                <td title={row.service_name?.slice(0, 200)}>{row.service_name?.slice(0, 100) || "–"}</td>
                <th scope="row">
                  <button
                    type="button"
                    data-row
                    aria-pressed={key === chosen}
                    title={row.metric_name.slice(0, 255)}
                    onClick={(event) => {
                      event.stopPropagation();
                      onChoose(row);
                    }}
                  >
                    <span>{row.metric_name.slice(0, 255)}</span>
                    {what !== "" && <small>{what}</small>}
                  </button>
                </th>
                <td>{countText(row.samples)}</td>
                <td>{text(short(row.avg_value))}</td>
                <td>{text(short(row.max_value))}</td>
                <td className={styles.large}>{text(short(row.p95_value))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Head() {
  const [sort, setSort] = useParameter("sort");
  const order = orderOf(sort);
  return (
    <thead>
      <tr>
        {COLUMNS.map(([column, title]) => {
          const isSorted = column === order.column;
          const direction = directionOf(order);
          return (
            <th key={column} scope="col" aria-sort={isSorted ? direction : undefined}>
              <button type="button" title={`Sort by ${title}`} onClick={() => setSort(orderText(order, column), true)}>
                {title}
                <span aria-hidden="true">{isSorted ? (direction === "ascending" ? " ▲" : " ▼") : ""}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** Four digits are as many as anybody compares. */
function short(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
}
