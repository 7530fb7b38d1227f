// The feed as windows are filled from it, where that is not simply by the times that its items bear.
import type { AlertFeed, EventCount, FeedPiece } from "@tracebook/store";

/** Time was led back: a clock was set back, or somebody else's was followed that was ahead. */
export interface LedBack {
  /** The second that had been evaluated, and the one from which it went on. */
  readonly from: number;
  readonly to: number;
  /** By how many seconds what the clock before said is ahead; at least what lies between the two. */
  readonly by: number;
  /** What was written before the first was written by the clock before; what was written after the second, by the clock since. */
  readonly before: string;
  readonly after: string;
}

/**
 * What the clock before has written is as long ago as it is, and so much earlier than it says; what was written since is when it says. So a
 * window goes on over the step as if there had been none, and what was evaluated before it never lies ahead. Of what was written between two
 * looks, it is what it is nearer to.
 */
export function ledBackFeed(feed: AlertFeed, { to: is, by, before, after }: LedBack): AlertFeed {
  const middle = is + by / 2;
  return view(feed, async (wants, from, to, upTo) => {
    const [all, later, early] = await Promise.all([upTo, after, before].map((end) => feed.range(wants, from, to, end)));
    const [moved, movedEarly] = await Promise.all(
      [after, before].map((end) => feed.range(wants, from + by, to + by, end)),
    );
    const mixed = mapSeconds(without(later!, early!), (second) => (second < middle ? second : undefined));
    const mixedEarlier = mapSeconds(without(moved!, movedEarly!), (second) => (second < middle ? undefined : second));
    const pieces = [
      mapSeconds(movedEarly!, (second) => second - by),
      mapSeconds(mixedEarlier, (second) => second - by),
      mixed,
      without(all!, later!),
    ];
    return {
      ...all!,
      counts: pieces.flatMap(({ counts }) => counts),
      samples: pieces.flatMap(({ samples }) => samples).sort((a, b) => a.second - b.second),
      isByMinutes: all!.isByMinutes || moved!.isByMinutes,
    };
  });
}

/** A piece whose items bear other seconds; those with undefined are left out. */
export function mapSeconds(piece: FeedPiece, toSecond: (second: number) => number | undefined): FeedPiece {
  const map = <T extends { readonly second: number }>(items: readonly T[]): readonly T[] => {
    if (items.every(({ second }) => toSecond(second) === second)) return items;
    return items.flatMap((item) => {
      const second = toSecond(item.second);
      return second === undefined ? [] : [{ ...item, second }];
    });
  };
  return { ...piece, counts: map(piece.counts), samples: map(piece.samples) };
}

/** A piece without what another one of the same question has. */
function without(piece: FeedPiece, other: FeedPiece): FeedPiece {
  const counted = new Map<string, number>();
  for (const count of other.counts) counted.set(keyOf(count), (counted.get(keyOf(count)) ?? 0) + count.count);
  const sampled = new Map<string, number>();
  for (const sample of other.samples) {
    const key = JSON.stringify(sample);
    sampled.set(key, (sampled.get(key) ?? 0) + 1);
  }
  return {
    ...piece,
    counts: piece.counts.flatMap((each) => {
      // A feed may hand over the same kind of event in several counts.
      const gone = Math.min(counted.get(keyOf(each)) ?? 0, each.count);
      counted.set(keyOf(each), (counted.get(keyOf(each)) ?? 0) - gone);
      return gone === each.count ? [] : [{ ...each, count: each.count - gone }];
    }),
    samples: piece.samples.filter((sample) => {
      const key = JSON.stringify(sample);
      const gone = sampled.get(key) ?? 0;
      sampled.set(key, Math.max(gone - 1, 0));
      return gone === 0;
    }),
  };
}

function keyOf({ count: _, ...kind }: EventCount): string {
  return JSON.stringify(kind);
}

function view(feed: AlertFeed, range: AlertFeed["range"]): AlertFeed {
  return {
    position: () => feed.position(),
    since: (wants, cursor) => feed.since(wants, cursor),
    range,
    knownMetrics: () => feed.knownMetrics(),
    knownEventTypes: () => feed.knownEventTypes(),
  };
}
