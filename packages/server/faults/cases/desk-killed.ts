// Case 1 of the desk: killed -9 at random moments under load, and started again each time.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CaseContext,
  type CaseOutcome,
  type Check,
  check,
  type FaultCase,
  timeCheck,
} from "../../../node/faults/fault-case.ts";
import { createSeededRandom, type SeededRandom } from "../../../node/faults/harness/seeded-random.ts";
import { until } from "../../../node/faults/harness/until.ts";
import { type DeskChild, startDesk } from "../desk/desk-child.ts";
import { deskFigures, NO_STOCK } from "../desk-figures.ts";
import { accountOf, type FileReport, fileChecks, readReport } from "../file-report.ts";
import { type FeedReader, readFeed } from "../load/feed-reader.ts";
import { createRequestMaker, WATCHED_TYPE } from "../load/numbered-requests.ts";
import { type Sender, type SenderCounts, startSender } from "../load/sender.ts";
import { createTimes } from "../load/times.ts";
import { withEnd } from "../load/with-end.ts";

const KILLS = { short: 12, full: 50 } as const;
const ITEMS_PER_S = 5_000;
/** Small requests: the more of them, the more kills hit one that is written and not answered yet. */
const ITEMS_EACH = 20;
const LANES = 8;
const RUN = 1;
/** How long a desk lives at most, from when it answers. */
const MAX_LIFE_MS = 1_000;
/** One in so many is killed while it starts. */
const EARLY_EACH = 4;
/** From the start of the process until it answers. Of these most are Node's own and the reading of sources. */
const MAX_START_MS = 10_000;
const DRAIN_MS = 30_000;
const WATCH_MS = 50;

/** The case. */
export const deskKilled: FaultCase = {
  id: "desk-1",
  title: `Desk killed -9 at random moments, at ${ITEMS_PER_S.toLocaleString("en")} events and spans/s`,
  seconds: ({ isFull }) => (isFull ? 150 : 30),
  run: (context) => withEnd((over) => killAgainAndAgain(context, over)),
};

async function killAgainAndAgain({ isFull, seed, folder }: CaseContext, over: AbortSignal): Promise<CaseOutcome> {
  const kills = KILLS[isFull ? "full" : "short"];
  const lives = new DeskLives(join(folder("desk"), "telemetry.db"));
  const maker = createRequestMaker({ run: RUN, items: ITEMS_EACH });
  const sender = startSender({ maker, url: () => lives.url, lanes: LANES, itemsPerS: ITEMS_PER_S, over });
  const reader = readFeed(() => lives.url, WATCHED_TYPE, over);
  const random = createSeededRandom(seed);
  for (let kill = 0; kill < kills; kill++) await lives.liveAndDie(random, untilBusy(sender, reader));
  await lives.start();
  await sender.finish(DRAIN_MS);
  const watched = maker.made()[`trading.${WATCHED_TYPE}`] ?? 0;
  // When it does not come to that, a check says so.
  await until("the whole feed", () => reader.ids.length + reader.skipped() >= watched).catch(() => {});
  await lives.end();
  const report = await readReport(lives.path);
  return outcome({ kills, lives, counts: sender.counts, report, made: maker.made(), feed: feedOf(reader, report) });
}

/** From now on: waits until the desk takes requests, and is read from, again. */
function untilBusy({ counts }: Sender, reader: FeedReader): () => Promise<unknown> {
  const [requests, connections] = [counts.acknowledged, reader.connections()];
  return () => until("load", () => counts.acknowledged > requests && reader.connections() > connections);
}

/** What the reader of the live feed got, against the file. */
interface FeedFound {
  readonly connections: number;
  readonly seen: number;
  readonly twice: number;
  /** Neither seen nor said to be left out. */
  readonly missed: number;
  readonly skipped: number;
  /** Seen, and not in the file. */
  readonly invented: number;
  readonly isInOrder: boolean;
}

interface KilledRun {
  readonly kills: number;
  readonly lives: DeskLives;
  readonly counts: Readonly<SenderCounts>;
  readonly report: FileReport;
  readonly made: Readonly<Record<string, number>>;
  readonly feed: FeedFound;
}

function feedOf(reader: FeedReader, { watchedIds }: FileReport): FeedFound {
  const { ids } = reader;
  const [seen, stored] = [new Set(ids), new Set(watchedIds)];
  const skipped = reader.skipped();
  return {
    connections: reader.connections(),
    seen: seen.size,
    twice: ids.length - seen.size,
    missed: watchedIds.filter((id) => !seen.has(id)).length - skipped,
    skipped,
    invented: ids.filter((id) => !stored.has(id)).length,
    isInOrder: ids.every((id, i) => i === 0 || id > ids[i - 1]!),
  };
}

function outcome(run: KilledRun): CaseOutcome {
  const { kills, lives, counts, report, made, feed } = run;
  const account = accountOf(report, [{ run: RUN, made, health: undefined }]);
  const { recognised, startTimes, openTimes } = lives;
  const start = { median: startTimes.percentile(50), max: startTimes.max() };
  return {
    runs: kills,
    figures: deskFigures(account, {
      rss_peak_mib: lives.rssPeakMib,
      kills,
      killed_while_starting: lives.killedEarly,
      requests: counts.acknowledged,
      unanswered: counts.unanswered,
      sent_again: counts.sentAgain,
      recognised_items: recognised,
      refused: counts.refused,
      start_ms: start,
      open_ms: { median: openTimes.percentile(50), max: openTimes.max() },
      feed,
    }),
    stock: undefined,
    checks: [...fileChecks(report, account), ...lifeChecks(run), ...feedChecks(feed)],
    headline: `${account.accepted - account.delivered} of ${account.accepted} acknowledged lost in ${kills} kills, ${account.duplicates} twice (${counts.sentAgain} requests came again, ${recognised} of their items were there already); counts and integrity right; answers again after ${start.median} ms, ${start.max} at most; the feed missed ${feed.missed} of ${report.watchedIds.length}, ${feed.twice} twice, over ${feed.connections} connections`,
    stockHeadline: NO_STOCK,
  };
}

function lifeChecks({ kills, lives, counts }: KilledRun): Check[] {
  const { foreign, endedAlone, startTimes } = lives;
  const wrong = counts.wrong.slice(0, 3);
  return [
    check("kills hit requests under way", counts.sentAgain >= kills / 2, counts.sentAgain),
    check("no good request is answered with anything but 200 or 503", wrong.length === 0, wrong),
    check("no desk ends by itself", endedAlone === 0, endedAlone),
    check("the next start says nothing of damage", foreign.length === 0, foreign.slice(0, 12)),
    timeCheck(
      `it answers ${MAX_START_MS / 1e3} s after its start at most`,
      startTimes.max() <= MAX_START_MS,
      startTimes.max(),
    ),
  ];
}

function feedChecks(feed: FeedFound): Check[] {
  return [
    check("the live feed misses nothing, nor invents anything", feed.missed === 0 && feed.invented === 0, feed),
    check("and brings nothing twice, nor out of order", feed.twice === 0 && feed.isInOrder, feed),
    timeCheck("and leaves nothing out", feed.skipped === 0, feed.skipped),
  ];
}

/** One desk after the other on the same file. */
class DeskLives {
  readonly path: string;
  /** From the start of the process until it answered, and what of that was opening the database and the port; of every life that came so far. */
  readonly startTimes = createTimes();
  readonly openTimes = createTimes();
  /** Lines beside the one that a desk says when it opens. */
  readonly foreign: string[] = [];
  /** Items that came again after a desk had written them and was killed before it said so, as far as was seen. */
  recognised = 0;
  rssPeakMib = 0;
  killedEarly = 0;
  /** Desks that ended without being told to. */
  endedAlone = 0;
  /** Where the one that is there answers. */
  url: string | undefined;
  #lastStartMs = MAX_LIFE_MS;
  #desk: DeskChild | undefined;
  #watching: Promise<void> | undefined;

  constructor(path: string) {
    this.path = path;
  }

  async start(): Promise<DeskChild> {
    const fromMs = performance.now();
    const desk = startDesk({ path: this.path });
    this.#desk = desk;
    const { url, openMs } = await desk.opened;
    this.#lastStartMs = performance.now() - fromMs;
    this.startTimes.took(this.#lastStartMs);
    this.openTimes.took(openMs);
    this.url = url;
    this.#watching = this.#watch(desk);
    return desk;
  }

  /** Looks at a desk as long as it lives. */
  async #watch(desk: DeskChild): Promise<void> {
    let duplicates = 0;
    try {
      for (;;) {
        const { store, window } = await desk.look();
        duplicates = store.duplicates;
        this.rssPeakMib = Math.max(this.rssPeakMib, window.rssPeakMib);
        await sleep(WATCH_MS);
      }
    } catch {
      // It has ended.
      this.recognised += duplicates;
    }
  }

  /** Starts a desk, and kills it at a moment of chance: some while they start, most of them once `isBusy` has resolved. */
  async liveAndDie(random: SeededRandom, isBusy: () => Promise<unknown>): Promise<void> {
    const [isEarly, share] = [random.between(1, EARLY_EACH) === 1, random.next()];
    const starting = this.start();
    // It is killed in the midst of it.
    starting.catch(() => {});
    const desk = this.#desk!;
    if (isEarly) {
      this.killedEarly++;
      await sleep(share * this.#lastStartMs);
    } else {
      await starting;
      await isBusy();
      await sleep(share * MAX_LIFE_MS);
    }
    await this.#kill(desk);
  }

  async end(): Promise<void> {
    const desk = this.#desk!;
    this.url = undefined;
    await desk.close();
    await this.#watching;
    this.#hear(desk);
  }

  async #kill(desk: DeskChild): Promise<void> {
    const { signal } = await desk.kill();
    if (signal !== "SIGKILL") this.endedAlone++;
    this.url = undefined;
    this.#hear(desk);
  }

  #hear(desk: DeskChild): void {
    this.foreign.push(...desk.lines().filter((line) => !/^tracebook desk: http:\S+, database \S+$/.test(line)));
  }
}
