// What a reading had to leave out, in words.
import type { ReadReport, SkipReason } from "@tracebook/journal";

const WORDS: Readonly<Record<SkipReason, string>> = {
  torn: "cut off",
  not_json: "no JSON",
  not_utf8: "no UTF-8",
  too_long: "too long",
  not_a_record: "not of this kind",
  nul_bytes: "zero bytes",
  truncated_gzip: "the compressed file breaks off",
  damaged_gzip: "the compressed file is damaged",
  not_a_file: "no regular file",
  unreadable: "cannot be read",
};

/** The reasons that concern a whole file. */
const FILE_REASONS: ReadonlySet<SkipReason> = new Set([
  "truncated_gzip",
  "damaged_gzip",
  "not_a_file",
  "unreadable",
] satisfies SkipReason[]);
const SHOWN_FILES = 5;

/** A sentence about the damaged lines and one about each damaged file; nothing when all was well. */
export function describeSkipped(report: ReadReport): string[] {
  return [...describeLines(report), ...describeFiles(report)];
}

function describeLines({ byReason, skipped }: ReadReport): string[] {
  const reasons = (Object.entries(byReason) as [SkipReason, number][]).filter(([reason]) => !FILE_REASONS.has(reason));
  if (reasons.length === 0) return [];
  const count = reasons.reduce((sum, [, some]) => sum + some, 0);
  const parts = reasons.map(([reason, some]) => `${some} ${WORDS[reason]}`).join(", ");
  const first = skipped.find(({ reason }) => !FILE_REASONS.has(reason));
  const place = first === undefined ? "" : `; the first is ${first.file}:${first.line}`;
  return [`${count} damaged ${count === 1 ? "line" : "lines"} skipped (${parts})${place}`];
}

function describeFiles({ skipped }: ReadReport): string[] {
  const files = skipped.filter(({ reason }) => FILE_REASONS.has(reason));
  const sentences = files.slice(0, SHOWN_FILES).map(({ file, reason }) => `${file}: ${WORDS[reason]}`);
  return files.length > SHOWN_FILES ? [...sentences, `and ${files.length - SHOWN_FILES} more files`] : sentences;
}
