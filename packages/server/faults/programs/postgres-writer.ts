// A service that records into a journal and writes the same events into a store on PostgreSQL, once: what is refused is in the journal only.
import { openPostgresStore, type PostgresStore } from "@tracebook/store/postgres";
import { openTickWindow, type WindowFigures } from "../../../node/faults/bot/tick-window.ts";
import { createJournaledWriter, tryWrite } from "../../../store/test/journaled-writer.ts";
import { answerOrders } from "../desk/answer-orders.ts";

/** What it is told: to begin, to say how it stands, to record no more, to end. */
export type PostgresWriterOrder = "begin" | "look" | "rest" | "end";

/** What it is started with. */
export interface PostgresWriterPlan {
  readonly url: string;
  readonly journalDir: string;
  readonly eventsPerS: number;
}

/** How it stands. */
export interface PostgresWriterLook {
  readonly recorded: number;
  /** Writes that were refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Events that were written, at once or from the journal. */
  readonly written: number;
  readonly problem: string | undefined;
  /** Records that came from the journal. */
  readonly fromJournal: number;
}

const EVENTS_EACH = 20;
const FROM_JOURNAL = /: (\d+) records came from the journal in /;

const plan = JSON.parse(process.argv[2] ?? "{}") as PostgresWriterPlan;
const service = createJournaledWriter(plan.journalDir, "i-24");
const window = openTickWindow("all");
const refused: Record<string, number> = {};
const underWay = new Set<Promise<void>>();
let fromJournal = 0;
let store: PostgresStore | undefined;
let timer: NodeJS.Timeout | undefined;

answerOrders<PostgresWriterOrder>(async (order): Promise<PostgresWriterLook | WindowFigures | undefined> => {
  switch (order) {
    case "begin":
      return begin();
    case "look":
      return look();
    case "rest":
      clearInterval(timer);
      await Promise.all(underWay);
      return look();
    case "end":
      await store?.close();
      await service.close();
      return window.end();
  }
});

async function begin(): Promise<undefined> {
  const { url, journalDir, eventsPerS } = plan;
  const onProblem = (line: string) => {
    fromJournal += Number(FROM_JOURNAL.exec(line)?.[1] ?? 0);
  };
  const opened = await openPostgresStore({ url, journalDir, onProblem });
  store = opened;
  timer = setInterval(
    () => {
      const writing = write(opened);
      underWay.add(writing);
      void writing.finally(() => underWay.delete(writing));
    },
    (1_000 * EVENTS_EACH) / eventsPerS,
  );
}

async function write(to: PostgresStore): Promise<void> {
  const code = await tryWrite(to, await service.record(EVENTS_EACH));
  if (code !== undefined) refused[code] = (refused[code] ?? 0) + 1;
}

function look(): PostgresWriterLook {
  const { written = 0, problem } = store?.health() ?? {};
  return { recorded: service.recorded(), refused, written, problem, fromJournal };
}
