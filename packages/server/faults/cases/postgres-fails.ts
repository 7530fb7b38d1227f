// Case 24: PostgreSQL crashes, loses a process, or stands still at random moments, under a service that writes and keeps a journal.
import { setTimeout as sleep } from "node:timers/promises";
import type { WindowFigures } from "../../../node/faults/bot/tick-window.ts";
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
import { startWorker, type Worker } from "../../../node/faults/harness/worker.ts";
import { command } from "../../../store/test/postgres-database.ts";
import { wrongCounts } from "../../../store/test/postgres-recount.ts";
import { type PostgresServer, postgresBinaries, startPostgres } from "../../../store/test/postgres-server.ts";
import { createTimes, type Times } from "../load/times.ts";
import type { PostgresWriterLook, PostgresWriterOrder, PostgresWriterPlan } from "../programs/postgres-writer.ts";

const FAULTS = { short: 6, full: 50 } as const;
const EVENTS_PER_S = 500;
/** Between two faults at most, and how long one lasts. */
const MAX_CALM_MS = 1_500;
const MAX_DOWN_MS = { short: 2_000, full: 10_000 } as const;
/** In the long form one outage is that long. */
const LONG_DOWN_MS = 60_000;
const CAUGHT_UP_WITHIN_MS = 30_000;
const KILL_NOTICED_MS = 2_000;
const MAX_LOOP_P99_MS = 50;
const BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'tracebook' AND pid <> pg_backend_pid()";

/** The case. */
export const postgresFails: FaultCase = {
  id: "postgres-24",
  title: `PostgreSQL crashed, its processes killed and stopped at random moments, at ${EVENTS_PER_S.toLocaleString("en")} events/s`,
  seconds: ({ isFull }) => (isFull ? 300 : 30),
  async run(context) {
    if (postgresBinaries() === undefined) return { skip: "PostgreSQL is not installed (initdb, pg_ctl)" };
    const server = await startPostgres();
    // It is no child of this process, and must not outlive it; ahead of what may fail in the end.
    const end = () => {
      const pid = server.pid();
      if (pid !== undefined) process.kill(pid, "SIGQUIT");
    };
    process.prependListener("exit", end);
    try {
      return outcome(await failAgainAndAgain(context, server));
    } finally {
      await server.close();
      process.off("exit", end);
    }
  },
};

type Service = Worker<PostgresWriterOrder>;

/** What is done to the server. */
type Harm = "crash" | "kill" | "stop";

interface FailedRun {
  readonly harm: Readonly<Record<Harm, number>>;
  /** From when the server was there again until everything was. */
  readonly catchUps: Times;
  readonly service: PostgresWriterLook;
  readonly window: WindowFigures;
  readonly stored: { readonly rows: number; readonly different: number; readonly wrong: readonly string[] };
  readonly stderr: string;
}

async function failAgainAndAgain(context: CaseContext, server: PostgresServer): Promise<FailedRun> {
  const { isFull, seed, folder } = context;
  const form = isFull ? "full" : "short";
  const plan: PostgresWriterPlan = { url: server.url(), journalDir: folder("journal"), eventsPerS: EVENTS_PER_S };
  const service: Service = startWorker(new URL("../programs/postgres-writer.ts", import.meta.url), "the service", {
    args: [JSON.stringify(plan)],
  });
  await service.ask("begin");
  const random = createSeededRandom(seed);
  const [harm, catchUps] = [{ crash: 0, kill: 0, stop: 0 }, createTimes()];
  for (let fault = 0; fault < FAULTS[form]; fault++) {
    await sleep(random.next() * MAX_CALM_MS);
    // Each of them once before chance decides.
    const kind = (["crash", "kill", "stop"] as const)[fault < 3 ? fault : random.between(0, 2)]!;
    const downMs = isFull && fault === 0 ? LONG_DOWN_MS : random.next() * MAX_DOWN_MS[form];
    await HARM[kind]({ server, service, random, downMs });
    harm[kind]++;
    const caughtUpMs = await untilCaughtUp(service);
    catchUps.took(caughtUpMs);
    context.say(`case postgres-24: ${fault + 1}, ${kind}: caught up after ${Math.round(caughtUpMs)} ms`);
  }
  await untilCaughtUp(service);
  await service.ask("rest");
  const stored = await readStored(server.url());
  const look = await service.ask<PostgresWriterLook>("look");
  const window = await service.ask<WindowFigures>("end");
  await service.stop();
  return { harm, catchUps, service: look, window, stored, stderr: service.stderr() };
}

interface HarmPlan {
  readonly server: PostgresServer;
  readonly service: Service;
  readonly random: SeededRandom;
  readonly downMs: number;
}

const HARM: Readonly<Record<Harm, (plan: HarmPlan) => Promise<void>>> = {
  /** All of it is gone at once, and is started again. */
  async crash({ server, service, downMs }) {
    const refused = untilRefused(service);
    await server.crash();
    await Promise.all([refused, sleep(downMs)]);
    await server.start();
  },
  /** One process is gone: the server ends all others, recovers, and goes on. */
  async kill({ server, service, random }) {
    const pids = await backendsOf(server);
    const refused = untilRefused(service, KILL_NOTICED_MS);
    process.kill(pids[random.between(0, pids.length - 1)]!, "SIGKILL");
    // The server may be there again before the next write.
    await refused.catch(() => {});
  },
  /** They stand still for a while, in the midst of whatever they are at. */
  async stop({ server, downMs }) {
    const pids = await backendsOf(server);
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    try {
      await sleep(downMs);
    } finally {
      for (const pid of pids) process.kill(pid, "SIGCONT");
    }
  },
};

async function backendsOf(server: PostgresServer): Promise<readonly number[]> {
  const { rows } = await command(server.url(), BACKENDS);
  return (rows as readonly { pid: number }[]).map(({ pid }) => pid);
}

function refusalsOf({ refused }: PostgresWriterLook): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

/** From now on: until a write was refused. */
async function untilRefused(service: Service, timeoutMs = CAUGHT_UP_WITHIN_MS): Promise<void> {
  const before = refusalsOf(await service.ask<PostgresWriterLook>("look"));
  const isRefused = async () => refusalsOf(await service.ask<PostgresWriterLook>("look")) > before;
  await until("a refusal", isRefused, { timeoutMs });
}

/** Until something is written again, and what was missed is there, too; how long that took. */
async function untilCaughtUp(service: Service): Promise<number> {
  const fromMs = performance.now();
  const { written } = await service.ask<PostgresWriterLook>("look");
  // When it does not come to that, a check says so.
  await until(
    "the store",
    async () => {
      const look = await service.ask<PostgresWriterLook>("look");
      return look.written > written && look.problem === undefined;
    },
    { timeoutMs: 2 * CAUGHT_UP_WITHIN_MS },
  ).catch(() => {});
  return performance.now() - fromMs;
}

async function readStored(url: string): Promise<FailedRun["stored"]> {
  const sql =
    "SELECT count(*)::int AS rows, count(DISTINCT (instance, seq))::int AS different FROM tracebook.telemetry_events";
  const { rows } = await command(url, sql);
  return { ...(rows[0] as { rows: number; different: number }), wrong: await wrongCounts(url) };
}

function outcome(run: FailedRun): CaseOutcome {
  const { harm, catchUps, service, window, stored } = run;
  const { recorded, refused, fromJournal } = service;
  const { loopP99Ms, loopMaxMs, rssPeakMib } = window;
  const [lost, twice] = [recorded - stored.different, stored.rows - stored.different];
  const [medianS, maxS] = [catchUps.percentile(50), catchUps.max()].map((ms) => Math.round(ms / 10) / 100);
  return {
    runs: catchUps.count,
    figures: {
      accepted: recorded,
      delivered: stored.different,
      spooled: 0,
      dropped_by_reason: {},
      silent_loss: lost,
      duplicates: twice,
      p99_us: null,
      loop_p99_ms: loopP99Ms,
      loop_max_ms: loopMaxMs,
      rss_peak_mib: rssPeakMib,
      exit_ms: null,
      harm,
      refused_writes: refused,
      from_journal: fromJournal,
      catch_up_s: { median: medianS, max: maxS },
    },
    stock: undefined,
    checks: [...storedChecks(run, lost, twice), ...serviceChecks(run)],
    headline: `${lost} of ${recorded} lost, ${twice} twice; ${harm.crash} crashes, ${harm.kill} processes killed, ${harm.stop} times stopped; ${refusalsOf(service)} writes refused, ${fromJournal} events came from the journal; caught up after ${medianS} s, ${maxS} at most; counts are those of the rows; event loop of the service ${loopP99Ms} ms late (p99), ${loopMaxMs} at most`,
    stockHeadline: "has no store",
  };
}

function storedChecks({ stored, service, harm }: FailedRun, lost: number, twice: number): Check[] {
  return [
    check("everything that was recorded is in the database", lost === 0, { lost, ...stored }),
    check("and once", twice === 0, twice),
    check("the counts are those of the rows", stored.wrong.length === 0, stored.wrong),
    check(
      "each kind of fault was there, and writes were refused",
      Object.values(harm).every((times) => times > 0) && refusalsOf(service) > 0,
      {
        harm,
        refused: service.refused,
      },
    ),
    check("what was refused came from the journal", service.fromJournal > 0, service),
    check(
      "writes are refused for nothing but the server",
      Object.keys(service.refused).every((code) => /^database_(unavailable|busy)$/.test(code)),
      service.refused,
    ),
  ];
}

function serviceChecks({ catchUps, window: { loopP99Ms }, service, stderr }: FailedRun): Check[] {
  return [
    check("nothing is wrong in the end", service.problem === undefined, service.problem),
    timeCheck(
      `L: it has caught up ${CAUGHT_UP_WITHIN_MS / 1e3} s after the end of a fault`,
      catchUps.max() <= CAUGHT_UP_WITHIN_MS,
      catchUps.max(),
    ),
    timeCheck(
      `H: the event loop goes on, p99 ${MAX_LOOP_P99_MS} ms late at most`,
      loopP99Ms <= MAX_LOOP_P99_MS,
      loopP99Ms,
    ),
    check("H: nothing throws into the host", stderr === "", stderr.slice(0, 500)),
  ];
}
