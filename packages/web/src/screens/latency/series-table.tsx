// The table of a metric's series.
import type { ReactNode } from "react";
import { Panel } from "../../ui/panel.tsx";
import styles from "./metric-panels.module.css";

/** What the table shows. */
export interface SeriesTableProps {
  readonly note: string;
  readonly heads: readonly string[];
  /** Rows: the name as its head, then values. */
  readonly children: ReactNode;
}

/** The table in its panel. */
export function SeriesTable({ note, heads, children }: SeriesTableProps) {
  return (
    <Panel className={styles.table} title="Series" note={note} flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className={styles.scroll} tabIndex={0} aria-label="All series">
        <table>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </section>
    </Panel>
  );
}
