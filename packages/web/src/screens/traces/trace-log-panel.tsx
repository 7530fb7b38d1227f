// Everything that was said in a trace, in order; a row leads to its span.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { durationText } from "../../format/duration-text.ts";
import { countText } from "../../format/number-text.ts";
import { Button } from "../../ui/button.tsx";
import { Mark } from "../../ui/mark.tsx";
import { Empty, Panel } from "../../ui/panel.tsx";
import type { LogEntry } from "./trace-log.ts";
import styles from "./trace-log-panel.module.css";
import type { TracePlace } from "./use-trace-place.ts";

/** What the list shows. */
export interface TraceLogPanelProps {
  readonly className: string | undefined;
  readonly entries: readonly LogEntry[];
  /** Those of the chosen span. */
  readonly selectedEntries: readonly LogEntry[] | undefined;
  readonly place: TracePlace;
  readonly orders: readonly string[];
}

const ROW = 26;
const MAX_SHOWN = 10_000;
const NONE: readonly LogEntry[] = [];

/** The list. */
export function TraceLogPanel({ className, entries, selectedEntries = NONE, place, orders }: TraceLogPanelProps) {
  const { isOnlySelected } = place;
  const shown = isOnlySelected ? selectedEntries : entries;
  const first = orders[0];
  return (
    <Panel
      className={className}
      title="Events and logs"
      note={isOnlySelected ? `${shown.length} of ${countText(entries.length)}` : noteOf(entries.length)}
      actions={
        <>
          <Button isOn={isOnlySelected} hint="l" onClick={() => place.setOnlySelected(!isOnlySelected)}>
            Only this span
          </Button>
          {first !== undefined && <Button onClick={() => place.setOrder(first)}>Order journey</Button>}
        </>
      }
      flush
    >
      {shown.length === 0 ? (
        <Empty>{isOnlySelected ? "This span says nothing." : "Nothing was said in this trace."}</Empty>
      ) : (
        <Entries entries={shown} place={place} />
      )}
    </Panel>
  );
}

function Entries({ entries, place }: { readonly entries: readonly LogEntry[]; readonly place: TracePlace }) {
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const chosen = place.selected?.span.span_id;
  const place0 = entries.findIndex(({ spanId }) => spanId === chosen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another span brings what it says into sight, and nothing else does.
  useEffect(() => {
    if (place.isChosen && place0 >= 0) rows.scrollToIndex(place0, { align: "auto" });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section ref={scroll} className={styles.scroll} tabIndex={0} aria-label="Events and logs in the order of time">
      <ol style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const entry = entries[index] as LogEntry;
          return (
            <li
              key={entry.key}
              style={{ transform: `translateY(${start}px)` }}
              data-chosen={entry.spanId !== undefined && entry.spanId === chosen}
              aria-setsize={entries.length}
              aria-posinset={index + 1}
            >
              <Entry entry={entry} onSelect={place.select} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Entry({ entry, onSelect }: { readonly entry: LogEntry; readonly onSelect: (spanId: string) => void }) {
  const { at, tone, title, line, service, spanId, hasSpan, kind } = entry;
  return (
    <button
      type="button"
      className={styles.row}
      disabled={!hasSpan}
      title={hasSpan ? "To its span" : spanId === undefined ? "It names no span" : `Its span ${spanId} is not here`}
      onClick={() => spanId !== undefined && onSelect(spanId)}
    >
      <span className={styles.at}>
        {at < 0 ? "" : "+"}
        {durationText(at / 1e6)}
      </span>
      <Mark tone={tone} size={9} />
      <span className={styles.title}>{title.slice(0, 120)}</span>
      <span className={styles.line}>{line}</span>
      <span className={styles.service}>{kind === "span event" ? "span event" : service.slice(0, 60)}</span>
    </button>
  );
}

function noteOf(count: number): string {
  return count >= MAX_SHOWN ? `${countText(count)}: the oldest of them` : countText(count);
}
