// The stages of a flow in their order, by the spans of its recent traces.
import { mergeOrders } from "../../queries/merge-orders.ts";
import { requiredText } from "../../queries/query-values.ts";
import { newestFirst, oldestFirst } from "./span-columns.ts";
import type { Statements } from "./statements.ts";

interface FlowSpan {
  readonly trace_id: string;
  readonly span_id: string;
  readonly scope: string | null;
}

const LONGEST_NAME = 1_000;
const TRACES = 50;
/** Entries of traces that are looked at. */
const MAX_ENTRIES = 100_000;
/** Spans that are looked at for a flow that is never the entry of its trace. */
const MAX_SPANS = 10_000;
/** Of one trace. */
const MAX_CHILDREN = 2_000;

/** Flows that begin a trace, or come in from another service. */
const ENTRIES = `SELECT trace_id, span_id, scope FROM (
    SELECT t.start_time, t.id, t.trace_id, t.span_id, t.scope, t.operation_name FROM traces AS t
    WHERE t.parent_span_id IS NULL OR t.span_kind IN (2, 5) ORDER BY ${newestFirst("t")} LIMIT ${MAX_ENTRIES}
  ) AS c WHERE c.operation_name = $flow ORDER BY ${newestFirst("c")} LIMIT ${TRACES}`;

/** Flows within others, or within a request that some instrumentation has traced: of the newest spans. */
const INNER = `SELECT trace_id, span_id, scope FROM (
    SELECT t.start_time, t.id, t.trace_id, t.span_id, t.scope, t.operation_name FROM traces AS t
    ORDER BY ${newestFirst("t")} LIMIT ${MAX_SPANS}
  ) AS c WHERE c.operation_name = $flow ORDER BY ${newestFirst("c")} LIMIT ${TRACES}`;

/** What whoever made the flow's span made within it; a flow within a flow bears the stage that it reached, and a stage does not. */
const STAGES = `SELECT operation_name AS stage FROM (
    SELECT id, span_id, start_time, start_nanos, parent_span_id, span_kind, scope, operation_name, tags FROM traces
    WHERE trace_id = $traceId LIMIT ${MAX_CHILDREN}
  ) AS c WHERE c.parent_span_id = $spanId AND c.span_kind IN (0, 1) AND c.scope IS NOT DISTINCT FROM $scope::text
    AND NOT c.tags ? 'trading.stage'
  ORDER BY ${oldestFirst("c")}`;

/** Cost: looks at up to 100,000 entries, 10,000 spans where the flow is none of them, and the spans of 50 traces. */
export async function stageOrder(statements: Statements, flow: string): Promise<readonly string[]> {
  const parameters = { flow: requiredText("flow", flow, LONGEST_NAME) };
  let spans = await statements.all<FlowSpan>(ENTRIES, parameters);
  if (spans.length === 0) spans = await statements.all<FlowSpan>(INNER, parameters);
  const orders: (readonly string[])[] = [];
  for (const span of spans) orders.push(await stagesOf(statements, span));
  return mergeOrders(orders);
}

async function stagesOf(
  statements: Statements,
  { trace_id: traceId, span_id: spanId, scope }: FlowSpan,
): Promise<readonly string[]> {
  const rows = await statements.all<{ stage: string }>(STAGES, { traceId, spanId, scope });
  return rows.map((row) => row.stage);
}
