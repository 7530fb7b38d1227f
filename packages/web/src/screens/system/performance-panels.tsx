// How every metric of every service did, and the chosen one over time.
import { useMemo, useRef } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { useKeys } from "../../app/keys.ts";
import { countText } from "../../format/number-text.ts";
import { TextField } from "../../ui/button.tsx";
import { HowTo } from "../../ui/how-to.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameter } from "../../url/search-parameters.ts";
import { useSteadySpan } from "../../url/steady-span.ts";
import { MetricPanel } from "./metric-panel.tsx";
import { orderOf, type Performance, rowKey, sortRows } from "./performance-order.ts";
import styles from "./performance-panels.module.css";
import { PerformanceTable } from "./performance-table.tsx";

const NONE: readonly Performance[] = [];

/** The table and the chart beside it. */
export function PerformancePanels() {
  const { range, query, everyMs } = useSteadySpan();
  const answer = useAnswer("/api/telemetry/system-performance", query, { everyMs, freshMs: 15_000 });
  const [find = "", setFind] = useParameter("find");
  const [sort] = useParameter("sort");
  const [chosen, choose] = useParameter("metric");
  const all = answer.data?.metrics ?? NONE;
  const rows = useMemo(
    () =>
      sortRows(
        all.filter((row) => matches(row, find)),
        orderOf(sort),
      ),
    [all, find, sort],
  );
  const shown = all.find((row) => rowKey(row) === chosen) ?? (chosen === undefined ? rows[0] : undefined);
  const isEmpty = answer.data?.metrics.length === 0;
  const search = useRef<HTMLInputElement>(null);
  useKeys("System performance", [{ key: "/", what: "Find a metric", run: () => search.current?.focus() }]);
  return (
    <div className={isEmpty ? styles.alone : styles.columns}>
      <Panel
        className={styles.list}
        title="System performance"
        note={all.length === 0 ? range.label : `${countText(all.length)} in the ${range.label}`}
        actions={
          <TextField
            ref={search}
            label="Find by service or metric"
            placeholder="Find  ( / )"
            value={find}
            onChange={(text) => setFind(text, true)}
          />
        }
        flush
      >
        <AnswerState answer={answer}>
          {() =>
            all.length === 0 ? (
              <NoMetrics />
            ) : (
              <PerformanceTable
                rows={rows}
                chosen={shown === undefined ? undefined : rowKey(shown)}
                onChoose={(row) => choose(rowKey(row))}
              />
            )
          }
        </AnswerState>
      </Panel>
      {!isEmpty && (
        <MetricPanel className={styles.detail} row={shown} isKnown={answer.data !== undefined} name={chosen} />
      )}
    </div>
  );
}

function NoMetrics() {
  return (
    <HowTo
      lead="No metric of a system in this range."
      text="Every metric that comes by OTLP is here, and whatever a service records by itself:"
      line={
        'tradingEvents.systemMetric.emit({ metric_name: "queue_depth", metric_type: "gauge", metric_value: 3, metric_unit: "{order}" });'
      }
    />
  );
}

function matches({ service_name: service, metric_name: metric }: Performance, find: string): boolean {
  const text = `${service ?? ""} ${metric}`.toLowerCase();
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
