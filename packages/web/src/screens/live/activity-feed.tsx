// The activity feed: filters, state, rows, and what holds new rows back while somebody reads.
import { Pause, Play } from "lucide-react";
import { type RefObject, useRef } from "react";
import type { Card } from "../../api/client.ts";
import { useKeys } from "../../app/keys.ts";
import type { EventFeed, FeedState } from "../../live/event-feed.ts";
import type { FeedView } from "../../live/feed-view.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorNote, Loading } from "../../ui/panel.tsx";
import { useParameter, useParameters } from "../../url/search-parameters.ts";
import { RANGES, type RangeName, type TimeRange } from "../../url/time-range.ts";
import styles from "./activity-feed.module.css";
import { EventRows, type RowsHandle } from "./event-rows.tsx";
import { FeedEmpty } from "./feed-empty.tsx";
import { EVIDENCE, FeedFilters } from "./feed-filters.tsx";
import { FeedStatus } from "./feed-status.tsx";
import { rangeText } from "./range-text.ts";
import { fromValue, toValue } from "./type-choices.ts";
import type { FeedWalk } from "./use-feed-walk.ts";

/** What the feed is given. */
export interface ActivityFeedProps {
  readonly feed: EventFeed;
  readonly view: FeedView;
  readonly state: FeedState;
  readonly range: TimeRange;
  readonly cards: Readonly<Record<string, Card>>;
  readonly rows: RefObject<RowsHandle | null>;
  readonly walk: FeedWalk;
}

/** The feed. */
export function ActivityFeed(props: ActivityFeedProps) {
  const { feed, view, state, range, walk } = props;
  const [fold, setFold] = useParameter("fold");
  const toggleFold = () => setFold(fold === "off" ? undefined : "off");
  const search = useRef<HTMLInputElement>(null);
  const pause = () => feed.hold("pause", !state.isPaused);
  useFeedKeys(walk, search, pause, toggleFold);
  return (
    <section className={styles.feed} aria-label="Activity">
      <header className={styles.head}>
        <h2>Activity</h2>
        <div className={styles.filters}>
          <FeedFilters range={range} search={search} />
          <Button isOn={fold !== "off"} hint="f" title="Show what repeats itself as one row (f)" onClick={toggleFold}>
            Fold
          </Button>
          <Button isOn={state.isPaused} hint="space" onClick={pause}>
            {state.isPaused ? <Play size={13} aria-hidden="true" /> : <Pause size={13} aria-hidden="true" />}
            {state.isPaused ? "Resume" : "Pause"}
          </Button>
        </div>
      </header>
      <FeedStatus
        state={state}
        isFixed={range.name === undefined}
        eventCount={feed.list.length}
        rowCount={view.length}
        oldest={feed.list.row(feed.list.length - 1)?.event?.timestamp ?? ""}
        onHome={walk.home}
      />
      <FeedBody {...props} />
    </section>
  );
}

function FeedBody({ feed, view, state, range, cards, rows, walk }: ActivityFeedProps) {
  const [parameters, set] = useParameters();
  if (state.problem !== undefined) return <ErrorNote error={state.problem} onRetry={() => feed.restart()} />;
  if (!state.isReady)
    return (
      <div className={styles.late}>
        <Loading />
      </div>
    );
  const further = {
    longer: longerRanges(range),
    onRange: (name: RangeName) => set({ range: name, from: undefined, to: undefined }),
  };
  if (feed.list.length === 0 && state.older.kind === "end")
    return (
      <FeedEmpty
        hasFilter={FILTERS.some((name) => parameters.has(name))}
        rangeLabel={rangeText(range)}
        newest={state.newest}
        onClear={() => set(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
        {...further}
      />
    );
  return (
    <EventRows
      feed={feed}
      view={view}
      state={state}
      cards={cards}
      cursor={walk.cursor}
      handle={rows}
      onPick={walk.pick}
      onScroll={walk.scrolled}
      onArrow={walk.by}
      {...further}
    />
  );
}

function useFeedKeys(
  walk: FeedWalk,
  search: RefObject<HTMLInputElement | null>,
  pause: () => void,
  toggleFold: () => void,
): void {
  const [parameters, set] = useParameters();
  const type = { type: parameters.get("type") ?? undefined, show: parameters.get("show") ?? undefined };
  const evidence = () => set({ ...fromValue(toValue(type) === EVIDENCE ? "" : EVIDENCE) });
  useKeys("Live", [
    { key: "/", what: "Find text in events", run: () => search.current?.focus() },
    { key: " ", what: "Pause or resume", run: pause },
    { key: "j", what: "Next event (in the list also ↓)", run: () => walk.by(1) },
    { key: "k", what: "Previous event (in the list also ↑)", run: () => walk.by(-1) },
    { key: "Enter", what: "Open the event", run: walk.open },
    { key: "Escape", what: "Close the event", run: walk.leave },
    { key: "Home", what: "Back to the newest, and resume", run: walk.home },
    { key: "e", what: "Evidence alone: decisions and orders", run: evidence },
    { key: "f", what: "Fold what repeats itself, or show each", run: toggleFold },
  ]);
}

/** What is offered where the range has nothing more. */
function longerRanges({ from, to }: TimeRange): readonly RangeName[] {
  return (["24h", "30d"] as const).filter((name) => RANGES[name].seconds > to - from);
}

const FILTERS = ["type", "show", "symbol", "run", "user", "category", "text"];
