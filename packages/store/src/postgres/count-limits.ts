// The texts that events are counted by, each bounded in its number and its length: whoever makes them up must not make a row of each.
import { tradingEvents } from "@tracebook/core";
import { cutText, MAX_ID_UNITS } from "../otlp/text-limit.ts";
import type { OtherCounts } from "../sqlite/count-keys.ts";
import { KnownTexts } from "../sqlite/known-texts.ts";
import { MAX_REASON_TEXTS, OTHER_REASONS, shortenReason } from "../sqlite/reason-texts.ts";
import type { EventData, EventInput } from "../store-input.ts";
import type { SqlClient } from "./sql-client.ts";

const OTHER = "other";
const MAX_EVENT_TYPES = 2_000;
/** Of symbols, of strategies, of reason codes. */
const MAX_LABELS = 10_000;
/** A key of a B-tree is up to 2,704 bytes long, and a UTF-16 unit up to three: that is room for all that are part of one key. */
const MAX_TYPE_UNITS = 128;
const MAX_LABEL_UNITS = 200;

/** Never too many: what is built on them must be there, whatever else somebody has made up. */
const OWN_TYPES: ReadonlySet<string> = new Set([
  ...Object.values(tradingEvents).map((event) => event.eventType),
  "decision",
  "log",
]);

/** What is counted already, by which a writer begins. */
interface KnownKeys {
  readonly eventTypes: readonly string[];
  readonly symbols: readonly string[];
  readonly strategies: readonly string[];
  readonly reasonCodes: readonly string[];
  readonly reasons: readonly string[];
}

/** Reads what is counted already: of days, of which there are few. */
export async function readKnownKeys(client: SqlClient): Promise<KnownKeys> {
  const read = async (table: string, column: string, most: number) =>
    (
      await client.rows<{ text: string }>(
        `SELECT DISTINCT ${column} AS text FROM ${table} WHERE resolution = 86400 AND ${column} <> '' LIMIT $1`,
        [most + OWN_TYPES.size + 2],
      )
    ).map(({ text }) => text);
  return {
    eventTypes: await read("event_rollups", "event_type", MAX_EVENT_TYPES),
    symbols: await read("event_rollups", "symbol", MAX_LABELS),
    strategies: await read("reason_rollups", "strategy", MAX_LABELS),
    reasonCodes: await read("reason_rollups", "reason_code", MAX_LABELS),
    reasons: await read("reason_rollups", "reason", MAX_REASON_TEXTS),
  };
}

/** The bounds of one writer. Several writers of a database have each its own: together they may tell apart a few more. */
export class CountLimits {
  readonly #eventTypes: KnownTexts;
  readonly #symbols: KnownTexts;
  readonly #strategies: KnownTexts;
  readonly #reasonCodes: KnownTexts;
  readonly #reasons: KnownTexts;

  constructor(known: KnownKeys) {
    const labels = (texts: readonly string[]) => new KnownTexts({ most: MAX_LABELS, other: OTHER, load: () => texts });
    this.#eventTypes = new KnownTexts({
      most: MAX_EVENT_TYPES,
      other: OTHER,
      always: OWN_TYPES,
      load: () => known.eventTypes,
    });
    this.#symbols = labels(known.symbols);
    this.#strategies = labels(known.strategies);
    this.#reasonCodes = labels(known.reasonCodes);
    this.#reasons = new KnownTexts({ most: MAX_REASON_TEXTS, other: OTHER_REASONS, load: () => known.reasons });
  }

  /** The event under a type and a symbol that are told apart; what it was called goes into its data. Nearly always itself. */
  event(event: EventInput): EventInput {
    const { eventType, symbol, runId } = event;
    const type = this.#eventTypes.bounded(toText(eventType, MAX_TYPE_UNITS));
    const label = symbol === undefined ? undefined : this.#symbols.bounded(toText(symbol, MAX_ID_UNITS));
    const run = runId === undefined ? undefined : toText(runId, MAX_ID_UNITS);
    if (type === eventType && label === symbol && run === runId) return event;
    const given: EventData = {
      ...(type !== eventType && type === OTHER && { given_event_type: eventType }),
      ...(symbol !== undefined && label !== symbol && label === OTHER && { given_symbol: symbol }),
    };
    return { ...event, eventType: type, symbol: label, runId: run, data: { ...event.data, ...given } };
  }

  strategy(strategy: string): string {
    return this.#strategies.bounded(cutText(strategy, MAX_LABEL_UNITS));
  }

  reasonCode(reasonCode: string): string {
    return this.#reasonCodes.bounded(cutText(reasonCode, MAX_LABEL_UNITS));
  }

  /** The sentence of a rejected signal, cut. */
  reason(reason: string): string {
    return this.#reasons.bounded(shortenReason(reason));
  }

  /** What was counted under another name than its own. */
  others(): OtherCounts {
    return {
      eventTypes: this.#eventTypes.others,
      symbols: this.#symbols.others,
      strategies: this.#strategies.others,
      reasonCodes: this.#reasonCodes.others,
    };
  }

  /** The batch that was asked about is written. One that failed is counted when it comes again. */
  commit(): void {
    for (const texts of [this.#eventTypes, this.#symbols, this.#strategies, this.#reasonCodes, this.#reasons])
      texts.commit();
  }
}

/** NUL is no character of a column. */
function toText(text: string, maxUnits: number): string {
  const clean = text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
  return cutText(clean.isWellFormed() ? clean : clean.toWellFormed(), maxUnits);
}
