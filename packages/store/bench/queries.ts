// Every question that the API and the desk ask, of a database of millions of events, through the threads of a store.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { API_QUESTIONS, askQuestions, DESK_QUESTIONS, type QuestionFigures } from "./questions.ts";
import { createSampleDatabase, type SampleDatabase, type SampleSize } from "./sample-database.ts";

/** Of which database, and how often each question is asked. */
export interface QueryOptions extends SampleSize {
  readonly runs: number;
  /** One that is there already, or is to stay. */
  readonly database: string | undefined;
  readonly dir: string | undefined;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface QueryFigures extends SampleDatabase, SampleSize {
  readonly questions: readonly QuestionFigures[];
}

/** Makes the database, and asks. */
export async function measureQueries(options: QueryOptions): Promise<QueryFigures> {
  const { events, decisions, spans, runs, say } = options;
  const dir =
    options.database === undefined ? mkdtempSync(join(options.dir ?? tmpdir(), "tracebook-bench-")) : undefined;
  const path = options.database ?? join(dir!, "telemetry.db");
  try {
    const database = createSampleDatabase(path, { events, decisions, spans }, say);
    say(describe(database, options));
    const store = await openSqliteStore({ path, reserveBytes: 0 });
    try {
      const questions = await askQuestions(store, [...API_QUESTIONS, ...DESK_QUESTIONS], database, runs);
      return { events, decisions, spans, ...database, questions };
    } finally {
      await store.close();
    }
  } finally {
    if (dir !== undefined) rmSync(dir, { recursive: true });
  }
}

function describe(
  { eventDataBytes, decisionDataBytes, eventFileBytes, fileBytes }: SampleDatabase,
  { events, decisions, spans }: SampleSize,
): string {
  const own =
    eventFileBytes === undefined
      ? ""
      : `${(eventFileBytes / 2 ** 30).toFixed(2)} GiB of events and decisions, ${(eventFileBytes / (events + decisions)).toFixed(0)} bytes each; `;
  return `${events} events (data of ${eventDataBytes.toFixed(0)} bytes), ${decisions} decisions (${decisionDataBytes.toFixed(0)}), ${spans} spans: ${own}file ${(fileBytes / 2 ** 30).toFixed(2)} GiB`;
}
