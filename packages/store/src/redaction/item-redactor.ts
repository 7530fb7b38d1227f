// Takes the secrets out of what comes from other processes, and bounds it, before it is stored.
import { createRedactor, type Redactor } from "@tracebook/core";
import { boundValue } from "@tracebook/core/extension";
import type { Cleaner } from "../otlp/otlp-options.ts";
import type { EventData, EventInput, JsonValue, MetricPointInput, SpanInput } from "../store-input.ts";
import { joinPhrases } from "./phrase-list.ts";
import { PlainData } from "./plain-data.ts";

/** What was changed since the redactor was made. */
export interface RedactionCounts {
  /** Values, or parts of texts, that held a secret. */
  readonly redacted: number;
  /** Texts, lists, objects and items that were cut or left out. */
  readonly truncated: number;
}

/** An event or a link of a span. */
interface Part {
  readonly attributes: EventData;
}

const ITEM_BYTES = 65_536;
/** The least that `boundValue` takes. */
const LEAST_BYTES = 2_048;
const MESSAGE_BYTES = 4_096;
/** Of names that a sender makes up: metrics, spans, scopes. */
const NAME_BYTES = 1_024;
/** A UTF-16 unit is three bytes of UTF-8 at most. */
const UNIT_BYTES = 3;
/** Labels are part of a key, and there are many series. */
const LABEL_BYTES = 8_192;
/** What a part takes beside its attributes. */
const PART_BYTES = 128;

/**
 * Redacts and bounds items: 4 KiB a value, 64 KiB an item, eight lists and objects within each other. What needs neither is given back as it
 * is: what our own services send has been redacted already. Never throws for an item. Cost: 0.7 us for a decision in which there is nothing to do.
 */
export class ItemRedactor implements Cleaner {
  readonly #redactor: Redactor;
  readonly #plain: PlainData;
  readonly #counts = { redacted: 0, truncated: 0 };

  /** `keys` are names whose values are secrets, beside those that are known. Throws a TypeError for what is no name. */
  constructor(keys: readonly string[] = []) {
    this.#redactor = createRedactor({ keys });
    this.#plain = new PlainData(this.#redactor);
  }

  counts(): RedactionCounts {
    return { ...this.#counts };
  }

  /** A text of an id or a name, whole: a secret that was cut in two is not recognised any more. */
  text(text: string): string {
    const clean = this.#redactor.text(text);
    if (clean !== text) this.#counts.redacted++;
    return clean;
  }

  /** A nested value. */
  value(value: JsonValue): JsonValue {
    return this.#bound(value, ITEM_BYTES);
  }

  /** The texts of its columns go through {@link text} when they are read. */
  event(event: EventInput): EventInput {
    const data = this.#data(event.data, ITEM_BYTES);
    return data === event.data ? event : { ...event, data };
  }

  /** The same: its source was read so. */
  span(span: SpanInput): SpanInput {
    const name = this.#bounded(span.name, NAME_BYTES);
    const scope = this.#bounded(span.scope, NAME_BYTES);
    const statusMessage = this.#bounded(span.statusMessage, MESSAGE_BYTES);
    const attributes = this.#data(span.attributes, ITEM_BYTES);
    const isSame =
      name === span.name &&
      scope === span.scope &&
      statusMessage === span.statusMessage &&
      attributes === span.attributes;
    if (isSame && span.events.length === 0 && span.links.length === 0) return span;
    const budget = { left: ITEM_BYTES - sizeOf(attributes) };
    const events = this.#parts(budget, span.events).map((event) => {
      return { ...event, name: this.#bounded(event.name, NAME_BYTES) };
    });
    return { ...span, name, scope, statusMessage, attributes, events, links: this.#parts(budget, span.links) };
  }

  /** The same. */
  point(point: MetricPointInput): MetricPointInput {
    const texts = {
      name: this.#bounded(point.name, NAME_BYTES),
      unit: this.#bounded(point.unit, NAME_BYTES),
      description: this.#bounded(point.description, NAME_BYTES),
    };
    const labels = this.#plain.isPlain(point.labels, LABEL_BYTES, NAME_BYTES)
      ? point.labels
      : (this.#bound(point.labels, LABEL_BYTES, NAME_BYTES) as MetricPointInput["labels"]);
    return { ...point, ...texts, labels };
  }

  #data(data: EventData, eventBytes: number): EventData {
    return this.#plain.isPlain(data, eventBytes) ? data : (this.#bound(data, eventBytes) as EventData);
  }

  #bound(value: JsonValue, eventBytes: number, stringBytes?: number): JsonValue {
    const limits = stringBytes === undefined ? { eventBytes } : { eventBytes, stringBytes };
    return boundValue(joinPhrases(value, this.#redactor), { redactor: this.#redactor, counters: this.#counts, limits });
  }

  #bounded(text: string, maxBytes: number): string {
    if (text.length * UNIT_BYTES <= maxBytes && this.#redactor.text(text) === text) return text;
    return this.#bound(text, ITEM_BYTES, maxBytes) as string;
  }

  /** As many as there is room for. */
  #parts<T extends Part>(budget: { left: number }, parts: readonly T[]): readonly T[] {
    const kept: T[] = [];
    for (const part of parts) {
      if (budget.left < LEAST_BYTES) break;
      const attributes = this.#data(part.attributes, budget.left);
      budget.left -= PART_BYTES + sizeOf(attributes);
      kept.push(attributes === part.attributes ? part : { ...part, attributes });
    }
    this.#counts.truncated += parts.length - kept.length;
    return kept;
  }
}

function sizeOf(data: EventData): number {
  return JSON.stringify(data).length;
}
