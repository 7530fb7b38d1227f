// The texts that events are counted by, each bounded in its number: whoever makes them up must not make a row of each.
import { tradingEvents } from "@tracebook/core";
import type { EventData, EventInput } from "../store-input.ts";
import { KnownTexts } from "./known-texts.ts";
import { MAX_REASON_TEXTS, OTHER_REASONS, shortenReason } from "./reason-texts.ts";

/** What texts beyond their number are counted, and found, under. */
export const OTHER = "other";

const MAX_EVENT_TYPES = 2_000;
/** Of symbols, of strategies, of reason codes. */
const MAX_LABELS = 10_000;

/** Never too many: what is built on them must be there, whatever else somebody has made up. */
const OWN_TYPES: ReadonlySet<string> = new Set([
  ...Object.values(tradingEvents).map((event) => event.eventType),
  "decision",
  "log",
]);

/** How often something was counted under {@link OTHER}. */
export interface OtherCounts {
  readonly eventTypes: number;
  readonly symbols: number;
  readonly strategies: number;
  readonly reasonCodes: number;
}

/** The first texts that something is counted by already, no more than `most`. */
type LoadTexts = (most: number) => Iterable<string>;

/** What is counted already, by which a writer begins. */
export interface CountedTexts {
  readonly eventTypes: LoadTexts;
  readonly symbols: LoadTexts;
  readonly strategies: LoadTexts;
  readonly reasonCodes: LoadTexts;
  readonly reasons: LoadTexts;
}

/** The keys of one writer, of whatever database. */
export class CountKeys {
  readonly #eventTypes: KnownTexts;
  readonly #symbols: KnownTexts;
  readonly #strategies: KnownTexts;
  readonly #reasonCodes: KnownTexts;
  readonly #reasons: KnownTexts;

  constructor(counted: CountedTexts) {
    const labels = (load: LoadTexts) => new KnownTexts({ most: MAX_LABELS, other: OTHER, load });
    this.#eventTypes = new KnownTexts({
      most: MAX_EVENT_TYPES,
      other: OTHER,
      always: OWN_TYPES,
      load: counted.eventTypes,
    });
    this.#symbols = labels(counted.symbols);
    this.#strategies = labels(counted.strategies);
    this.#reasonCodes = labels(counted.reasonCodes);
    this.#reasons = new KnownTexts({ most: MAX_REASON_TEXTS, other: OTHER_REASONS, load: counted.reasons });
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
