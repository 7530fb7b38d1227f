// The parts of a trace side by side, with one span chosen in all of them.
import { useCallback, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import { serviceColors } from "../../charts/service-colors.ts";
import { placeSight, SpanMinimap } from "../../charts/span-minimap.tsx";
import type { SpanTick } from "../../charts/span-ticks.ts";
import type { SpanTree } from "../../charts/span-tree.ts";
import { SpanWaterfall } from "../../charts/span-waterfall.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty, Panel } from "../../ui/panel.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { OrderJourney } from "./order-journey.tsx";
import { orderIds } from "./order-steps.ts";
import { SpanDetail } from "./span-detail.tsx";
import type { TraceAnswer } from "./trace-answer.ts";
import { TraceHead } from "./trace-head.tsx";
import type { LogEntry } from "./trace-log.ts";
import { TraceLogPanel } from "./trace-log-panel.tsx";
import { listParameters } from "./trace-parameters.ts";
import styles from "./trace-view.module.css";
import { useTraceKeys } from "./use-trace-keys.ts";
import { type TracePlace, useTracePlace } from "./use-trace-place.ts";

/** A trace, worked out. */
export interface TraceViewProps {
  readonly data: TraceAnswer;
  readonly tree: SpanTree;
  readonly entries: readonly LogEntry[];
  readonly bySpan: ReadonlyMap<string, readonly LogEntry[]>;
}

/** Traces with more rows have a minimap. */
const LONG = 30;
const NO_TICKS: readonly SpanTick[] = [];

/** The view. */
export function TraceView({ data, tree, entries, bySpan }: TraceViewProps) {
  const [parameters] = useParameters();
  const [, navigate] = useLocation();
  const place = useTracePlace(tree);
  const detail = useRef<HTMLDivElement>(null);
  const back = sharedAddress("/traces", parameters, listParameters(parameters));
  useTraceKeys(place, detail, () => navigate(back));
  const colorOf = useMemo(() => serviceColors(tree.nodes.map(({ span }) => span.service_name)), [tree]);
  const orders = useMemo(() => orderIds(data), [data]);
  return (
    <div className={styles.view}>
      <TraceHead data={data} tree={tree} colorOf={colorOf} back={back} />
      <div className={styles.left}>
        <WaterfallPanel tree={tree} place={place} colorOf={colorOf} bySpan={bySpan} />
        {place.order === undefined ? (
          <TraceLogPanel
            className={styles.below}
            entries={entries}
            place={place}
            orders={orders}
            selectedEntries={bySpan.get(place.selected?.span.span_id ?? "")}
          />
        ) : (
          <OrderJourney className={styles.below} orderId={place.order} data={data} place={place} orders={orders} />
        )}
      </div>
      <SpanDetail
        ref={detail}
        className={styles.side}
        tree={tree}
        place={place}
        data={data}
        orders={orders}
        entries={bySpan.get(place.selected?.span.span_id ?? "")}
      />
    </div>
  );
}

interface WaterfallPanelProps {
  readonly tree: SpanTree;
  readonly place: TracePlace;
  readonly colorOf: (service: string) => string;
  readonly bySpan: TraceViewProps["bySpan"];
}

function WaterfallPanel({ tree, place, colorOf, bySpan }: WaterfallPanelProps) {
  const { nodes, closed, selected, window, isWhole } = place;
  const sight = useRef<HTMLElement>(null);
  // Written past React: whoever scrolls through ten thousand rows must not draw everything anew for each of them.
  const onScroll = useCallback((first: number, last: number) => placeSight(sight.current, first, last), []);
  const ticks = useMemo(
    () =>
      new Map([...bySpan].map(([id, said]) => [id, said.map(({ at, tone }) => ({ at, isError: tone === "error" }))])),
    [bySpan],
  );
  const ticksOf = useCallback((id: string) => ticks.get(id) ?? NO_TICKS, [ticks]);
  return (
    <Panel
      className={nodes.length > LONG ? styles.waterfall : styles.short}
      title="Waterfall"
      note="solid: own time · pale: in children · dashed: nothing recorded"
      actions={
        <>
          {!isWhole && (
            <Button hint="0" onClick={() => place.setWindow(undefined)}>
              Whole trace
            </Button>
          )}
          {closed.size > 0 ? (
            <Button onClick={() => place.setClosed(new Set())}>Open all</Button>
          ) : (
            tree.nodes.length > 1 && (
              <Button onClick={() => place.setClosed(new Set(outermostParents(tree)))}>Close all</Button>
            )
          )}
        </>
      }
      flush
    >
      {nodes.length === 0 ? (
        <Empty>No spans: the flow was measured, but its trace was not kept. What was recorded is below.</Empty>
      ) : (
        <div className={styles.rows}>
          {tree.nodes.length > LONG && (
            <SpanMinimap {...{ nodes, window, sight, colorOf }} duration={tree.duration} onWindow={place.setWindow} />
          )}
          <SpanWaterfall
            {...{ tree, nodes, closed, selected, window, colorOf, ticksOf, onScroll }}
            onSelect={place.select}
            onToggle={place.toggle}
          />
        </div>
      )}
    </Panel>
  );
}

/** Closing a span hides what is below it: only those directly below a root need to be closed. */
function outermostParents({ nodes }: SpanTree): string[] {
  return nodes.filter(({ depth, children }) => depth === 1 && children.length > 0).map(({ span }) => span.span_id);
}
