// The texts that events are counted by, each bounded in its number: whoever makes them up must not make a row of each.
import type { DatabaseSync } from "node:sqlite";
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

/** The keys of one writer. */
export class CountKeys {
  readonly #eventTypes: KnownTexts;
  readonly #symbols: KnownTexts;
  readonly #strategies: KnownTexts;
  readonly #reasonCodes: KnownTexts;
  readonly #reasons: KnownTexts;

  constructor(database: DatabaseSync) {
    const inIndex = (column: string, index: string) => (most: number) => textsOf(database, steps(column, index), most);
    const inCounts = (column: string) => (most: number) =>
      textsOf(
        database,
        `SELECT DISTINCT ${column} AS text FROM reason_rollups WHERE resolution = 86400 AND ${column} <> '' LIMIT ?`,
        most,
      );
    this.#eventTypes = new KnownTexts({
      most: MAX_EVENT_TYPES,
      other: OTHER,
      always: OWN_TYPES,
      load: inIndex("event_type", "idx_event_type"),
    });
    this.#symbols = new KnownTexts({ most: MAX_LABELS, other: OTHER, load: inIndex("symbol", "idx_symbol") });
    this.#strategies = new KnownTexts({ most: MAX_LABELS, other: OTHER, load: inCounts("strategy") });
    this.#reasonCodes = new KnownTexts({ most: MAX_LABELS, other: OTHER, load: inCounts("reason_code") });
    this.#reasons = new KnownTexts({ most: MAX_REASON_TEXTS, other: OTHER_REASONS, load: inCounts("reason") });
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

/** From each value of a column to the next, in an index that begins with it. */
function steps(column: string, index: string): string {
  return `WITH RECURSIVE texts (text) AS (
      SELECT (SELECT min(${column}) FROM telemetry_events INDEXED BY ${index} WHERE ${column} IS NOT NULL)
      UNION ALL
      SELECT (SELECT min(${column}) FROM telemetry_events INDEXED BY ${index} WHERE ${column} > texts.text)
      FROM texts WHERE texts.text IS NOT NULL
    ) SELECT text FROM texts WHERE text IS NOT NULL LIMIT ?`;
}

function* textsOf(database: DatabaseSync, sql: string, most: number): Iterable<string> {
  for (const row of database.prepare(sql).iterate(most)) yield (row as { text: string }).text;
}
