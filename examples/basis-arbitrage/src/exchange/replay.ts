/**
 * Plays recordings to the clients of both markets in the one order in which they were received. The two markets are two
 * sockets, so before it turns from one to the other the replay makes sure that the first has been read.
 */
import type { Logger } from "pino";
import type { Market } from "../market/market.ts";
import type { Recordings } from "../market/recording.ts";
import type { RecordingLine, SnapshotLine, StreamLine } from "../market/recording-line.ts";
import type { Clock } from "./clock.ts";
import { shiftEventTimes } from "./event-time.ts";
import { createPacer, type Pacer, type ReplaySpeed } from "./pacer.ts";
import type { Venue } from "./venue.ts";

/** What a finished replay amounts to. */
export interface ReplayResult {
  /** Recorded stream messages that at least one client was sent. */
  readonly frames: number;
  /** Lines of the recordings that could not be used. */
  readonly badLines: number;
}

/** What a replay works with. */
export interface ReplayOptions {
  readonly recordings: Recordings;
  readonly speed: ReplaySpeed;
  readonly venues: Readonly<Record<Market, Venue>>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the replay early. */
  readonly stopping: AbortSignal;
}

/** Messages and bytes on their way to one market before the replay waits for its clients, if nothing else made it wait. */
const MAX_UNREAD_MESSAGES = 64;
const MAX_UNREAD_BYTES = 256 * 1024;
/**
 * Round trips after a snapshot's answer was written. The answer travels on a connection of its own, and a client reads it
 * in several turns of its event loop; each round trip is at least one turn.
 */
const SNAPSHOT_ROUND_TRIPS = 8;
/** Longer waits are split, so that a stop or a lost client is noticed. */
const MIN_WAIT_MS = 1;

/** Plays everything, closes the clients' connections in good order, and tells what was played; early on when stopping. */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const player = new Player(options);
  return player.play();
}

class Player {
  readonly #options: ReplayOptions;
  readonly #pacer: Pacer;
  readonly #venues: readonly Venue[];
  /** Symbols recorded, by market: whom the replay waits for. */
  readonly #expected: ReadonlyMap<Venue, readonly string[]>;
  #current: Venue | undefined;
  #unread = 0;
  #frames = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#pacer = createPacer(options.speed, options.clock);
    this.#venues = [options.venues.spot, options.venues.usdm];
    const { sources } = options.recordings;
    this.#expected = new Map(
      this.#venues.map((venue) => [
        venue,
        sources.filter(({ market }) => market === venue.market).map(({ symbol }) => symbol),
      ]),
    );
  }

  async play(): Promise<ReplayResult> {
    const { recordings, stopping, logger } = this.#options;
    for await (const line of recordings.lines()) {
      await this.#untilDue(line);
      await this.#untilConnected();
      if (stopping.aborted) break;
      await this.#turnTo(line.market);
      if (line.kind === "stream") await this.#send(line);
      else await this.#hand(line);
    }
    for (const venue of this.#venues) venue.snapshots.close();
    if (!stopping.aborted) {
      await Promise.all(this.#venues.map(({ feed }) => feed.barrier()));
      await Promise.all(this.#venues.map(({ feed }) => feed.close(1000, "end of recording")));
    }
    const result = { frames: this.#frames, badLines: recordings.badLines };
    logger.info(result, "end of recording");
    return result;
  }

  async #untilDue(line: RecordingLine): Promise<void> {
    const { clock, stopping } = this.#options;
    const delayMs = this.#pacer.delayMs(line.receivedNs);
    if (delayMs >= MIN_WAIT_MS) await clock.wait(delayMs, stopping);
  }

  /** Stands still while a market that was recorded has nobody listening: nothing is played to an empty room. */
  async #untilConnected(): Promise<void> {
    if (this.#connected()) return;
    const { clock, stopping, logger } = this.#options;
    const startMs = clock.monotonicMs();
    logger.info("replay waits for clients");
    const stopped = new Promise<void>((resolve) => {
      stopping.addEventListener("abort", () => resolve(), { once: true });
    });
    while (!stopping.aborted && !this.#connected()) {
      await Promise.race([stopped, ...this.#venues.map(({ feed }) => feed.changed())]);
    }
    this.#pacer.postpone(clock.monotonicMs() - startMs);
  }

  #connected(): boolean {
    for (const [venue, symbols] of this.#expected) if (!venue.feed.follows(symbols)) return false;
    return true;
  }

  async #turnTo(market: Market): Promise<void> {
    const venue = this.#options.venues[market];
    if (this.#current !== venue) {
      if (this.#current?.feed.pending === true) await this.#current.feed.barrier();
      this.#current = venue;
      this.#unread = 0;
    } else if (this.#unread >= MAX_UNREAD_MESSAGES || venue.feed.bufferedBytes > MAX_UNREAD_BYTES) {
      await venue.feed.barrier();
      this.#unread = 0;
    }
  }

  async #send(line: StreamLine): Promise<void> {
    const text = shiftEventTimes(line.text, this.#shiftMs(line));
    this.#unread++;
    if (this.#options.venues[line.market].deliver({ text, frame: line.frame })) this.#frames++;
  }

  async #hand(line: SnapshotLine): Promise<void> {
    const { venues, clock, stopping, logger } = this.#options;
    const venue = venues[line.market];
    const startMs = clock.monotonicMs();
    await venue.feed.barrier();
    if (!venue.books.applySnapshot(line.symbol, line.snapshot)) return;
    const recorded = () => shiftEventTimes(line.text, this.#shiftMs(line));
    const asked = await venue.snapshots.release(line.symbol, recorded, stopping);
    if (!asked)
      logger.warn({ market: line.market, symbol: line.symbol }, "nobody asked for the recorded depth snapshot");
    for (let round = 0; asked && round < SNAPSHOT_ROUND_TRIPS; round++) await venue.feed.barrier();
    this.#pacer.postpone(clock.monotonicMs() - startMs);
  }

  /** How much later this moment is than the recorded one. */
  #shiftMs(line: RecordingLine): number {
    return this.#options.clock.wallMs() - Number(line.receivedNs / 1_000_000n);
  }
}
