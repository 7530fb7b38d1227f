// Flips both ways by a name: to the left what would be rejected, to the right what would be accepted.
import { countText } from "../../format/number-text.ts";
import styles from "./flip-bars.module.css";

/** The flips of a name. */
interface FlipItem {
  readonly name: string;
  readonly to_accept: number;
  readonly to_reject: number;
}

const MOST_ROWS = 8;

/** The bars, in the order they come in. */
export function FlipBars({ label, items }: { readonly label: string; readonly items: readonly FlipItem[] }) {
  const shown = items.filter((item) => item.to_accept + item.to_reject > 0).slice(0, MOST_ROWS);
  const most = Math.max(1, ...shown.flatMap((item) => [item.to_accept, item.to_reject]));
  const width = (count: number) => ({ width: `${(count / most) * 100}%` });
  return (
    <table className={styles.flips}>
      <caption>{label}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Would be rejected</th>
          <th scope="col">Would be accepted</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((item) => (
          <tr key={item.name}>
            <th scope="row" title={item.name}>
              {item.name === "" ? "(none)" : item.name.slice(0, 200)}
            </th>
            <td>
              <span className={styles.reject}>
                {item.to_reject > 0 && <i style={width(item.to_reject)} />}
                <b>{item.to_reject > 0 ? `\u2212${countText(item.to_reject)}` : ""}</b>
              </span>
            </td>
            <td>
              <span className={styles.accept}>
                {item.to_accept > 0 && <i style={width(item.to_accept)} />}
                <b>{item.to_accept > 0 ? `+${countText(item.to_accept)}` : ""}</b>
              </span>
            </td>
          </tr>
        ))}
        {shown.length === 0 && (
          <tr>
            <td className={styles.none} colSpan={3}>
              no flips
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
