// One event in full, beside the feed.
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import type { Card, StoredEvent } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { countText } from "../../format/number-text.ts";
import { momentText } from "../../format/time-text.ts";
import { cardOf } from "../../live/cards/card-of.ts";
import type { EventCard } from "../../live/cards/event-card.ts";
import type { EventFeed } from "../../live/event-feed.ts";
import type { FeedView } from "../../live/feed-view.ts";
import { readEvent } from "../../live/live-event.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { DataTree } from "../../ui/data-tree.tsx";
import { EventIcon } from "../../ui/event-icon.tsx";
import { Mark } from "../../ui/mark.tsx";
import { AnswerState } from "../../ui/panel.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { CopyButton } from "./copy-button.tsx";
import styles from "./event-drawer.module.css";
import { EventOrigin } from "./event-origin.tsx";
import { EventStory } from "./event-story.tsx";
import { EventTrace } from "./event-trace.tsx";

/** What the drawer is given. */
export interface EventDrawerProps {
  /** The row's key: the event's id, or one of this page alone. */
  readonly eventKey: number;
  readonly feed: EventFeed;
  readonly view: FeedView;
  readonly cards: Readonly<Record<string, Card>>;
  readonly onClose: () => void;
  readonly onWalk: (by: number) => void;
}

/** The drawer. */
export function EventDrawer({ eventKey, feed, view, cards, onClose, onWalk }: EventDrawerProps) {
  const listed = feed.list.row(feed.list.indexOf(eventKey))?.event;
  const answer = useAnswer(
    "/api/telemetry/events/{id}",
    {},
    { values: { id: eventKey }, enabled: listed === undefined && eventKey > 0, freshMs: 600_000 },
  );
  const event = listed ?? (answer.data?.id === eventKey ? readEvent(answer.data) : undefined);
  const card = event === undefined ? undefined : cardOf(event, cards);
  return (
    <section className={styles.drawer} aria-label="Event">
      <DrawerHead card={card} onClose={onClose} onWalk={onWalk} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className={styles.body} tabIndex={0} aria-label="Details">
        {event !== undefined && card !== undefined ? (
          <EventDetails
            key={eventKey}
            event={event}
            text={card.text}
            count={view.at(view.indexOf(eventKey))?.count ?? 1}
          />
        ) : eventKey > 0 ? (
          <AnswerState answer={answer}>{() => null}</AnswerState>
        ) : (
          <p className={styles.gone}>This event has no id of its own, and has left the feed.</p>
        )}
      </section>
    </section>
  );
}

function DrawerHead({
  card,
  onClose,
  onWalk,
}: Pick<EventDrawerProps, "onClose" | "onWalk"> & { readonly card: EventCard | undefined }) {
  const head = useRef<HTMLHeadingElement>(null);
  // Whoever opens it by key reads it next; j and k go on from here.
  useEffect(() => head.current?.focus({ preventScroll: true }), []);
  return (
    <header className={styles.head}>
      {card !== undefined && <Mark tone={card.tone} size={12} />}
      {card !== undefined && <EventIcon name={card.icon} size={16} />}
      <h2 ref={head} tabIndex={-1}>
        {card?.title ?? "Event"}
      </h2>
      <Button aria-label="Newer event" title="Newer (k)" onClick={() => onWalk(-1)}>
        <ChevronUp size={14} />
      </Button>
      <Button aria-label="Older event" title="Older (j)" onClick={() => onWalk(1)}>
        <ChevronDown size={14} />
      </Button>
      <Button aria-label="Close the event" title="Close (Esc)" onClick={onClose}>
        <X size={14} />
      </Button>
    </header>
  );
}

function EventDetails({
  event,
  text,
  count,
}: {
  readonly event: StoredEvent;
  readonly text: string;
  /** How many the row stands for that it is in. */
  readonly count: number;
}) {
  const [parameters, set] = useParameters();
  const { symbol, timestamp, event_type: type } = event;
  return (
    <>
      <p className={styles.when}>
        {symbol !== null && symbol !== "" && <Badge>{symbol.slice(0, 120)}</Badge>}
        <span>{timestamp === "" ? "without a time" : momentText(timestamp)}</span>
        {timestamp !== "" && <TimeAgo timestamp={timestamp} />}
      </p>
      {text !== "" && <p className={styles.text}>{text}</p>}
      {count > 1 && (
        <p className={styles.folded}>
          One of {countText(count)} in a row that say the same.
          <Button hint="f" onClick={() => set({ fold: "off" })}>
            Show each
          </Button>
        </p>
      )}
      {type === "decision" && event.id > 0 && (
        <p className={styles.link}>
          <Link href={sharedAddress(`/decisions/${event.id}`, parameters)}>Open this decision</Link>
        </p>
      )}
      <EventStory event={event} />
      <EventOrigin event={event} />
      {event.trace_id !== null && <EventTrace traceId={event.trace_id} eventId={event.id} />}
      <div className={styles.dataHead}>
        <h3>Data</h3>
        <CopyButton text={() => JSON.stringify(event, undefined, 2)} />
      </div>
      <DataTree data={event.data} />
    </>
  );
}
