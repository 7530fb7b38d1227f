// One trace: its waterfall, what was said in it, the chosen span, the decision, and the way of its orders.
import { useEffect, useMemo, useState } from "react";
import { ApiProblem } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { buildSpanTree } from "../../charts/span-tree.ts";
import { timestampMicros } from "../../format/timestamp-micros.ts";
import { Empty, ErrorNote, Loading } from "../../ui/panel.tsx";
import type { Cards } from "./event-words.ts";
import type { TraceAnswer } from "./trace-answer.ts";
import { entriesBySpan, traceLog } from "./trace-log.ts";
import styles from "./trace-page.module.css";
import { TraceView } from "./trace-view.tsx";
import { useCards } from "./use-cards.ts";

const ID = /^[0-9a-f]{32}$/i;
/** Spans of other services may still be on their way: for so long after the last one the server is asked again. */
const YOUNG_MS = 60_000;
const AGAIN_MS = 5_000;

/** The page of the trace `id`. */
export function TracePage({ id }: { readonly id: string }) {
  const isId = ID.test(id);
  const [isYoung, setYoung] = useState(true);
  const { data, error, refetch } = useAnswer(
    "/api/telemetry/traces/{trace_id}",
    {},
    { values: { trace_id: id }, enabled: isId, everyMs: isYoung ? AGAIN_MS : false, freshMs: 60_000 },
  );
  const cards = useCards();
  const model = useMemo(() => (data === undefined ? undefined : modelOf(data, cards)), [data, cards]);
  useEffect(() => {
    if (model !== undefined) setYoung(Date.now() - model.lastMs < YOUNG_MS);
  }, [model]);
  if (!isId) return <Empty>“{id.slice(0, 80)}” is no trace id: it must be 32 hex digits.</Empty>;
  if (model?.isSomething === true) return <TraceView {...model} />;
  if (model !== undefined || isMissing(error))
    return (
      <Empty>
        <p className={styles.missing}>Nothing of the trace {id} is here.</p>
        <p>Its flow may not have been kept, may still be on its way, or was removed by the retention.</p>
      </Empty>
    );
  if (error !== null) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  return <Loading />;
}

function modelOf(data: TraceAnswer, cards: Cards) {
  const tree = buildSpanTree(data.spans);
  const entries = traceLog(tree, data.events, cards);
  const ends = [
    (tree.startMicros * 1000 + tree.duration) / 1e6,
    ...data.events.slice(-1).map(({ timestamp }) => timestampMicros(timestamp) / 1000),
  ];
  return {
    data,
    tree,
    entries,
    bySpan: entriesBySpan(entries),
    lastMs: Math.max(...ends.filter(Number.isFinite), 0),
    isSomething: data.spans.length + data.events.length + data.decisions.length > 0,
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404;
}
