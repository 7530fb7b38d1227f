// What arrives by OTLP: a row for each signal.
import type { Health } from "../../app/use-health.ts";
import { countText } from "../../format/number-text.ts";
import { Mark } from "../../ui/mark.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import styles from "./health.module.css";
import { rateText } from "./rate-text.ts";

const SIGNALS = [
  ["traces", "Traces", "spans"],
  ["logs", "Logs and events", "records"],
  ["metrics", "Metrics", "points"],
] as const;

/** The table. */
export function SignalTable({
  signals,
  rates,
}: {
  readonly signals: Health["signals"];
  readonly rates: Readonly<Record<string, number>>;
}) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Signal</th>
          <th scope="col">A second</th>
          <th scope="col">Accepted</th>
          <th scope="col">Rejected</th>
          <th scope="col">Requests</th>
          <th scope="col">Refused requests</th>
          <th scope="col">Last</th>
        </tr>
      </thead>
      <tbody>
        {SIGNALS.map(([key, title, items]) => {
          const signal = signals[key];
          return (
            <tr key={key}>
              <th scope="row">{title}</th>
              <td>{rateText(rates[key])}</td>
              <td>
                {countText(signal.accepted)} <small>{items}</small>
              </td>
              <td>{countText(signal.rejected)}</td>
              <td>{countText(signal.requests)}</td>
              <td>
                <Refused reasons={signal.refused_requests} />
              </td>
              <td>{signal.last_received === null ? "never" : <TimeAgo timestamp={signal.last_received} />}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Refused({ reasons }: { readonly reasons: Readonly<Record<string, number>> }) {
  const entries = Object.entries(reasons).filter(([, count]) => count > 0);
  if (entries.length === 0) return "none";
  return (
    <span className={styles.refused}>
      <Mark tone="reject" size={8} />
      {entries.map(([reason, count]) => `${reason} ${countText(count)}`).join(", ")}
    </span>
  );
}
