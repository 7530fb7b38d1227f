/** One market of the exchange: its books, its clients, its snapshots, and the way of a message through them. */
import type { Logger } from "pino";
import type { Market } from "../market/market.ts";
import type { Clock } from "./clock.ts";
import { createFaults, type FaultOptions } from "./faults.ts";
import type { MarketMessage } from "./market-message.ts";
import { createSnapshotDesk, type SnapshotDesk } from "./snapshot-desk.ts";
import { createStreamFeed, type StreamFeed } from "./stream-feed.ts";
import { createVenueBooks, type VenueBooks } from "./venue-books.ts";

/** One market. Made by `createVenue`. */
export interface Venue {
  readonly market: Market;
  readonly books: VenueBooks;
  readonly feed: StreamFeed;
  readonly snapshots: SnapshotDesk;
  /** Brings the own book up to date and sends the message on; true when at least one client got it. */
  deliver(message: MarketMessage): boolean;
}

/** What a venue is made of. */
export interface VenueOptions {
  readonly market: Market;
  readonly symbols: readonly string[];
  readonly faults: FaultOptions;
  /** A replay waits for its clients and leaves names alone; a simulation does neither. */
  readonly replays: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Bytes a client of the simulated market may fall behind. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
/** How long a replay waits at a snapshot for a client to ask for it. */
const SNAPSHOT_PATIENCE_MS = 10_000;

/** A venue without clients. */
export function createVenue({ market, symbols, faults: faultOptions, replays, clock, logger }: VenueOptions): Venue {
  const books = createVenueBooks(market, symbols);
  const maxBufferedBytes = replays ? Number.POSITIVE_INFINITY : MAX_BUFFERED_BYTES;
  const feed = createStreamFeed({ market, renames: !replays, maxBufferedBytes }, logger);
  const snapshots = createSnapshotDesk({ books, clock, patienceMs: SNAPSHOT_PATIENCE_MS });
  const faults = createFaults(faultOptions);
  return {
    market,
    books,
    feed,
    snapshots,
    deliver(message) {
      if (message.frame.kind === "depth") books.applyDepth(message.frame);
      if (faults.drops(message)) return false;
      const receivers = feed.publish(message);
      const junk = faults.junk(message);
      if (junk !== undefined) feed.broadcast(junk);
      return receivers > 0;
    },
  };
}
