// What a command says that was to work on a journal and found none.
import { CliError } from "./cli-error.ts";

const PLACES =
  "A journal lies in data/events/YYYYMMDD/events.jsonl and logs/telemetry.jsonl: give the folder of `data` and `logs`.";

/** Ends a command with what is missing (`/srv/bot holds no journal: there is nothing to play`) and where a journal lies. */
export function noJournal(message: string, exitCode?: number): CliError {
  return new CliError(message, PLACES, exitCode);
}
