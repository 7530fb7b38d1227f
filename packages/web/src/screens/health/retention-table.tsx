// What is kept how long, and when something was last removed.
import type { Health } from "../../app/use-health.ts";
import { titleText } from "../../format/name-text.ts";
import { countText } from "../../format/number-text.ts";
import { TimeAgo } from "../../ui/time-ago.tsx";
import styles from "./health.module.css";

/** The table. */
export function RetentionTable({ retention }: { readonly retention: Health["retention"] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Kept</th>
          <th scope="col">Last clean-up</th>
          <th scope="col">Removed</th>
        </tr>
      </thead>
      <tbody>
        {retention.map(({ what, keep_days: days, last_cleanup: last, last_removed: removed }) => (
          <tr key={what}>
            <th scope="row">{titleText(what)}</th>
            <td>{days === null ? "for ever" : `${countText(days)} ${days === 1 ? "day" : "days"}`}</td>
            <td>{last === null ? "not yet" : <TimeAgo timestamp={last} />}</td>
            <td>{countText(removed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
