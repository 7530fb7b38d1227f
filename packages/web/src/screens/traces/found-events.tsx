// Events of the range that contain a text, each with the way to its trace: how an order's id leads to what happened.
import { Link } from "wouter";
import type { StoredEvent } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Mark } from "../../ui/mark.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import type { TimeRange } from "../../url/time-range.ts";
import { type Cards, eventWords } from "./event-words.ts";
import styles from "./found-events.module.css";
import { listParameters } from "./trace-parameters.ts";
import { useCards } from "./use-cards.ts";

/** The events, newest first. */
export function FoundEvents({ text, range }: { readonly text: string; readonly range: TimeRange }) {
  const cards = useCards();
  const answer = useAnswer(
    "/api/telemetry/search",
    { text, start_time: range.startTime, end_time: range.endTime, limit: 100 },
    { freshMs: 30_000 },
  );
  const back = answer.data?.searched_back_to;
  return (
    <Panel
      className={styles.panel}
      title={`Events with “${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`}
      note={
        back === null || back === undefined ? range.label : `searched back to ${back.slice(0, 19).replace("T", " ")}`
      }
      flush
    >
      <AnswerState
        answer={answer}
        isEmpty={({ events }) => events.length === 0}
        empty="No event of this range contains it. Choose a longer range, or paste a trace id of 32 hex digits."
      >
        {({ events }) => (
          <ol className={styles.list}>
            {events.map((event) => (
              <FoundEvent key={event.id} event={event} cards={cards} />
            ))}
          </ol>
        )}
      </AnswerState>
    </Panel>
  );
}

function FoundEvent({ event, cards }: { readonly event: StoredEvent; readonly cards: Cards }) {
  const [parameters] = useParameters();
  const { trace_id: trace, span_id: span, data } = event;
  const { title, tone, line } = eventWords(event, cards);
  const order = data["client_order_id"];
  const more = {
    ...listParameters(parameters),
    span: span ?? undefined,
    order: typeof order === "string" ? order : undefined,
  };
  return (
    <li>
      <Mark tone={tone} size={9} />
      {trace === null ? (
        <span>{title}</span>
      ) : (
        <Link href={sharedAddress(`/traces/${trace}`, parameters, more)} data-row>
          {title}
        </Link>
      )}
      <span className={styles.line}>{line}</span>
      <span className={styles.quiet}>{event.service_name}</span>
      <span className={styles.quiet}>
        <TimeAgo timestamp={event.timestamp} />
      </span>
    </li>
  );
}
