// One row of the feed: what happened, in one line where there is room, else in two.
import { memo, useMemo } from "react";
import type { Card, StoredEvent } from "../../api/client.ts";
import { BulletBar } from "../../charts/bullet-bar.tsx";
import { decimalText } from "../../format/decimal-text.ts";
import { countText } from "../../format/number-text.ts";
import { clockText } from "../../format/time-text.ts";
import { cardOf } from "../../live/cards/card-of.ts";
import type { CardMeter } from "../../live/cards/event-card.ts";
import { Badge } from "../../ui/badge.tsx";
import { EventIcon } from "../../ui/event-icon.tsx";
import { Mark } from "../../ui/mark.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import styles from "./event-row.module.css";

/** An event. Drawn again only when it is another one: rows move, they do not change. */
export const EventRow = memo(function EventRow({
  event,
  count,
  cards,
}: {
  readonly event: StoredEvent;
  /** How many events in a row it stands for. */
  readonly count: number;
  readonly cards: Readonly<Record<string, Card>>;
}) {
  const card = useMemo(() => cardOf(event, cards), [event, cards]);
  return (
    <div className={styles.row} data-tone={card.tone} data-meter={card.meter !== undefined}>
      <Mark tone={card.tone} />
      <span className={styles.clock}>{clockText(event.timestamp)}</span>
      <span className={styles.icon}>
        <EventIcon name={card.icon} />
      </span>
      <span className={styles.title}>{card.title}</span>
      <span className={styles.symbol}>
        {event.symbol !== null && event.symbol !== "" && <Badge>{event.symbol.slice(0, 60)}</Badge>}
      </span>
      <span className={styles.detail}>
        {count > 1 && (
          <span
            className={styles.count}
            title={`${countText(count)} events in a row that say the same; this is the newest`}
          >
            ×{countText(count)}
          </span>
        )}
        {card.text !== "" && <span className={styles.text}>{card.text}</span>}
        {card.facts.map(({ name, text }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the elements of one event's facts serve those of the next.
          <span key={i} className={styles.fact}>
            <i>{name}</i> {text}
          </span>
        ))}
      </span>
      {card.meter !== undefined && <RowMeter meter={card.meter} />}
      <span className={styles.service}>{event.service_name?.slice(0, 60)}</span>
      <span className={styles.ago}>{event.timestamp === "" ? "no time" : <TimeAgo timestamp={event.timestamp} />}</span>
    </div>
  );
});

/** Events that did not come. */
export function GapRow({ skipped }: { readonly skipped: number }) {
  return (
    <div className={styles.gap}>
      <Mark tone="reject" size={8} />
      {countText(skipped)} {skipped === 1 ? "event" : "events"} skipped here: more came than the feed takes. They are in
      the store.
    </div>
  );
}

function RowMeter({ meter }: { readonly meter: CardMeter }) {
  const { name, value, threshold, unit, relation, isMet } = meter;
  return (
    <span className={styles.meter}>
      <span className={styles.figures} title={`${name} ${value} ${relation} ${threshold} ${unit}`}>
        <b data-tone={isMet ? "accept" : "reject"}>{decimalText(value.slice(0, 24))}</b> {relation}{" "}
        {decimalText(threshold.slice(0, 24))} {unit}
      </span>
      <BulletBar score={value} threshold={threshold} tone={isMet ? "accept" : "reject"} />
    </span>
  );
}
