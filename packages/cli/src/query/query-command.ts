// `tracebook query`: questions to a store.
import { parseArguments } from "../arguments.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Command } from "../command.ts";
import { nearestName } from "../nearest-name.ts";
import { printable, printableJson } from "../printable.ts";
import { runOnStore, type StoreWork } from "../with-store.ts";
import { analyticsQuestion, confidenceQuestion, rejectionsQuestion } from "./analytics-questions.ts";
import { decisionsQuestion } from "./decision-questions.ts";
import { eventsQuestion, recentQuestion } from "./event-questions.ts";
import { factsQuestion } from "./facts-question.ts";
import { QUERY_OPTIONS, type QueryOption, type Question, type TypedQuery } from "./question.ts";
import { summaryQuestion } from "./summary-question.ts";
import { symbolsQuestion } from "./symbols-question.ts";
import { tracesQuestion } from "./trace-questions.ts";

const QUESTIONS: readonly Question[] = [
  recentQuestion,
  eventsQuestion,
  analyticsQuestion,
  summaryQuestion,
  rejectionsQuestion,
  confidenceQuestion,
  symbolsQuestion,
  decisionsQuestion,
  tracesQuestion,
  factsQuestion,
];
const NAME_WIDTH = Math.max(...QUESTIONS.map(({ name }) => name.length));

const DETAILS = `Questions:
${QUESTIONS.map(({ name, summary }) => `  ${name.padEnd(NAME_WIDTH)}  ${summary}`).join("\n")}

Totals (analytics, summary, rejections, confidence, symbols) are of the last 24 hours unless --from says otherwise.
Nothing is changed: a database that is missing, damaged or of a later version is said to be so, and left as it is.
Exit codes: 0, also where nothing matches, 2 for wrong arguments and files that cannot be read.`;

/** The command. */
export const queryCommand: Command = {
  name: "query",
  aliases: [],
  summary: "events, totals, decisions and traces of a store",
  usage: "QUESTION [OPTIONS] [--db FILE]",
  details: DETAILS,
  options: QUERY_OPTIONS,
  run: async (args, context) => runOnStore(readQuery(args), context),
};

/** Reads a question and what it is asked with. Throws `CliError`. */
export function readQuery(args: readonly string[]): StoreWork {
  const { values, positionals } = parseArguments(args, QUERY_OPTIONS);
  const question = readQuestion(positionals);
  refuseOptions(question, values);
  const ask = question.ask({ typed: values, nowMs: Date.now() });
  return {
    db: values.db,
    async run(store, path, { stdout, paint, note: tell }) {
      const { json, text, note } = await ask(store, path);
      await stdout.write(values.json ? `${printableJson(json, 2)}\n` : toText(text(paint)));
      if (note !== undefined && !values.json) tell(note);
      return EXIT.ok;
    },
  };
}

function readQuestion([name, second]: readonly string[]): Question {
  const names = QUESTIONS.map((question) => question.name);
  const list = `Questions: ${names.join(", ")}`;
  if (name === undefined) throw new CliError("there is no question", list);
  if (second !== undefined) throw new CliError(`one question is enough, and "${second}" is the second`);
  const question = QUESTIONS.find((some) => some.name === name);
  if (question !== undefined) return question;
  const nearest = nearestName(name, names);
  throw new CliError(
    `there is no question "${printable(name, 64)}"`,
    nearest === undefined ? list : `Did you mean "${nearest}"?`,
  );
}

/** An option that is not looked at would be taken for one that was. */
function refuseOptions({ name, options }: Question, typed: TypedQuery): void {
  const known: ReadonlySet<string> = new Set<QueryOption>(["db", "json", ...options]);
  const wrong = Object.keys(typed).find((option) => !known.has(option));
  if (wrong === undefined) return;
  const list = options.map((option) => `--${option}`).join(", ");
  throw new CliError(
    `${name} does not take --${wrong}`,
    list === "" ? `${name} takes no options but --db and --json.` : `${name} takes ${list}.`,
  );
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
