// The stages of a flow in their order, by the spans of its recent traces.

import { mergeOrders } from "../../queries/merge-orders.ts";
import { requiredText } from "../../queries/query-values.ts";
import { FIRST_TIMESTAMP } from "./event-scope.ts";
import type { Statements } from "./statements.ts";

interface FlowSpan {
  readonly trace_id: string;
  readonly span_id: string;
  readonly scope: string | null;
}

const LONGEST_NAME = 1_000;
const TRACES = 50;
/** Entries of traces that are looked at, in their index. */
const MAX_ENTRIES = 100_000;
/** Spans that are looked at for a flow that is never the entry of its trace: rows are read. */
const MAX_SPANS = 10_000;
/** Of one trace. */
const MAX_CHILDREN = 2_000;

/** Flows that begin a trace, or come in from another service. */
const ENTRIES = `SELECT t.trace_id, t.span_id, t.scope FROM (
    SELECT id, start_time, operation_name FROM traces INDEXED BY idx_traces_roots
    WHERE (parent_span_id IS NULL OR span_kind IN (2, 5)) AND start_time >= $first ORDER BY start_time DESC, id DESC LIMIT ${MAX_ENTRIES}
  ) AS c CROSS JOIN traces AS t ON t.id = c.id WHERE c.operation_name = $flow
  ORDER BY c.start_time DESC, c.id DESC LIMIT ${TRACES}`;

/** Flows within others, or within a request that some instrumentation has traced. */
const INNER = `SELECT trace_id, span_id, scope FROM (
    SELECT id, start_time, trace_id, span_id, scope, operation_name FROM traces INDEXED BY idx_traces_start
    WHERE start_time >= $first ORDER BY start_time DESC LIMIT ${MAX_SPANS}
  ) AS c WHERE c.operation_name = $flow ORDER BY c.start_time DESC, c.id DESC LIMIT ${TRACES}`;

/** What whoever made the flow's span made within it; a flow within a flow bears the stage that it reached, and a stage does not. */
const STAGES = `SELECT operation_name AS stage FROM (
    SELECT id, start_time, start_nanos, parent_span_id, span_kind, scope, operation_name, tags FROM traces
    WHERE trace_id = $traceId LIMIT ${MAX_CHILDREN}
  ) AS c WHERE c.parent_span_id = $spanId AND c.span_kind IN (0, 1) AND c.scope IS $scope
    AND instr(c.tags, '"trading.stage"') = 0
  ORDER BY c.start_time, c.start_nanos, c.id`;

/** Cost: looks at up to 100,000 entries of an index, 10,000 rows where the flow is none of them, and the spans of 50 traces. */
export function stageOrder(statements: Statements, flow: string): readonly string[] {
  const parameters = { flow: requiredText("flow", flow, LONGEST_NAME), first: FIRST_TIMESTAMP };
  let spans = statements.all<FlowSpan>(ENTRIES, parameters);
  if (spans.length === 0) spans = statements.all<FlowSpan>(INNER, parameters);
  return mergeOrders(spans.map((span) => stagesOf(statements, span)));
}

function stagesOf(statements: Statements, { trace_id: traceId, span_id: spanId, scope }: FlowSpan): readonly string[] {
  return statements.all<{ stage: string }>(STAGES, { traceId, spanId, scope }).map((row) => row.stage);
}
