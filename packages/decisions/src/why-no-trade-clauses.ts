// The clauses of the answer to "why no trade?".
import { readCanonical } from "./decimal.ts";
import { toDecimalText } from "./decimal-input.ts";
import { type EdgeShortfall, type ReasonTally, sum, type Tally, whole } from "./why-no-trade-facts.ts";
import {
  becauseOf,
  countOf,
  grouped,
  isAfterVerdict,
  nameOf,
  nounOf,
  refused,
  stopped,
  unitOf,
} from "./why-no-trade-words.ts";

/** Reasons that are told one by one; the rest is one number. */
const TOLD_REASONS = 3;
const TOLD_UNITS = 2;

/** Flows that ended with a reason of which there are decisions are told as decisions. */
export function isBeforeVerdict({ rejections }: Tally): (code: string) => boolean {
  const judged = new Set(rejections.map(({ reason_code }) => reason_code));
  return (code) => !judged.has(code) && !isAfterVerdict(code);
}

/** `of 12,345 ticks 12,100 showed no signal, 3 failed with an error`; undefined where no flow ended so. */
export function dropClause(tally: Tally, isTold: (code: string) => boolean, isFirst: boolean): string | undefined {
  const { flow, entered } = tally;
  const reasons = addUp(tally.drops.filter(({ reason_code: code }) => isTold(code)));
  const [only] = reasons;
  if (isFirst && reasons.length === 1 && only?.count === entered) return allStopped(only, flow, entered);
  const told = reasons.slice(0, TOLD_REASONS).map(({ reason_code: code, count }) => stopped(count, code));
  const rest = reasons.slice(TOLD_REASONS);
  if (rest.length > 0)
    told.push(`${grouped(sum(rest))} stopped for ${grouped(rest.length)} other ${reasonsWord(rest)}`);
  if (!isFirst || entered === 0) return told.length === 0 ? undefined : told.join(", ");
  return told.length === 0 ? undefined : `of ${countOf(entered, flow)} ${told.join(", ")}`;
}

function allStopped({ reason_code: code }: ReasonTally, flow: string, entered: number): string {
  const words = stopped(entered, code).slice(grouped(entered).length + 1);
  return `${allOf(entered, flow)} ${words}`;
}

function allOf(entered: number, flow: string): string {
  return entered === 1 ? `the only ${nounOf(flow)}` : `all ${countOf(entered, flow)}`;
}

/** `10 are not accounted for`. */
export function unaccountedClause({ unaccounted, entered, flow }: Tally, isFirst: boolean): string | undefined {
  if (unaccounted === 0) return undefined;
  const words = `${grouped(unaccounted)} ${unaccounted === 1 ? "is" : "are"} not accounted for`;
  return isFirst ? `of ${countOf(entered, flow)} ${words}` : words;
}

/** Where most of the flows that became no order went no further. */
export function mainStop({ drops, entered, orders, flow }: Tally): string | undefined {
  const [most] = drops;
  if (most === undefined) return undefined;
  const isMost = 2 * most.count > entered - orders;
  const others = isMost ? "most others" : "the largest group of the others";
  const end = `${others} stopped at ${nameOf(most.stage)} ${becauseOf(most.reason_code)} (${grouped(most.count)})`;
  return entered === 0 ? end : `of ${countOf(entered, flow)} ${end}`;
}

/** What was judged and how it came out: `245 were judged and all were rejected, 231 of them because ...`. */
export function judgedClause(tally: Tally, edges: readonly EdgeShortfall[], isFirst: boolean): string | undefined {
  const { accepted, rejected, rejections } = tally;
  if (accepted + rejected === 0) return undefined;
  const isOne = accepted + rejected === 1;
  const head = judgedInWords(tally, isFirst);
  const isNoOrder = accepted > 0 && tally.orders === 0;
  if (rejected === 0)
    return `${head} ${isOne ? "and accepted" : "and all were accepted"}${isNoOrder ? ", but none became an order" : ""}`;
  const reasons = `${rejections.length === 1 ? " " : ", "}${rejectionsInWords(rejections, rejected, edges)}`;
  if (accepted === 0) return `${head} ${isOne ? "and rejected" : "and all were rejected"}${reasons}`;
  const acceptedWords = `${grouped(accepted)} accepted${isNoOrder ? " (none became an order)" : ""}`;
  return `${head}: ${acceptedWords} and ${grouped(rejected)} rejected${reasons}`;
}

/** `245 were judged`; with more decisions than flows, `245 decisions were made`. */
function judgedInWords({ accepted, rejected, entered, flow }: Tally, isFirst: boolean): string {
  const judged = accepted + rejected;
  if (judged > entered) return `${decisionsWord(judged)} ${judged === 1 ? "was" : "were"} made`;
  const words = judged === 1 ? "was judged" : "were judged";
  if (!isFirst) return `${grouped(judged)} ${words}`;
  return judged === entered
    ? `${allOf(entered, flow)} ${words}`
    : `of ${countOf(entered, flow)} ${grouped(judged)} ${words}`;
}

function rejectionsInWords(
  rejections: readonly ReasonTally[],
  rejected: number,
  edges: readonly EdgeShortfall[],
): string {
  const told = rejections.slice(0, TOLD_REASONS).map(({ reason_code: code, count }, index) => {
    const detail = code === "insufficient_edge" ? shortfalls(edges) : "";
    if (count === rejected) return `${becauseOf(code)}${detail}`;
    return index === 0 ? `${grouped(count)} of them ${becauseOf(code)}${detail}` : `${refused(count, code)}${detail}`;
  });
  const rest = rejections.slice(TOLD_REASONS);
  if (rest.length > 0) told.push(`${grouped(sum(rest))} for ${grouped(rest.length)} other ${reasonsWord(rest)}`);
  return told.join("; ");
}

/** ` (best: 0.10 bps short, median: 0.80 bps short, 12 within 10 %)`. */
function shortfalls(edges: readonly EdgeShortfall[]): string {
  const told = edges.slice(0, TOLD_UNITS).map((edge) => {
    const near = whole(edge.near_misses ?? 0);
    return [
      shortBy("best", edge.best_margin, edge.edge_unit),
      shortBy("median", edge.median_margin, edge.edge_unit),
      near > 0 && edge.within_percent !== undefined ? `${grouped(near)} within ${edge.within_percent} %` : undefined,
    ].filter((part) => part !== undefined);
  });
  const parts = told.filter((unit) => unit.length > 0).map((unit) => unit.join(", "));
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

/** Nothing where the margin is no decimal, or none that is short. */
function shortBy(label: string, margin: string | undefined, unit: string): string | undefined {
  if (margin === undefined) return undefined;
  try {
    const text = toDecimalText(margin, "margin");
    if (readCanonical(text).coefficient >= 0n) return undefined;
    return `${label}: ${grouped(text.slice(1))} ${unitOf(unit)} short`;
  } catch {
    return undefined;
  }
}

/** What there is to say where nothing was dropped and nothing judged. */
export function nothingClause({ entered, orders, flow }: Tally): string {
  if (entered === 0) return orders > 0 ? "" : `no ${nounOf(flow)} came in and nothing was judged`;
  return orders >= entered ? `every ${nounOf(flow)} became one` : `${countOf(entered, flow)} came in`;
}

/** Drops of one reason at several stages are one. */
function addUp(drops: readonly ReasonTally[]): readonly ReasonTally[] {
  const counts = new Map<string, number>();
  for (const { reason_code: code, count } of drops) counts.set(code, (counts.get(code) ?? 0) + count);
  const reasons = [...counts].map(([reason_code, count]) => ({ reason_code, count }));
  return reasons.sort((a, b) => b.count - a.count);
}

/** `245 decisions`. */
export function decisionsWord(count: number): string {
  return `${grouped(count)} ${count === 1 ? "decision" : "decisions"}`;
}

function reasonsWord({ length }: readonly unknown[]): string {
  return length === 1 ? "reason" : "reasons";
}
