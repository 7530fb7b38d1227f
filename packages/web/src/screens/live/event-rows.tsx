// The rows of the feed: only those are drawn that can be seen, however many there are.
import { type KeyboardEvent, type RefObject, useImperativeHandle, useLayoutEffect, useRef } from "react";
import type { Card } from "../../api/client.ts";
import type { EventFeed, FeedState } from "../../live/event-feed.ts";
import type { FeedRow } from "../../live/event-list.ts";
import type { FeedView } from "../../live/feed-view.ts";
import type { RangeName } from "../../url/time-range.ts";
import { EventRow, GapRow } from "./event-row.tsx";
import styles from "./event-rows.module.css";
import { FeedEnd } from "./feed-end.tsx";
import { scrollTopFor } from "./row-window.ts";
import { useRowHeight } from "./use-row-height.ts";
import { useRowWindow } from "./use-row-window.ts";

/** What others may ask of the rows. */
export interface RowsHandle {
  /** The index of the first row that can be seen whole. */
  firstVisible(): number;
  /** Brings a row into sight, and no farther. */
  show(index: number): void;
  /** To the newest. */
  toTop(): void;
  isAtTop(): boolean;
  focus(): void;
}

/** What the rows are given. */
export interface EventRowsProps {
  readonly feed: EventFeed;
  readonly view: FeedView;
  readonly state: FeedState;
  readonly cards: Readonly<Record<string, Card>>;
  /** The row that j and k have come to. */
  readonly cursor: number | undefined;
  readonly handle: RefObject<RowsHandle | null>;
  readonly onPick: (row: FeedRow) => void;
  readonly onScroll: (isAtTop: boolean) => void;
  readonly onArrow: (by: number) => void;
  readonly longer: readonly RangeName[];
  readonly onRange: (name: RangeName) => void;
}

/** The list. */
export function EventRows(props: EventRowsProps) {
  const { feed, view, state, cursor, onArrow, longer, onRange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight(scroller);
  const { first, end } = useRowWindow(scroller, rowHeight, view.length, OVERSCAN);
  const cursorIndex = cursor === undefined ? -1 : view.indexOf(cursor);
  useKeptPlace(scroller, rowHeight, cursorIndex);
  useImperativeHandle(props.handle, () => ({
    firstVisible: () => Math.ceil((scroller.current?.scrollTop ?? 0) / rowHeight),
    show(index) {
      const element = scroller.current;
      if (element === null) return;
      const { scrollTop, clientHeight: height } = element;
      element.scrollTop = scrollTopFor(index, { scrollTop, height, rowHeight });
    },
    toTop: () => scroller.current?.scrollTo({ top: 0 }),
    isAtTop: () => (scroller.current?.scrollTop ?? 0) < 1,
    focus: () => list.current?.focus({ preventScroll: true }),
  }));
  const scrolled = useLoadOlder(props, end - 1);
  const isCursorShown = cursorIndex >= first && cursorIndex < end && view.at(cursorIndex)?.row.key === cursor;
  const slotOf = useSlots(view, end - first);
  return (
    <div
      className={styles.scroller}
      ref={scroller}
      onScroll={({ currentTarget }) => scrolled(currentTarget.scrollTop < 1)}
    >
      <div
        className={styles.rows}
        ref={list}
        style={{ height: view.length * rowHeight }}
        role="listbox"
        aria-label="Events, newest first"
        aria-activedescendant={isCursorShown && cursor !== undefined ? rowId(cursor) : undefined}
        tabIndex={0}
        onKeyDown={(event) => walkByArrow(event, onArrow)}
      >
        {Array.from({ length: end - first }, (_, i) => (
          <ListRow
            key={slotOf(first + i)}
            {...props}
            index={first + i}
            start={(first + i) * rowHeight}
            height={rowHeight}
          />
        ))}
      </div>
      <FeedEnd
        state={state}
        isEmpty={view.length === 0}
        onMore={() => feed.loadOlder()}
        longer={longer}
        onRange={onRange}
      />
    </div>
  );
}

/** Rows are cheap to draw late and dear to draw for nothing: a fling would draw these anew with every frame. */
const OVERSCAN = 3;

function ListRow({
  view,
  cards,
  cursor,
  onPick,
  index,
  start,
  height,
}: EventRowsProps & { readonly index: number; readonly start: number; readonly height: number }) {
  const shown = view.at(index);
  if (shown === undefined) return null;
  const { row, count } = shown;
  const { event } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus, and Enter opens the active row.
    // biome-ignore lint/a11y/useFocusableInteractive: the same; the list says which one is active.
    <div
      id={rowId(row.key)}
      className={styles.row}
      role="option"
      aria-selected={row.key === cursor}
      aria-setsize={view.length}
      aria-posinset={index + 1}
      style={{ transform: `translateY(${start}px)`, height }}
      onClick={() => onPick(row)}
    >
      {event === undefined ? <GapRow skipped={row.skipped} /> : <EventRow event={event} count={count} cards={cards} />}
    </div>
  );
}

function walkByArrow(event: KeyboardEvent, onArrow: (by: number) => void): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  onArrow(by);
}

function rowId(key: number): string {
  return `event-${key}`;
}

/**
 * Places for rows: a row that leaves gives its elements to one that comes, instead of making new ones, which costs three times as much.
 * Counted from the oldest row on, so that a row keeps its place when new ones come in above it.
 */
function useSlots(view: FeedView, shownCount: number): (index: number) => number {
  const slots = useRef(0);
  slots.current = Math.max(slots.current, shownCount);
  return (index) => (view.length - 1 - index) % slots.current;
}

/**
 * Rows become higher or lower when the feed becomes narrower or wider: the row that somebody has come to stays where it is, or else the
 * first one that was seen.
 */
function useKeptPlace(scroller: RefObject<HTMLElement | null>, rowHeight: number, cursorIndex: number): void {
  const before = useRef(rowHeight);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || before.current === rowHeight) return;
    const { scrollTop, clientHeight } = element;
    const above = cursorIndex * before.current - scrollTop;
    const isCursorSeen = cursorIndex >= 0 && above >= 0 && above < clientHeight;
    const index = isCursorSeen ? cursorIndex : scrollTop / before.current;
    before.current = rowHeight;
    element.scrollTop = index * rowHeight - (isCursorSeen ? Math.min(above, clientHeight - rowHeight) : 0);
  });
}

/** Near the end of the list the next page of history is read. Gives what hears of scrolling. */
function useLoadOlder({ feed, view, state, onScroll }: EventRowsProps, lastIndex: number): (isAtTop: boolean) => void {
  const { older, isReady } = state;
  /** Pages since somebody scrolled: where a whole page folds into one row, history would be read to its end for nobody. */
  const pages = useRef(0);
  const isNear = lastIndex >= view.length - NEAR_END;
  const isWanted = isReady && isNear && older.kind === "idle" && older.searchedBackTo === undefined;
  useLayoutEffect(() => {
    if (!isWanted || pages.current >= MAX_PAGES) return;
    pages.current++;
    feed.loadOlder();
  }, [feed, isWanted]);
  return (isAtTop) => {
    pages.current = 0;
    onScroll(isAtTop);
  };
}

const NEAR_END = 40;
const MAX_PAGES = 5;
