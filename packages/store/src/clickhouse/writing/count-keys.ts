// The texts that events are counted by, each bounded in its number: whoever makes them up must not make a row of each.
import { tradingEvents } from "@tracebook/core";
import { OTHER, type OtherCounts } from "../../sqlite/count-keys.ts";
import { KnownTexts } from "../../sqlite/known-texts.ts";
import { MAX_REASON_TEXTS, OTHER_REASONS, shortenReason } from "../../sqlite/reason-texts.ts";
import type { EventData, EventInput } from "../../store-input.ts";
import type { Connection } from "../connection.ts";

const MAX_EVENT_TYPES = 2_000;
/** Of symbols, of strategies, of reason codes. */
const MAX_LABELS = 10_000;

/** Never too many: what is built on them must be there, whatever else somebody has made up. */
const OWN_TYPES: ReadonlySet<string> = new Set([
  ...Object.values(tradingEvents).map((event) => event.eventType),
  "decision",
  "log",
]);

/** The keys of one writer. */
export class CountKeys {
  readonly #eventTypes: KnownTexts;
  readonly #symbols: KnownTexts;
  readonly #strategies: KnownTexts;
  readonly #reasonCodes: KnownTexts;
  readonly #reasons: KnownTexts;

  private constructor(
    texts: Readonly<Record<"eventTypes" | "symbols" | "strategies" | "reasonCodes" | "reasons", readonly string[]>>,
  ) {
    const known = (most: number, load: readonly string[], other = OTHER) =>
      new KnownTexts({ most, other, load: (wanted) => load.slice(0, wanted) });
    this.#eventTypes = new KnownTexts({
      most: MAX_EVENT_TYPES,
      other: OTHER,
      always: OWN_TYPES,
      load: (most) => texts.eventTypes.slice(0, most),
    });
    this.#symbols = known(MAX_LABELS, texts.symbols);
    this.#strategies = known(MAX_LABELS, texts.strategies);
    this.#reasonCodes = known(MAX_LABELS, texts.reasonCodes);
    this.#reasons = known(MAX_REASON_TEXTS, texts.reasons, OTHER_REASONS);
  }

  /** Reads which there are. Cost: a few counts by the day. */
  static async load(connection: Connection): Promise<CountKeys> {
    const texts = async (column: string, table: string): Promise<readonly string[]> => {
      const rows = await connection.lists(
        `SELECT DISTINCT ${column} FROM ${table} WHERE resolution = 86400 AND ${column} != '' LIMIT ${2 * MAX_LABELS}`,
      );
      return rows.map(([text]) => String(text));
    };
    const [eventTypes, symbols, strategies, reasonCodes, reasons] = await Promise.all([
      texts("event_type", "event_rollups"),
      texts("symbol", "event_rollups"),
      texts("strategy", "reason_rollups"),
      texts("reason_code", "reason_rollups"),
      texts("reason_text", "reason_rollups"),
    ]);
    return new CountKeys({ eventTypes, symbols, strategies, reasonCodes, reasons });
  }

  /** The event under a type and a symbol that are told apart; what it was called goes into its data. Nearly always itself. */
  event(event: EventInput): EventInput {
    const { eventType, symbol } = event;
    const knownType = this.#eventTypes.bounded(eventType);
    const knownSymbol = symbol === undefined ? undefined : this.#symbols.bounded(symbol);
    if (knownType === eventType && knownSymbol === symbol) return event;
    const given: EventData = {
      ...(knownType === eventType ? undefined : { given_event_type: eventType }),
      ...(symbol === undefined || knownSymbol === symbol ? undefined : { given_symbol: symbol }),
    };
    return { ...event, eventType: knownType, symbol: knownSymbol, data: { ...event.data, ...given } };
  }

  strategy(strategy: string): string {
    return this.#strategies.bounded(strategy);
  }

  reasonCode(reasonCode: string): string {
    return this.#reasonCodes.bounded(reasonCode);
  }

  /** The sentence of a rejected signal, cut. */
  reason(reason: string): string {
    return this.#reasons.bounded(shortenReason(reason));
  }

  others(): OtherCounts {
    return {
      eventTypes: this.#eventTypes.others,
      symbols: this.#symbols.others,
      strategies: this.#strategies.others,
      reasonCodes: this.#reasonCodes.others,
    };
  }

  commit(): void {
    for (const texts of this.#all()) texts.commit();
  }

  rollBack(): void {
    for (const texts of this.#all()) texts.rollBack();
  }

  #all(): readonly KnownTexts[] {
    return [this.#eventTypes, this.#symbols, this.#strategies, this.#reasonCodes, this.#reasons];
  }
}
