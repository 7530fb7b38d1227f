// Every question of the API and of the page, over HTTP, of a desk with a database of millions of events.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { apiQuestions, type Question } from "./api-questions.ts";
import { type Asker, createAsker } from "./asker.ts";
import { openMeasuredDesk } from "./desk.ts";
import { askKnownValues, type KnownValues } from "./known-values.ts";
import { makeSampleDatabase, type SampleDatabase, type SampleSize } from "./samples.ts";
import { type TimeFigures, timeFigures } from "./times.ts";

/** Of which database, and how often each question is asked. */
export interface ApiOptions extends SampleSize {
  readonly database: string | undefined;
  readonly runs: number;
  readonly workDir: string;
  readonly say: (line: string) => void;
}

/** How one question was answered. */
export interface QuestionFigures extends TimeFigures {
  readonly group: Question["group"];
  readonly name: string;
  readonly aimMs: number;
  /** Mean size of the answers. */
  readonly bytes: number;
  readonly isOver: boolean;
  /** Answers other than 200, by status. */
  readonly failures: Readonly<Record<string, number>>;
}

/** What came of it. */
export interface ApiFigures extends SampleDatabase {
  /** What the database holds, as the desk says. */
  readonly stored: SampleSize;
  readonly runs: number;
  readonly questions: readonly QuestionFigures[];
}

/** Equal questions within a second are answered once: none may come again so soon, or it would cost nothing. */
const ROUND_MS = 1_100;
const WARM_UP_ROUNDS = 2;

/** Makes the database where it is not there, and asks. */
export async function measureApi(options: ApiOptions): Promise<ApiFigures> {
  const { events, decisions, spans, workDir, runs, say } = options;
  const path = options.database ?? join(workDir, "api.db");
  say(`database ${path}: making it, unless it is there`);
  const database = await makeSampleDatabase(path, { events, decisions, spans });
  const desk = await openMeasuredDesk(path);
  const asker = createAsker(desk.url);
  try {
    const { store } = await asker.json<{ store: SampleSize }>("/api/telemetry/health");
    const known = await askKnownValues(asker, database);
    const questions = await askAll(asker, known, runs, say);
    // Decisions are events too.
    const stored = { events: store.events - store.decisions, decisions: store.decisions, spans: store.spans };
    asker.close();
    await desk.close();
    return { ...database, stored, runs, questions };
  } finally {
    asker.close();
    await desk.end();
  }
}

class Asked {
  readonly question: Question;
  readonly #times: number[] = [];
  readonly #failures: Record<string, number> = {};
  #bytes = 0;

  constructor(question: Question) {
    this.question = question;
  }

  async ask(asker: Asker, i: number, known: KnownValues, isCounted: boolean): Promise<void> {
    const { status, body, tookMs } = await asker.ask(this.question.address(i, known));
    if (status !== 200) this.#failures[status] = (this.#failures[status] ?? 0) + 1;
    if (!isCounted) return;
    this.#times.push(tookMs);
    this.#bytes += body.length;
  }

  figures(): QuestionFigures {
    const { group, name, aimMs } = this.question;
    const times = timeFigures(this.#times)!;
    const bytes = Math.round(this.#bytes / times.count);
    return { group, name, aimMs, ...times, bytes, isOver: times.p95Ms > aimMs, failures: this.#failures };
  }
}

/** Each question once in a round: so no answer is the one that was just given, and what else is asked passes through the caches. */
async function askAll(
  asker: Asker,
  known: KnownValues,
  runs: number,
  say: (line: string) => void,
): Promise<readonly QuestionFigures[]> {
  const all = apiQuestions().map((question) => new Asked(question));
  say(`${all.length} questions, ${WARM_UP_ROUNDS} rounds to warm up and ${runs} that count`);
  for (let round = 0; round < WARM_UP_ROUNDS + runs; round++) {
    const startMs = performance.now();
    for (const asked of all) await asked.ask(asker, round, known, round >= WARM_UP_ROUNDS);
    const tookMs = performance.now() - startMs;
    if (round % 10 === 9) say(`round ${round + 1}: ${(tookMs / 1e3).toFixed(1)} s`);
    await sleep(Math.max(0, ROUND_MS - tookMs));
  }
  return all.map((asked) => asked.figures());
}
