// The items of one request, until all of it is known to be sound.
import { OtlpError } from "./otlp-error.ts";
import type { OtlpSettings } from "./otlp-options.ts";

/** What came of a request. */
export interface OtlpReading {
  /** Items that were taken. */
  readonly accepted: number;
  /** Items that were left out: those after which a sender should look, not those that hold nothing. */
  readonly rejected: number;
  /** Why the first of them was left out, and where it stands; undefined when none was. */
  readonly message: string | undefined;
}

/** Where a reader is: a byte offset or a JSON path. */
export interface Place {
  here(): string;
}

/** Collects items, counts those that are none. */
export class ItemList<T extends object> {
  readonly settings: OtlpSettings;
  readonly #place: Place;
  readonly #items: T[] = [];
  #seen = 0;
  #rejected = 0;
  #message: string | undefined;

  constructor(settings: OtlpSettings, place: Place) {
    this.settings = settings;
    this.#place = place;
  }

  /** Call before an item is read. Throws for one too many. */
  begin(): void {
    if (++this.#seen <= this.settings.maxItems) return;
    const most = this.settings.maxItems;
    throw new OtlpError("too_many_items", `The request holds more than ${most} items: see ${this.#place.here()}.`);
  }

  add(item: T): void {
    this.#items.push(item);
  }

  /** Takes an item, or leaves it out: undefined is none by intention, a text says why it is none, without a full stop. */
  addOrReject(item: T | string | undefined): void {
    if (item === undefined) return;
    if (typeof item !== "string") return this.add(item);
    this.#rejected++;
    this.#message ??= `${item} (${this.#place.here()}).`;
  }

  /** Hands over all items in their order. */
  giveTo(take: (item: T) => void): OtlpReading {
    for (const item of this.#items) take(item);
    return { accepted: this.#items.length, rejected: this.#rejected, message: this.#message };
  }
}
