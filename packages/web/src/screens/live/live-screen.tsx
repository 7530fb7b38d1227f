// Live: what happens now, and the totals of the day.
import { memo, useMemo, useRef } from "react";
import type { Card } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { EventFeed } from "../../live/event-feed.ts";
import { filterKey, filterOf } from "../../live/event-filter.ts";
import { createFeedView } from "../../live/feed-view.ts";
import { useEventFeed, useFeedState } from "../../live/use-event-feed.ts";
import { useTotals } from "../../live/use-totals.ts";
import { Loading } from "../../ui/panel.tsx";
import { useParameter, useParameters } from "../../url/search-parameters.ts";
import { type TimeRange, useTimeRange } from "../../url/time-range.ts";
import { ActivityFeed } from "./activity-feed.tsx";
import { EventDrawer } from "./event-drawer.tsx";
import type { RowsHandle } from "./event-rows.tsx";
import styles from "./live-screen.module.css";
import { TileStrip } from "./tile-strip.tsx";
import { useFeedWalk } from "./use-feed-walk.ts";

/** The screen. */
export function LiveScreen() {
  const [parameters] = useParameters();
  const { range } = useTimeRange();
  const filter = filterOf(parameters, range);
  const feed = useEventFeed(filter, filterKey(filter, range.name));
  const isNarrow = [filter.runId, filter.userId, filter.category].some((value) => value !== "");
  const isWhole = filter.types.length !== 1 && !isNarrow;
  const live = useTotals(feed, filter.symbol, isWhole);
  const cards = useAnswer("/api/telemetry/desk", {}, { freshMs: 600_000 }).data?.cards ?? NO_CARDS;
  return (
    <div className={styles.screen}>
      <TileStrip live={live} range={range} symbol={filter.symbol} />
      {feed === undefined ? <Loading /> : <Feed feed={feed} range={range} cards={cards} />}
    </div>
  );
}

const NO_CARDS: Readonly<Record<string, Card>> = Object.freeze({});

/** Totals change more often than the feed does. */
const Feed = memo(function Feed({
  feed,
  range,
  cards,
}: {
  readonly feed: EventFeed;
  readonly range: TimeRange;
  readonly cards: Readonly<Record<string, Card>>;
}) {
  const state = useFeedState(feed);
  const [fold] = useParameter("fold");
  // The state is a new one with every change of the rows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is of the list as it is in this state.
  const view = useMemo(() => createFeedView(feed.list, fold !== "off"), [feed, state, fold]);
  const rows = useRef<RowsHandle>(null);
  const walk = useFeedWalk(feed, view, rows);
  return (
    <div className={styles.main} data-open={walk.opened !== undefined}>
      <ActivityFeed feed={feed} view={view} state={state} range={range} cards={cards} rows={rows} walk={walk} />
      {walk.opened !== undefined && (
        <EventDrawer
          key="drawer"
          eventKey={walk.opened}
          feed={feed}
          view={view}
          cards={cards}
          onClose={walk.leave}
          onWalk={walk.by}
        />
      )}
    </div>
  );
});
