// One case from its beginning to its result, which there is in any case.
import type { CaseContext, CaseSkip, FaultCase } from "./fault-case.ts";
import { createFailure, createResult, type FaultResult } from "./fault-results.ts";
import { inScope } from "./harness/case-scope.ts";

/** A case that has not ended by then does not end. */
const MAX_SHORT_S = 180;
const MAX_FULL_S = 5_400;

/**
 * Runs a case. One that fails in its short form for nothing but time (a machine that others use may be late all by itself) gets
 * a second try, and its result says so. Never rejects: what throws, or does not end, has failed.
 */
export async function runCase(one: FaultCase, context: CaseContext): Promise<FaultResult | CaseSkip> {
  const first = await tryCase(one, context, null);
  if ("skip" in first) return first;
  if (!first.isLateOnly || context.isFull) return first.result;
  const { failed } = first.result;
  context.say(`case ${one.id}: late, and nothing else; a second try decides: ${failed.join("; ")}`);
  const second = await tryCase(one, context, failed);
  return "skip" in second ? second : second.result;
}

interface Tried {
  readonly result: FaultResult;
  /** It has failed, and for nothing but time. */
  readonly isLateOnly: boolean;
}

async function tryCase(
  one: FaultCase,
  context: CaseContext,
  repeatedFor: readonly string[] | null,
): Promise<Tried | CaseSkip> {
  const startedMs = performance.now();
  const how = () => ({ ...context, repeatedFor, seconds: Math.round((performance.now() - startedMs) / 1e3) });
  try {
    const outcome = await inScope(() => one.run(context), {
      timeoutMs: 1e3 * (context.isFull ? Math.max(MAX_FULL_S, 1.5 * one.seconds(context)) : MAX_SHORT_S),
      onLeft: (processes) => context.say(`case ${one.id}: ${processes} processes were left, and are killed`),
    });
    if ("skip" in outcome) return outcome;
    const failed = outcome.checks.filter(({ holds }) => !holds);
    const isLateOnly = failed.length > 0 && failed.every(({ isOfTime }) => isOfTime === true);
    return { result: createResult(one, outcome, how()), isLateOnly };
  } catch (error) {
    context.say(`case ${one.id}: ${(error as Error)?.stack ?? error}`);
    return { result: createFailure(one, error, how()), isLateOnly: false };
  }
}
