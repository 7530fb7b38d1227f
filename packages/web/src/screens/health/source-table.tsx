// Who sends: services and their instances, newest first, quiet ones marked.

import type { Health } from "../../app/use-health.ts";
import { useNow } from "../../app/use-now.ts";
import { Mark } from "../../ui/mark.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import styles from "./health.module.css";

/** A service that says nothing for so long is quiet. */
const QUIET_MS = 120_000;

/** The table. */
export function SourceTable({ sources }: { readonly sources: Health["sources"] }) {
  const now = useNow();
  const sorted = sources.toSorted((a, b) => ((b.last_timestamp ?? "") < (a.last_timestamp ?? "") ? -1 : 1));
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col" className={styles.left}>
            Instance
          </th>
          <th scope="col">Last record</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ service_name: service, instance_id: instance, last_timestamp: last }) => {
          const isQuiet = last === null || now - Date.parse(last) > QUIET_MS;
          return (
            <tr key={`${service} ${instance}`}>
              <th scope="row" title={service}>
                <span className={styles.name}>
                  <Mark tone={isQuiet ? "neutral" : "accept"} size={8} />
                  {service || "unnamed"}
                </span>
              </th>
              <td className={styles.code} title={instance}>
                {instance || "–"}
              </td>
              <td>
                {last === null ? "no events" : <TimeAgo timestamp={last} />}
                {isQuiet && <span className="visually-hidden"> (quiet)</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
