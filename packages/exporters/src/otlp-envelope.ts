// What surrounds the spans or log records of one request: resource and scope, as the stock serializer writes them.
import { onlyField, otlpFields } from "./otlp-fields.ts";
import { putVarint, varintSize } from "./otlp-writer.ts";

/** Entries of a request, with room in front of them for everything that surrounds them. */
export interface OtlpEntries {
  /** The entries lie from `room` to before `length`. */
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** The envelope of all requests of one signal, one resource and one scope. */
export interface OtlpEnvelope {
  /** How many bytes to leave in front of the entries. */
  readonly room: number;
  /** The request around the entries; written into their own buffer, hence not a copy. `entries` must have been made for this. */
  wrap(entries: OtlpEntries): Uint8Array;
  /** The request around several lots of entries, in their order. Copies. */
  wrapAll(lots: readonly OtlpEntries[]): Uint8Array;
}

/** The place of one entry (a span, a log record) in a request that holds nothing else. */
export interface OtlpEntry {
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

// The field numbers are the same for traces and logs (opentelemetry-proto 1.x: ExportTraceServiceRequest, ExportLogsServiceRequest).
const SIGNALS = 1;
const SCOPES = 2;
const ENTRIES = 2;
const TAG_SIGNALS = 0x0a;
const TAG_SCOPES = 0x12;
const MAX_VARINT = 5;

/** Finds the spans or log records in a request of the stock serializer for one resource and scope: one stands behind the other. */
export function entriesOf(request: Uint8Array): OtlpEntry[] {
  const signals = onlyField(otlpFields(request, 0, request.length), SIGNALS);
  const scopes = onlyField(otlpFields(request, signals.content, signals.end), SCOPES);
  return otlpFields(request, scopes.content, scopes.end).filter((field) => field.number === ENTRIES);
}

/** The same for a request with one of them; throws for any other. */
export function onlyEntry(request: Uint8Array): OtlpEntry {
  const [entry, ...more] = entriesOf(request);
  if (entry === undefined || more.length > 0) throw new RangeError("a request of one entry has another number of them");
  return entry;
}

/** Takes the envelope off a request of the stock serializer that holds one entry. Throws when the request is not built as expected. */
export function envelopeOf(request: Uint8Array): OtlpEnvelope {
  const signals = onlyField(otlpFields(request, 0, request.length), SIGNALS);
  const scopes = onlyField(otlpFields(request, signals.content, signals.end), SCOPES);
  const entry = onlyField(otlpFields(request, scopes.content, scopes.end), ENTRIES);
  const beforeScopes = request.slice(signals.content, scopes.start);
  const beforeEntries = request.slice(scopes.content, entry.start);
  if (scopes.end !== signals.end || entry.end !== scopes.end || signals.end !== request.length)
    throw new RangeError("a schema address stands behind the entries");
  return new Envelope(beforeScopes, beforeEntries);
}

class Envelope implements OtlpEnvelope {
  readonly room: number;
  readonly #beforeScopes: Uint8Array;
  readonly #beforeEntries: Uint8Array;

  constructor(beforeScopes: Uint8Array, beforeEntries: Uint8Array) {
    this.#beforeScopes = beforeScopes;
    this.#beforeEntries = beforeEntries;
    this.room = 2 + 2 * MAX_VARINT + beforeScopes.length + beforeEntries.length;
  }

  wrap({ bytes, length }: OtlpEntries): Uint8Array {
    const from = this.room - this.#headSize(length - this.room);
    this.#putHead(bytes, from, length - this.room);
    return bytes.subarray(from, length);
  }

  wrapAll(lots: readonly OtlpEntries[]): Uint8Array {
    const [only, ...others] = lots;
    if (only !== undefined && others.length === 0) return this.wrap(only);
    const size = lots.reduce((sum, lot) => sum + lot.length - this.room, 0);
    const bytes = new Uint8Array(this.#headSize(size) + size);
    let at = this.#putHead(bytes, 0, size);
    for (const lot of lots) {
      bytes.set(lot.bytes.subarray(this.room, lot.length), at);
      at += lot.length - this.room;
    }
    return bytes;
  }

  #headSize(entriesSize: number): number {
    const scopesSize = this.#beforeEntries.length + entriesSize;
    const signalsSize = this.#beforeScopes.length + 1 + varintSize(scopesSize) + scopesSize;
    return 1 + varintSize(signalsSize) + signalsSize - entriesSize;
  }

  #putHead(bytes: Uint8Array, from: number, entriesSize: number): number {
    const scopesSize = this.#beforeEntries.length + entriesSize;
    bytes[from] = TAG_SIGNALS;
    let at = putVarint(bytes, from + 1, this.#beforeScopes.length + 1 + varintSize(scopesSize) + scopesSize);
    bytes.set(this.#beforeScopes, at);
    at += this.#beforeScopes.length;
    bytes[at] = TAG_SCOPES;
    at = putVarint(bytes, at + 1, scopesSize);
    bytes.set(this.#beforeEntries, at);
    return at + this.#beforeEntries.length;
  }
}
