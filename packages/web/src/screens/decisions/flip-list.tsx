// The decisions that would have come out the other way, newest first.
import { Link } from "wouter";
import { amountText } from "../../format/decimal-text.ts";
import { clockText, momentText } from "../../format/time-text.ts";
import { decisionTone, Mark } from "../../ui/mark.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { decisionAddress } from "./decision-address.ts";
import styles from "./flip-list.module.css";
import type { WhatIfAnswer } from "./what-if-result.tsx";

/** The list: at most as many as the server gives. */
export function FlipList({ result: { samples, flips } }: { readonly result: WhatIfAnswer }) {
  const [parameters] = useParameters();
  const total = flips.to_accept + flips.to_reject;
  if (samples.length === 0) return <p className={styles.none}>No decision comes out the other way.</p>;
  return (
    <div className={styles.scroller}>
      <table className={styles.flips}>
        <caption>{samples.length < total ? `The newest ${samples.length} flips` : "Flips, newest first"}</caption>
        <thead>
          <tr>
            <th scope="col">Time, UTC</th>
            <th scope="col">Was, would be</th>
            <th scope="col">Symbol</th>
            <th scope="col">Reason</th>
            <th scope="col">Net edge</th>
            <th scope="col">Threshold</th>
          </tr>
        </thead>
        <tbody>
          {samples.map((flip) => (
            <tr key={flip.event_id}>
              <td>
                <Link href={decisionAddress(flip.event_id, parameters)} title={momentText(flip.timestamp)}>
                  {clockText(flip.timestamp)}
                </Link>
              </td>
              <td>
                <span className={styles.words}>
                  <Mark tone={decisionTone(flip.decision)} size={9} /> {flip.decision} →{" "}
                  <Mark tone={decisionTone(flip.new_decision)} size={9} /> {flip.new_decision}
                </span>
              </td>
              <td>{flip.symbol}</td>
              <td title={`${flip.reason_code} → ${flip.new_reason_code}`}>
                {flip.decision === "ACCEPT" ? flip.new_reason_code : flip.reason_code}
              </td>
              <Change before={flip.net_edge} after={flip.new_net_edge} unit={flip.edge_unit} />
              <Change before={flip.min_threshold} after={flip.new_min_threshold} unit={flip.edge_unit} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change({
  before,
  after,
  unit,
}: {
  readonly before: string | null;
  readonly after: string | null;
  readonly unit: string | null;
}) {
  if (before === after) return <td>{before === null ? "" : amountText(before, unit)}</td>;
  return (
    <td>
      {amountText(before, undefined)} → <ins>{amountText(after, unit)}</ins>
    </td>
  );
}
