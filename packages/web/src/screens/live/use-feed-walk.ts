// Walking through the feed: the row somebody has come to, the one that is open, and when the feed goes on.
import { type RefObject, useState } from "react";
import type { EventFeed } from "../../live/event-feed.ts";
import type { FeedRow } from "../../live/event-list.ts";
import type { FeedView } from "../../live/feed-view.ts";
import { useParameter } from "../../url/search-parameters.ts";
import type { RowsHandle } from "./event-rows.tsx";

/** Where somebody is, and how they go on. */
export interface FeedWalk {
  /** The key of the row; undefined: none. */
  readonly cursor: number | undefined;
  /** The key of the row that is open beside the feed; undefined: none. */
  readonly opened: number | undefined;
  by(rows: number): void;
  /** Opens the row that the cursor is on. */
  open(): void;
  pick(row: FeedRow): void;
  /** Closes what is open, else gives up the cursor. */
  leave(): void;
  /** To the newest, and on with the feed. */
  home(): void;
  scrolled(isAtTop: boolean): void;
}

/** The walk through a feed; what is open is in the address. */
export function useFeedWalk(feed: EventFeed, view: FeedView, rows: RefObject<RowsHandle | null>): FeedWalk {
  const [parameter, setParameter] = useParameter("event");
  const opened = keyOf(parameter);
  const [place, setPlace] = useState<{ readonly feed: EventFeed; readonly key: number }>();
  // In another feed somebody begins anew.
  const walked = place?.feed === feed ? place?.key : undefined;
  const cursor = walked ?? opened;
  const stand = (row: FeedRow): void => {
    setPlace({ feed, key: row.key });
    feed.hold("reading", true);
  };
  const goTo = (row: FeedRow, index: number): void => {
    stand(row);
    rows.current?.show(index);
    if (document.activeElement === document.body) rows.current?.focus();
    if (opened !== undefined && row.event !== undefined) setParameter(String(row.key), true);
  };
  return {
    cursor,
    opened,
    by(count) {
      const at = cursor === undefined ? -1 : view.indexOf(cursor);
      const wanted = at < 0 ? (rows.current?.firstVisible() ?? 0) : at + count;
      const index = Math.max(0, Math.min(view.length - 1, wanted));
      const row = view.at(index)?.row;
      if (row !== undefined) goTo(row, index);
    },
    open() {
      const row = cursor === undefined ? undefined : view.at(view.indexOf(cursor))?.row;
      if (row?.event !== undefined) setParameter(String(row.key));
    },
    pick(row) {
      stand(row);
      if (row.event !== undefined) setParameter(row.key === opened ? undefined : String(row.key));
    },
    leave() {
      if (opened !== undefined) {
        setParameter(undefined);
        return rows.current?.focus();
      }
      setPlace(undefined);
      if (rows.current?.isAtTop() === true) feed.hold("reading", false);
    },
    home() {
      setPlace(undefined);
      rows.current?.toTop();
      feed.hold("pause", false);
      feed.hold("reading", false);
    },
    scrolled(isAtTop) {
      if (!isAtTop) feed.hold("reading", true);
      else if (walked === undefined) feed.hold("reading", false);
    },
  };
}

function keyOf(parameter: string | undefined): number | undefined {
  return parameter !== undefined && /^-?\d{1,15}$/.test(parameter) ? Number(parameter) : undefined;
}
