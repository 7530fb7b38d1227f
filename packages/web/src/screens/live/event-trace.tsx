// The trace that an event belongs to, and the decisions that were made in it.
import { Link } from "wouter";
import { useAnswer } from "../../api/use-answer.ts";
import { amountText } from "../../format/decimal-text.ts";
import { durationText } from "../../format/duration-text.ts";
import { titleText } from "../../format/name-text.ts";
import { countText } from "../../format/number-text.ts";
import { decisionTone, Mark } from "../../ui/mark.tsx";
import { AnswerState } from "../../ui/panel.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import styles from "./event-trace.module.css";

/** The trace in two lines, with the way to it. */
export function EventTrace({ traceId, eventId }: { readonly traceId: string; readonly eventId: number }) {
  const [parameters] = useParameters();
  const isId = TRACE_ID.test(traceId);
  const answer = useAnswer(
    "/api/telemetry/traces/{trace_id}",
    {},
    { values: { trace_id: traceId }, enabled: isId, freshMs: 10_000 },
  );
  if (!isId) return null;
  return (
    <div className={styles.trace}>
      <h3>Trace</h3>
      <AnswerState answer={answer}>
        {({ trace_id: id, spans, decisions, events }) =>
          id !== traceId.toLowerCase() ? null : (
            <>
              {spans[0] === undefined ? (
                <p className={styles.quiet}>
                  No spans of it are here: they are on their way, or the trace was not kept.
                </p>
              ) : (
                <p className={styles.line}>
                  <Link href={sharedAddress(`/traces/${id}`, parameters)}>
                    {spans[0].operation_name || "(no name)"}
                  </Link>
                  <span>{durationText(spans[0].duration_ms)}</span>
                  <span className={styles.quiet}>
                    {countText(spans.length)} {spans.length === 1 ? "span" : "spans"}, {countText(events.length)}{" "}
                    {events.length === 1 ? "event" : "events"}
                  </span>
                </p>
              )}
              {decisions
                .filter(({ event_id: decided }) => decided !== eventId)
                .slice(0, MAX_DECISIONS)
                .map((decision) => (
                  <p key={decision.event_id} className={styles.line}>
                    <Mark tone={decisionTone(decision.decision)} />
                    <Link href={sharedAddress(`/decisions/${decision.event_id}`, parameters)}>
                      {titleText(decision.reason_code)}
                    </Link>
                    <span>{amountText(decision.net_edge, decision.edge_unit)}</span>
                    <span className={styles.quiet}>{decision.strategy}</span>
                  </p>
                ))}
            </>
          )
        }
      </AnswerState>
      <p className={styles.id}>{traceId}</p>
    </div>
  );
}

const TRACE_ID = /^[0-9a-f]{32}$/i;
const MAX_DECISIONS = 5;
