// Every metric that arrives: a list to choose from, and the chosen one over time.
import { type ReactNode, useMemo, useRef } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { useKeys } from "../../app/keys.ts";
import { countText } from "../../format/number-text.ts";
import { TextField } from "../../ui/button.tsx";
import { AnswerState, Empty, Panel } from "../../ui/panel.tsx";
import { useRowWalk } from "../../ui/use-row-walk.ts";
import { useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { noLabels } from "./label-parameters.ts";
import { MetricDetail } from "./metric-detail.tsx";
import type { MetricEntry } from "./metric-entry.ts";
import styles from "./metric-explorer.module.css";

/** The explorer. `tabs`: how one gets to the other view. */
export function MetricExplorer({ tabs }: { readonly tabs: ReactNode }) {
  const { range } = useTimeRange();
  const [parameters, set] = useParameters();
  const time = { start_time: range.startTime, end_time: range.endTime };
  const answer = useAnswer("/api/telemetry/metrics", time, { freshMs: 10_000 });
  const find = parameters.get("find") ?? "";
  const all = answer.data?.metrics;
  const shown = useMemo(() => (all ?? []).filter((metric) => matches(metric, find)), [all, find]);
  const name = parameters.get("metric") ?? shown[0]?.name;
  const search = useRef<HTMLInputElement>(null);
  useKeys("Metrics", [{ key: "/", what: "Find a metric", run: () => search.current?.focus() }]);
  const field = (
    <TextField
      ref={search}
      label="Find a metric by its name or description"
      placeholder={all === undefined ? "Find  ( / )" : `Find in ${countText(all.length)}  ( / )`}
      value={find}
      onChange={(value) => set({ find: value }, { replace: true })}
    />
  );
  return (
    <div className={styles.explorer}>
      <Panel className={styles.list} title="Metrics" actions={field} flush>
        <AnswerState
          answer={answer}
          isEmpty={({ metrics }) => metrics.length === 0}
          empty="No metric has arrived in this range. Send them by OTLP/HTTP to /v1/metrics."
        >
          {() => <MetricRows metrics={shown} name={name} />}
        </AnswerState>
      </Panel>
      <div className={styles.detail}>
        {name === undefined ? (
          <Panel title="No metric" actions={tabs}>
            <Empty>Choose a metric at the left.</Empty>
          </Panel>
        ) : (
          <MetricDetail key={name} name={name} entry={all?.find((metric) => metric.name === name)} tabs={tabs} />
        )}
      </div>
    </div>
  );
}

/** The list; `name` is the one that is shown. */
function MetricRows({
  metrics,
  name,
}: {
  readonly metrics: readonly MetricEntry[];
  readonly name: string | undefined;
}) {
  const [parameters, set] = useParameters();
  const list = useRef<HTMLOListElement>(null);
  useRowWalk("Metrics", "metric", list);
  if (metrics.length === 0) return <Empty>No metric is called like that.</Empty>;
  return (
    <ol ref={list} className={styles.rows}>
      {metrics.map((metric) => (
        <li key={metric.name}>
          <button
            type="button"
            data-row
            aria-pressed={metric.name === name}
            title={metric.description.slice(0, 400)}
            // The labels of one metric are not those of another.
            onClick={() => set({ ...noLabels(parameters), metric: metric.name })}
          >
            <span className={styles.name}>{metric.name.slice(0, 255)}</span>
            <span className={styles.kind}>
              {metric.type}, {countText(metric.series)} series
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function matches({ name, description }: MetricEntry, find: string): boolean {
  const text = `${name} ${description}`.toLowerCase();
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
