// One symbol within a scan, observed: a flow of its own with its decision, its quality gates, and the signal or why there is none.
import { decisions, defineFlow, tradingEvents } from "@tracebook/node";
import { formatFixed, toPair } from "@tracebook-examples/basis-arbitrage/market";
import { findOpportunity, type Opportunity } from "../analysis/opportunity.ts";
import type { SymbolLook } from "../market/symbol-watch.ts";
import { toErrorFacts } from "./error-event.ts";
import type { Profile } from "./profile.ts";
import { hundredths, judgeData, judgeOpportunity, type ScanVerdict } from "./quality-gates.ts";
import { reasonOf } from "./reason-codes.ts";

/** How a symbol came out of a scan. */
export type SymbolOutcome =
  | { readonly kind: "generated" }
  | { readonly kind: "rejected"; readonly reason: string }
  | { readonly kind: "error"; readonly error: unknown };

const STRATEGY = "confluence";

const symbolFlow = defineFlow("scan_symbol", { stages: ["evaluate", "gate", "emit"] });

/**
 * Judges one symbol and puts everything about it on the record. What the venue refused, or what went wrong here, is an error of
 * this symbol alone. Never throws.
 */
export function scanSymbol(look: SymbolLook, profile: Profile): SymbolOutcome {
  const symbol = toPair(look.symbol);
  return symbolFlow.run({ symbol, strategy: STRATEGY, profile: profile.name }, (flow): SymbolOutcome => {
    try {
      if (look.market === undefined && look.error !== undefined) throw look.error;
      const [verdict, opportunity] = evaluate(look, profile);
      flow.mark("evaluate");
      decisions.record(verdict);
      emitGates(verdict, symbol);
      flow.mark("gate");
      const outcome = emitSignal(verdict, opportunity, symbol);
      flow.mark("emit");
      return outcome;
    } catch (error) {
      tradingEvents.errorOccurred.emit(toErrorFacts(error, symbol));
      flow.fail(error);
      return { kind: "error", error };
    }
  });
}

function evaluate(look: SymbolLook, profile: Profile): readonly [ScanVerdict, Opportunity | undefined] {
  const data = judgeData(look, profile);
  if (!data.accepted || look.market === undefined) return [data, undefined];
  const opportunity = findOpportunity(look.market);
  return [judgeOpportunity(look, opportunity, profile), opportunity];
}

/** One event a gate, in their order, up to the first that did not pass. */
function emitGates({ gates }: ScanVerdict, symbol: string): void {
  for (const { gate_name, passed, score, threshold, comparison, details } of gates) {
    const facts = typeof details === "string" ? { note: details } : details;
    const gate = { symbol, gate_name, details: { score, threshold, comparison, ...facts } };
    if (passed) tradingEvents.qualityGatePassed.emit(gate);
    else return tradingEvents.qualityGateFailed.emit(gate);
  }
}

function emitSignal(verdict: ScanVerdict, opportunity: Opportunity | undefined, symbol: string): SymbolOutcome {
  if (verdict.accepted && opportunity !== undefined) {
    tradingEvents.signalGenerated.emit(signalOf(opportunity, symbol));
    return { kind: "generated" };
  }
  const reason = reasonOf(verdict.reasonCode);
  const failed = verdict.gates.find(({ passed }) => !passed);
  tradingEvents.signalRejected.emit({
    symbol,
    reason_code: verdict.reasonCode,
    reason,
    ...(failed === undefined ? undefined : { gate_name: failed.gate_name }),
    ...(failed?.score === undefined ? undefined : { score: failed.score }),
    ...(failed?.threshold === undefined ? undefined : { threshold: failed.threshold }),
  });
  return { kind: "rejected", reason };
}

function signalOf(opportunity: Opportunity, symbol: string) {
  const { direction, setupType, score, entry, stop, target, rewardPercent } = opportunity;
  return {
    symbol,
    direction,
    // Statistics, not money: numbers, as their readers expect.
    confidence_score: Number(hundredths(score)),
    setup_type: setupType,
    entry_price: formatFixed(entry),
    risk_reward_ratio: Number(hundredths(rewardPercent)),
    stop_price: formatFixed(stop),
    target_price: formatFixed(target),
  };
}
