// The feed of a filter in a component: another filter is another feed.
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ask } from "../api/client.ts";
import { createEventFeed, type EventFeed, type FeedState } from "./event-feed.ts";
import type { EventFilter } from "./event-filter.ts";
import { browserClock } from "./feed-clock.ts";

/** The feed; undefined before the first drawing. `key` says which filter it is: only another one makes another feed. */
export function useEventFeed(filter: EventFilter, key: string): EventFeed | undefined {
  const [feed, setFeed] = useState<EventFeed>();
  const latest = useRef(filter);
  latest.current = filter;
  const previous = useRef<EventFeed>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the filter.
  useEffect(() => {
    const made = createEventFeed(latest.current, {
      ask,
      open: (address) => new EventSource(address),
      clock: browserClock,
    });
    // Paused is paused: another filter changes what is looked at, not that it stands still.
    made.hold("pause", previous.current?.state().isPaused ?? false);
    previous.current = made;
    setFeed(made);
    return () => made.close();
  }, [key]);
  return feed;
}

/** The state of a feed, new with each change. */
export function useFeedState(feed: EventFeed): FeedState {
  return useSyncExternalStore(
    (listener) => feed.subscribe(listener),
    () => feed.state(),
  );
}
