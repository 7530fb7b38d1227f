// Cards of scans and signals.
import type { StoredEvent } from "../../api/client.ts";
import { amountText, decimalText } from "../../format/decimal-text.ts";
import { durationText } from "../../format/duration-text.ts";
import { customFacts } from "./custom-card.ts";
import type { CardFact, EventCard } from "./event-card.ts";
import { listText, numberField, textField } from "./field-text.ts";
import { symbolUnits } from "./symbol-units.ts";

/** `scan_started` */
export function scanStartedCard({ data }: StoredEvent): EventCard {
  const symbols = Array.isArray(data["symbols"]) ? data["symbols"] : [];
  const count = textField(data, "symbol_count") ?? String(symbols.length);
  return {
    title: "Scan started",
    tone: "info",
    icon: "radar",
    text: `${count} ${count === "1" ? "symbol" : "symbols"}${symbols.length === 0 ? "" : `: ${listText(symbols)}`}`,
    facts: facts(["profile", textField(data, "profile")]),
  };
}

/** `scan_completed` */
export function scanCompletedCard({ data }: StoredEvent): EventCard {
  const scanned = textField(data, "symbols_scanned") ?? "?";
  return {
    title: "Scan completed",
    tone: "info",
    icon: "list-checks",
    text: `${scanned} ${scanned === "1" ? "symbol" : "symbols"} in ${durationText(numberField(data, "duration_ms"))}`,
    facts: facts(
      ["generated", textField(data, "signals_generated")],
      ["rejected", textField(data, "signals_rejected")],
    ),
  };
}

/** `signal_generated` */
export function signalCard({ symbol, data }: StoredEvent): EventCard {
  const { quote } = symbolUnits(symbol ?? textField(data, "symbol"));
  const entry = textField(data, "entry_price");
  return {
    title: "Signal generated",
    tone: "accept",
    icon: "trending-up",
    text: [textField(data, "direction"), textField(data, "setup_type")]
      .filter((part) => part !== undefined)
      .join(" · "),
    facts: facts(
      ["confidence", textField(data, "confidence_score")],
      ["entry", entry === undefined ? undefined : amountText(entry, quote)],
      ["reward to risk", textField(data, "risk_reward_ratio")],
    ),
  };
}

/** `signal`: of a strategy, with its own fields. */
export function tradingSignalCard({ data }: StoredEvent): EventCard {
  const profit = textField(data, "expected_profit");
  const { strategy: _strategy, expected_profit: _profit, ...rest } = data;
  return {
    title: "Signal",
    tone: "info",
    icon: "zap",
    text: textField(data, "strategy") ?? "",
    facts: [
      ...facts(["expected profit", profit === undefined ? undefined : decimalText(profit)]),
      ...customFacts(rest),
    ].slice(0, 6),
  };
}

function facts(...pairs: readonly (readonly [string, string | undefined])[]): CardFact[] {
  return pairs.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
}
