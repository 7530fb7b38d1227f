// A scan, observed: a run of its own, one flow around all of its symbols, and a begin and an end on the record.
import { defineFlow, tradingEvents, withRun } from "@tracebook/node";
import { toPair } from "@tracebook-examples/basis-arbitrage/market";
import type { Logger } from "pino";
import type { MarketWatch } from "../market/market-watch.ts";
import type { SymbolLook } from "../market/symbol-watch.ts";
import { toErrorFacts } from "./error-event.ts";
import type { Profile } from "./profile.ts";
import { createScanCounts, type ScanCounts, type ScanResult } from "./scan-counts.ts";
import { createSetAside } from "./set-aside.ts";
import { type SymbolOutcome, scanSymbol } from "./symbol-scan.ts";

/** Made by `createScanner`. */
export interface Scanner {
  readonly counts: Readonly<ScanCounts>;
  /** Scans every symbol that is due, once. Rejects never; not to be called while a scan is running. */
  scan(): Promise<ScanResult>;
}

/** What a scanner works with. */
export interface ScannerParts {
  readonly watch: Pick<MarketWatch, "isSilent" | "ask" | "look">;
  readonly symbols: readonly string[];
  readonly profile: Profile;
  /** The `run_id` of the scan of this number, counted from 1; unlike that of any other scan. */
  readonly runIdOf: (scan: number) => string;
  readonly logger: Logger;
  /** Monotonic milliseconds; default: the clock. */
  readonly nowMs?: () => number;
}

/** `collect`: look at each symbol, asking the venue where nothing is heard; `assess`: a flow `scan_symbol` for each. */
const scanFlow = defineFlow("scan", { stages: ["collect", "assess"] });

/** A scanner that has scanned nothing. */
export function createScanner(parts: ScannerParts): Scanner {
  return new MarketScanner(parts);
}

class MarketScanner implements Scanner {
  readonly counts = createScanCounts();
  readonly #parts: ScannerParts;
  readonly #setAside = createSetAside();
  #started = 0;

  constructor(parts: ScannerParts) {
    this.#parts = { ...parts };
  }

  scan(): Promise<ScanResult> {
    const { profile, runIdOf } = this.#parts;
    const scan = ++this.#started;
    return withRun(runIdOf(scan), () =>
      scanFlow.run({ profile: profile.name, scan }, async (flow) => {
        const startMs = this.#nowMs();
        const symbols = this.#dueSymbols(scan);
        const pairs = symbols.map(toPair);
        tradingEvents.scanStarted.emit({ symbols: pairs, profile: profile.name, symbol_count: pairs.length });
        const looks = await this.#collect(symbols);
        flow.mark("collect");
        const outcomes = looks.map((look) => this.#assess(look, scan));
        flow.mark("assess");
        const result = this.#count(outcomes);
        tradingEvents.scanCompleted.emit({
          symbols_scanned: result.symbols,
          signals_generated: result.generated,
          signals_rejected: result.rejected,
          duration_ms: Math.round((this.#nowMs() - startMs) * 1e3) / 1e3,
        });
        this.#parts.logger.info({ scan, ...result }, "scan completed");
        flow.stop(result.generated > 0 ? "signals_generated" : "no_signal");
        return result;
      }),
    );
  }

  /** All but those that have failed lately, unless the venue has begun to send about them. */
  #dueSymbols(scan: number): readonly string[] {
    const { symbols, watch } = this.#parts;
    return symbols.filter((symbol) => this.#setAside.isDue(symbol, scan) || !watch.isSilent(symbol));
  }

  async #collect(symbols: readonly string[]): Promise<readonly SymbolLook[]> {
    const { watch } = this.#parts;
    await Promise.all(symbols.filter((symbol) => watch.isSilent(symbol)).map((symbol) => watch.ask(symbol)));
    return watch.look(symbols);
  }

  #assess(look: SymbolLook, scan: number): SymbolOutcome {
    const outcome = scanSymbol(look, this.#parts.profile);
    if (outcome.kind !== "error") this.#setAside.recovered(look.symbol);
    else {
      this.#setAside.failed(look.symbol, scan);
      const { error_type, error_message } = toErrorFacts(outcome.error);
      this.#parts.logger.info({ symbol: look.symbol, error_type, error_message }, "symbol could not be scanned");
    }
    return outcome;
  }

  #count(outcomes: readonly SymbolOutcome[]): ScanResult {
    const { counts } = this;
    const countOf = (kind: SymbolOutcome["kind"]): number => outcomes.filter((outcome) => outcome.kind === kind).length;
    const [generated, rejected, errors] = [countOf("generated"), countOf("rejected"), countOf("error")];
    counts.scans++;
    counts.symbolsScanned += outcomes.length;
    counts.generated += generated;
    counts.rejected += rejected;
    counts.errors += errors;
    for (const outcome of outcomes)
      if (outcome.kind === "rejected")
        counts.rejections.set(outcome.reason, (counts.rejections.get(outcome.reason) ?? 0) + 1);
    return { symbols: outcomes.length, generated, rejected, errors };
  }

  #nowMs(): number {
    return (this.#parts.nowMs ?? (() => performance.now()))();
  }
}
