// `tracebook verify`: is a journal whole, and does every edge in it add up?
import { checkEdge } from "@tracebook/decisions";
import { type VerifyResult, verifyJournal } from "@tracebook/journal";
import { optionalPath, parseArguments } from "../arguments.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Command, CommandContext, CommandOptions } from "../command.ts";
import { noJournal } from "../no-journal.ts";
import { describeSkipped } from "../skipped-note.ts";
import { renderVerifyJson } from "./verify-json.ts";
import { renderVerifyText } from "./verify-text.ts";

const OPTIONS = {
  json: { type: "boolean", doc: "one JSON object; it lists up to 1,000 problems" },
} as const satisfies CommandOptions;

const DETAILS = `Checks that every number (seq) of every instance is there or declared as dropped, that every line is a record,
that ids and timestamps are well formed, and that gross - fees - slippage - gas - buffer = net, exactly, for
every edge, and fits the decision. DIR may be one journal file.
Exit codes: 0 clean, 1 not clean, 2 nothing to verify, wrong arguments, or files that cannot be read.`;

/** The command. */
export const verifyCommand: Command = {
  name: "verify",
  aliases: ["verify_journal", "verify-journal"],
  summary: "the verdict on a journal: gaps, damage, arithmetic of every edge",
  usage: "[--json] [DIR]",
  details: DETAILS,
  options: OPTIONS,
  run,
};

async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(args, OPTIONS);
  const path = optionalPath(positionals) ?? context.config.dir;
  const result = await verifyJournal(path, { checkEdge });
  refuseUnreadable(path, result);
  await context.stdout.write(values.json ? renderVerifyJson(result) : renderVerifyText(path, result, context.paint));
  return result.clean ? EXIT.ok : EXIT.negative;
}

/** A verdict on nothing, or on less than there is, would be taken for one on the journal. */
function refuseUnreadable(path: string, { records, clean, report }: VerifyResult): void {
  const { unreadable = 0, not_a_file: irregular = 0 } = report.byReason;
  if (unreadable + irregular > 0)
    throw new CliError(`${path} cannot be verified: not every file can be read`, describeSkipped(report).join("\n"));
  if (records > 0 || !clean) return;
  const what = report.files === 0 ? "holds no journal" : "holds no record";
  throw noJournal(`${path} ${what}: there is nothing to verify`);
}
