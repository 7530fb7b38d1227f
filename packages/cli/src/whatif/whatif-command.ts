// `tracebook whatif`: recorded decisions judged again under other thresholds and costs.
import { createReJudge, createWhatIfFold, type WhatIfChange, type WhatIfSummary } from "@tracebook/decisions";
import { createReadReport } from "@tracebook/journal";
import { optionalPath, parseArguments } from "../arguments.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Command, CommandContext, CommandOptions } from "../command.ts";
import { noJournal } from "../no-journal.ts";
import { describeSkipped } from "../skipped-note.ts";
import { FROM_DOC, readTimeSpan, TO_DOC } from "../time-range.ts";
import { wholeOption } from "../whole-number.ts";
import { DB_OPTION, withStore } from "../with-store.ts";
import { type DecisionChoice, journalDecisions, type SourcedDecision, storeDecisions } from "./decision-source.ts";
import { CHANGE_OPTIONS, readChange } from "./whatif-change.ts";
import { renderWhatIfJson } from "./whatif-json.ts";
import { renderWhatIfText, type WhatIfAnswer } from "./whatif-text.ts";

const OPTIONS = {
  db: { ...DB_OPTION, doc: "a database instead of a journal" },
  ...CHANGE_OPTIONS,
  symbol: { type: "string", valueName: "SYMBOL", doc: "only this symbol" },
  strategy: { type: "string", valueName: "NAME", doc: "only this strategy" },
  from: { type: "string", valueName: "TIME", doc: FROM_DOC },
  to: { type: "string", valueName: "TIME", doc: TO_DOC },
  show: { type: "string", valueName: "N", doc: "so many flips one by one, 0 to 10000; default 20" },
  json: { type: "boolean", doc: "one JSON object" },
} as const satisfies CommandOptions;

const DETAILS = `Judges every recorded decision again by the rule that judged it: gates in their order, then net edge against
threshold, in exact decimals. Without a change nothing flips. Left alone are decisions in another unit; what a veto,
an error or malformed input rejected stays rejected. A value that begins with "-" is given with "=":
--threshold-by=-0.10. Decisions come from the journal in DIR, or with --db from a store; flips are shown in the
order of the source, which is oldest first in a journal and newest first in a store.
Exit codes: 0, 1 without decisions, 2 for wrong arguments and files that cannot be read.`;

/** The command. */
export const whatifCommand: Command = {
  name: "whatif",
  aliases: ["what-if", "what_if"],
  summary: "recorded decisions judged again under other thresholds and costs",
  usage: "--unit UNIT [CHANGES] [OPTIONS] [DIR | --db FILE]",
  details: DETAILS,
  options: OPTIONS,
  run,
};

const MAX_SHOWN = 10_000;
const DEFAULT_SHOWN = 20;

async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(args, OPTIONS);
  const dir = optionalPath(positionals);
  const { db, symbol, strategy, show } = values;
  if (dir !== undefined && db !== undefined) throw new CliError("--db and DIR exclude each other");
  const change = readChange(values);
  const shown = show === undefined ? DEFAULT_SHOWN : wholeOption("show", show, 0, MAX_SHOWN);
  const choice = { ...readTimeSpan(values, Date.now()), symbol, strategy };
  const answer =
    db === undefined
      ? await judgeJournal(dir ?? context.config.dir, choice, change, shown, context)
      : await withStore({ db }, context, async (store, path) => {
          return { source: path, change, summary: await judgeAll(storeDecisions(store, choice), change, shown) };
        });
  if (answer.summary.records === 0) throw noDecisions(answer.source, choice);
  await context.stdout.write(values.json ? renderWhatIfJson(answer) : renderWhatIfText(answer, context.paint));
  return EXIT.ok;
}

async function judgeJournal(
  path: string,
  choice: DecisionChoice,
  change: WhatIfChange,
  shown: number,
  { note }: CommandContext,
): Promise<WhatIfAnswer> {
  const report = createReadReport();
  const summary = await judgeAll(journalDecisions(path, choice, report), change, shown);
  for (const sentence of describeSkipped(report)) note(sentence);
  if (report.files === 0) throw noJournal(`${path} holds no journal: there is nothing to judge`, EXIT.negative);
  return { source: path, change, summary };
}

async function judgeAll(
  decisions: AsyncIterable<SourcedDecision>,
  change: WhatIfChange,
  shown: number,
): Promise<WhatIfSummary<SourcedDecision>> {
  const judge = createReJudge(change);
  const fold = createWhatIfFold<SourcedDecision>({ samples: shown });
  for await (const decision of decisions) fold.add(decision, judge(decision));
  return fold.summary();
}

function noDecisions(source: string, { from, to, symbol, strategy }: DecisionChoice): CliError {
  const isChosen = [from, to, symbol, strategy].some((given) => given !== undefined);
  const hint = isChosen ? "Leave out --symbol, --strategy, --from or --to to see whether there are any." : undefined;
  return new CliError(`${source} holds no decision${isChosen ? " of this choice" : ""}`, hint, EXIT.negative);
}
