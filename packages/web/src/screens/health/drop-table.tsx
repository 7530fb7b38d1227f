// What was lost on the way, as the services count it themselves.
import type { Health } from "../../app/use-health.ts";
import { countText } from "../../format/number-text.ts";
import { Mark } from "../../ui/mark.tsx";
import styles from "./health.module.css";

/** The table, or the good news. */
export function DropTable({ dropped }: { readonly dropped: Health["dropped"] }) {
  if (dropped.length === 0)
    return (
      <p className={styles.good}>
        <Mark tone="accept" />
        Nothing was dropped in the last 24 hours.
      </p>
    );
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col" className={styles.left}>
            What
          </th>
          <th scope="col" className={styles.left}>
            Reason
          </th>
          <th scope="col">Dropped in 24 h</th>
        </tr>
      </thead>
      <tbody>
        {dropped.map(({ service_name: service, what, reason, count }) => (
          <tr key={`${service} ${what} ${reason}`}>
            <th scope="row">
              <span className={styles.name}>
                <Mark tone="reject" size={8} />
                {service || "unnamed"}
              </span>
            </th>
            <td className={styles.left}>{what || "–"}</td>
            <td className={styles.code}>{reason || "–"}</td>
            <td>{countText(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
