// Rejects that nearly were accepted: how many, at which gates, and the newest of them.
import { Link } from "wouter";
import { countText } from "../../format/number-text.ts";
import { clockText } from "../../format/time-text.ts";
import { Mark } from "../../ui/mark.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { decisionAddress } from "./decision-address.ts";
import { missText } from "./margin.ts";
import styles from "./margins-panel.module.css";
import type { Margins } from "./use-margins.ts";

/** The near misses of a range. */
export function NearMisses({ margins: { near_misses: near } }: { readonly margins: Margins }) {
  const [parameters] = useParameters();
  const gates = near.by_gate
    .filter(({ count }) => count > 0)
    .map(({ gate, count }) => `${countText(count)} at ${gate}`);
  return (
    <div className={styles.near}>
      <p className={styles.summary}>
        <b>{countText(near.total)}</b> near {near.total === 1 ? "miss" : "misses"} within {near.within_percent} % of the
        threshold, of the newest {countText(near.examined)}
        {gates.length > 0 && <span>({gates.slice(0, 4).join(", ")})</span>}
      </p>
      <ul className={styles.list} aria-label="Near misses">
        {near.samples.map((miss) => (
          <li key={`${miss.event_id}/${miss.gate}`}>
            <Link href={decisionAddress(miss.event_id, parameters)}>
              <Mark tone="reject" size={9} />
              <time dateTime={miss.timestamp}>{clockText(miss.timestamp)}</time>
              <span className={styles.where}>
                {[miss.symbol, miss.gate === "edge" ? undefined : miss.gate].filter(Boolean).join(" · ")}
              </span>
              <span>{missText(miss.margin, miss.gate === "edge" ? miss.edge_unit : undefined)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
