// Traces and log lines: what happened in a single flow.

import { DECISION_LINES, ORDER_LINES, TRACE_LINES, TROUBLE_LINES } from "./logql.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { logs, table, waterfall } from "./panels.ts";
import { logql, traceql } from "./targets.ts";
import { CHOSEN_FLOWS, traceQuery } from "./traceql.ts";

/** Lists of traces; the id of each opens it. */
export function traces(): PanelDraft[] {
  const shared = { unit: "ms", width: 12 } as const;
  return [
    table({
      ...shared,
      title: "Flows that traded",
      means: "The newest flows with an accepted decision; all of them are kept. A trace id opens the trace.",
      whenBad: "Open one and look below the last stage: the request to the venue, and what the venue answered.",
      noData: "no accepted flow in this time range",
      targets: [traceql(traceQuery("accepted"))],
    }),
    table({
      ...shared,
      title: "Flows that failed or were slow",
      means:
        "The newest flows that ended with an error, were slower than the limit, or came last before a halt; all are kept.",
      whenBad: "The red span is where it failed; the longest span is where the time went.",
      noData: "no failed or slow flow in this time range",
      targets: [traceql(traceQuery("failed|slow|marked|halt|crash"))],
    }),
    table({
      ...shared,
      title: "Slowest flows",
      means: "Kept flows of the chosen symbols that took longer than 10 ms from start to end.",
      whenBad:
        "Compare its longest span with the table of stages: the same stage means a cause, another one means chance.",
      noData: "no kept flow took longer than 10 ms",
      width: 24,
      targets: [traceql(`{ ${CHOSEN_FLOWS} && duration > 10ms }`, 30)],
    }),
  ];
}

/** Log lines of decisions, orders and trouble. */
export function logLines(): PanelDraft[] {
  return [
    logs({
      title: "Decisions",
      means: "Every decision with its reason and the edge it came from. The details of a line hold its trace id.",
      whenBad: "Filter by strategy and symbol above; the sentence says by how much which threshold was missed.",
      unit: "none",
      noData: "no decision in the logs of this time range",
      width: 12,
      targets: [logql(DECISION_LINES, "", 200)],
    }),
    logs({
      title: "Orders",
      means: "Requests to the venue, its answers, and changes of state. The details of a line hold its trace id.",
      whenBad: "A request without a result: its fate is unknown until the venue is asked.",
      unit: "none",
      noData: "no order in the logs of this time range",
      width: 12,
      targets: [logql(ORDER_LINES, "", 200)],
    }),
    logs({
      title: "Warnings and errors",
      means: "Warnings and errors of the chosen services, in their own words.",
      whenBad: "Its trace id leads to the flow it happened in.",
      unit: "none",
      noData: "no warning and no error in this time range",
      width: 24,
      targets: [logql(TROUBLE_LINES, "", 200)],
    }),
  ];
}

/** A single trace and all that was logged within it. */
export function oneTrace(): PanelDraft[] {
  return [
    waterfall({
      title: "Trace $trace_id",
      means: "The spans of the trace with the id above: flow, stages, requests, and what other services did for it.",
      whenBad:
        "Not found: its flow was not kept, or the trace is older than Tempo's retention. Its decision is in the journal all the same.",
      unit: "ms",
      noData: "paste a trace id into the variable Trace id",
      width: 24,
      targets: [traceql("$trace_id")],
    }),
    logs({
      title: "Logged within trace $trace_id",
      means: "All log lines that carry this trace id, of whatever service.",
      whenBad:
        "Nothing here although the trace exists: the service logs without Tracebook's instrumentation, or to elsewhere.",
      unit: "none",
      noData: "no line with this trace id in this time range",
      width: 24,
      targets: [logql(TRACE_LINES, "", 500)],
    }),
  ];
}
