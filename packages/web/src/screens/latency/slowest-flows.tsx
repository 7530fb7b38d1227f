// The slowest flows of the range that were kept, each a click from its trace.
import { useMemo, useRef } from "react";
import { Link } from "wouter";
import type { TraceSummary } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { createLogScale, type LogScale } from "../../charts/log-scale.ts";
import { durationText } from "../../format/duration-text.ts";
import { clockText } from "../../format/time-text.ts";
import { Mark } from "../../ui/mark.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useRowWalk } from "../../ui/use-row-walk.ts";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { flowFacts } from "../traces/flow-facts.ts";
import styles from "./slowest-flows.module.css";

/** What is listed. */
export interface SlowestFlowsProps {
  /** Only this one; undefined: there is none. */
  readonly flow: string | undefined;
  /** False: which one it is will be known soon. */
  readonly isKnown: boolean;
  readonly className: string | undefined;
}

/** The list. */
export function SlowestFlows({ flow, isKnown, className }: SlowestFlowsProps) {
  const { range } = useTimeRange();
  const [parameters] = useParameters();
  const list = useRef<HTMLOListElement>(null);
  useRowWalk("Slowest flows", "flow", list);
  const query = {
    start_time: range.startTime,
    end_time: range.endTime,
    symbol: parameters.get("symbol") ?? undefined,
    operation: flow,
    sort: "slowest" as const,
    limit: 50,
  };
  const answer = useAnswer("/api/telemetry/traces", query, { enabled: isKnown });
  const traces = answer.data?.traces;
  const scale = useMemo(() => createLogScale(traces?.map(({ root }) => root.duration_ms) ?? []), [traces]);
  const all = sharedAddress("/traces", parameters, { sort: "slowest", operation: flow });
  return (
    <Panel
      className={className}
      title="Slowest flows"
      note={flow === undefined ? "of kept traces" : `${flow}, of kept traces`}
      actions={<Link href={all}>All</Link>}
      flush
    >
      <AnswerState
        answer={answer}
        isEmpty={(data) => data.traces.length === 0}
        empty="No trace of it was kept in this range. Choose a longer one, or raise TELEMETRY_SAMPLE_RATIO."
      >
        {(data) => (
          <ol ref={list} className={styles.list}>
            {data.traces.map((trace) => (
              <SlowFlow key={trace.trace_id} trace={trace} scale={scale} />
            ))}
          </ol>
        )}
      </AnswerState>
    </Panel>
  );
}

function SlowFlow({ trace, scale }: { readonly trace: TraceSummary; readonly scale: LogScale }) {
  const [parameters] = useParameters();
  const { trace_id: id, root, error_count: errors } = trace;
  const { symbol, reasonCode } = flowFacts(root);
  return (
    <li>
      <Link href={sharedAddress(`/traces/${id}`, parameters)} className={styles.row} data-row>
        <b>{durationText(root.duration_ms)}</b>
        <span className={styles.what}>
          {errors > 0 && <Mark tone="error" size={8} />}
          {errors > 0 && <span className="visually-hidden">with an error:</span>}
          <span>{(symbol ?? root.operation_name).slice(0, 80)}</span>
          <i>{reasonCode?.slice(0, 80)}</i>
        </span>
        <time dateTime={root.start_time}>{clockText(root.start_time).slice(0, 8)}</time>
        <s style={{ width: `${scale.share(root.duration_ms) * 100}%` }} aria-hidden="true" />
      </Link>
    </li>
  );
}
