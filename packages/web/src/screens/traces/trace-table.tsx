// Traces in rows: when, what, who, how long on one scale for all, what came of it.
import { useMemo } from "react";
import { Link } from "wouter";
import type { TraceSummary } from "../../api/client.ts";
import { createLogScale, type LogScale } from "../../charts/log-scale.ts";
import { durationText } from "../../format/duration-text.ts";
import { countText } from "../../format/number-text.ts";
import { clockText, momentText } from "../../format/time-text.ts";
import { Badge } from "../../ui/badge.tsx";
import { decisionTone, Mark } from "../../ui/mark.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { type FlowFacts, flowFacts } from "./flow-facts.ts";
import { listParameters } from "./trace-parameters.ts";
import styles from "./trace-table.module.css";

/** Services that have room; the rest is counted. */
const MAX_SERVICES = 3;
/** Words that have room at the scale. */
const MAX_DECADES = 4;

/** The table; the operation is the link, and the row leads there too. */
export function TraceTable({
  traces,
  withDay,
}: {
  readonly traces: readonly TraceSummary[];
  /** They may be of several days. */
  readonly withDay: boolean;
}) {
  const [parameters] = useParameters();
  const scale = useMemo(() => createLogScale(traces.map(({ root }) => root.duration_ms)), [traces]);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Began (UTC)</th>
          <th scope="col">Operation</th>
          <th scope="col">Symbol</th>
          <th scope="col">Services</th>
          <th scope="col" colSpan={2} className={styles.scale}>
            <ScaleWords scale={scale} />
          </th>
          <th scope="col" className={styles.number}>
            Spans
          </th>
          <th scope="col" className={styles.number}>
            Errors
          </th>
          <th scope="col">Decision</th>
          <th scope="col">Reason</th>
          <th scope="col">Kept for</th>
        </tr>
      </thead>
      <tbody>
        {traces.map((trace) => (
          <TraceRow
            key={trace.trace_id}
            trace={trace}
            scale={scale}
            withDay={withDay}
            href={sharedAddress(`/traces/${trace.trace_id}`, parameters, listParameters(parameters))}
          />
        ))}
      </tbody>
    </table>
  );
}

function TraceRow({
  trace,
  scale,
  withDay,
  href,
}: {
  readonly trace: TraceSummary;
  readonly scale: LogScale;
  readonly withDay: boolean;
  readonly href: string;
}) {
  const { root, span_count: spans, error_count: errors, services } = trace;
  const facts = flowFacts(root);
  return (
    <tr>
      <td title={momentText(root.start_time)}>
        {withDay && <span className={styles.quiet}>{root.start_time.slice(5, 10)} </span>}
        {clockText(root.start_time)}
      </td>
      <th scope="row" className={styles.operation}>
        <Link href={href} data-row>
          {root.operation_name === "" ? "(no name)" : root.operation_name.slice(0, 200)}
        </Link>{" "}
        <span className={styles.quiet}>{trace.trace_id.slice(0, 8)}</span>
      </th>
      <td>{facts.symbol?.slice(0, 40)}</td>
      <td className={styles.services} title={services.join(", ").slice(0, 1_000)}>
        {services
          .slice(0, MAX_SERVICES)
          .map((service) => service.slice(0, 60) || "(no name)")
          .join(", ")}
        {services.length > MAX_SERVICES && ` + ${services.length - MAX_SERVICES}`}
      </td>
      <td className={styles.duration}>{durationText(root.duration_ms)}</td>
      <td className={styles.bar}>
        <i style={{ width: `${scale.share(root.duration_ms) * 100}%` }} data-error={errors > 0} />
      </td>
      <td className={styles.number}>{spans >= 10_000 ? "≥ 10,000" : countText(spans)}</td>
      <td className={styles.number}>
        {errors > 0 && (
          <span className={styles.errors}>
            <Mark tone="error" size={9} /> {countText(errors)}
          </span>
        )}
      </td>
      <OutcomeCells facts={facts} />
    </tr>
  );
}

function OutcomeCells({ facts }: { readonly facts: FlowFacts }) {
  const { decision, reason, reasonCode, keepReason } = facts;
  return (
    <>
      <td>{decision !== undefined && <Badge tone={decisionTone(decision)}>{decision.slice(0, 20)}</Badge>}</td>
      <td className={styles.reason} title={reason?.slice(0, 1_000)}>
        {reasonCode?.slice(0, 80)}
      </td>
      <td className={styles.quiet}>{keepReason?.slice(0, 40)}</td>
    </>
  );
}

function ScaleWords({ scale }: { readonly scale: LogScale }) {
  const every = Math.ceil((scale.decades.length - 1) / MAX_DECADES);
  return (
    <span className={styles.decades}>
      <span>Duration</span>
      {scale.decades
        .slice(0, -1)
        .filter((_, i) => i % every === 0)
        .map((decade) => (
          <span key={decade} style={{ left: `calc(72px + (100% - 72px) * ${scale.share(decade)})` }}>
            {durationText(decade).replace(/\.0+(?= )/, "")}
          </span>
        ))}
    </span>
  );
}
