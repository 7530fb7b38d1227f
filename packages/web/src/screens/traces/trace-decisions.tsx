// The decisions of a trace in short: verdict, reason, and the edge as it was recorded.
import { Link } from "wouter";
import type { Decision } from "../../api/client.ts";
import { amountText, decimalText } from "../../format/decimal-text.ts";
import { Badge } from "../../ui/badge.tsx";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { decisionTone } from "../../ui/mark.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import styles from "./trace-decisions.module.css";

const MAX_SHOWN = 10;

/** The parts of an edge that are taken off its gross. */
const COSTS = [
  ["fees_est", "fees"],
  ["slippage_est", "slippage"],
  ["gas_est", "gas"],
  ["latency_buffer", "latency buffer"],
] as const;

/** The decisions, each with the way to its own page. */
export function TraceDecisions({ decisions }: { readonly decisions: readonly Decision[] }) {
  const [parameters] = useParameters();
  return (
    <section className={styles.decisions} aria-label="Decisions">
      {decisions.slice(0, MAX_SHOWN).map((decision) => (
        <article key={decision.event_id}>
          <p className={styles.verdict}>
            <Badge tone={decisionTone(decision.decision)}>{decision.decision.slice(0, 20)}</Badge>
            <span>{decision.reason_code.slice(0, 80)}</span>
            <Link href={sharedAddress(`/decisions/${decision.event_id}`, parameters)}>Decision</Link>
          </p>
          {decision.net_edge !== null && <Edge decision={decision} />}
        </article>
      ))}
      {decisions.length > MAX_SHOWN && <p className={styles.more}>and {decisions.length - MAX_SHOWN} more</p>}
    </section>
  );
}

function Edge({ decision }: { readonly decision: Decision }) {
  const { edge_unit: unit, gross_edge: gross, net_edge: net, min_threshold: threshold } = decision;
  return (
    <>
      <p className={styles.net}>
        <b>
          <BreakableText text={amountText(net, unit)} />
        </b>{" "}
        <BreakableText text={threshold === null ? "net" : `net against ${amountText(threshold, unit)}`} />
      </p>
      <p className={styles.sum}>
        <BreakableText
          text={[
            `${gross === null ? "–" : decimalText(gross)} gross`,
            ...COSTS.flatMap(([name, words]) => {
              const cost = decision[name];
              return cost === null ? [] : [`− ${decimalText(cost)} ${words}`];
            }),
          ].join(" ")}
        />
      </p>
    </>
  );
}
