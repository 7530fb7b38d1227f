// Turns a record into one journal line, bytes straight into the writer's buffer.
import { toTimestamp } from "@tracebook/core";
import type { ByteJsonWriter, EventKind, EventRecord } from "@tracebook/core/extension";

/** A line of more bytes than this keeps its head and loses its data: readers take up to 4 MiB for a line. */
const MAX_LINE_BYTES = 1_048_576;

/** Symbols whose text is kept ready; a service has tens, an attack has millions. */
const MAX_SYMBOLS = 4_096;
const QUOTE_BRACE = 0x7b;
const ZERO = 0x30;
const NOTHING = new Uint8Array(0);
const SEQ = toBytes('{"seq":');
const SPAN_ID = toBytes(',"span_id":');
const NO_SYMBOL = toBytes(',"data":');
const END = toBytes("}\n");

/** What the lines of one kind have in common, up to the second of their timestamp. */
interface KindHead {
  readonly text: string;
  second: number;
  withSecond: Uint8Array;
}

/**
 * Encodes the records of one instance. Data that cannot be read is replaced by a word that says so; what throws is a record that is
 * none (a run that cannot be made text, an id that is no number), and may leave the beginning of its line.
 */
export class LineEncoder {
  readonly #out: ByteJsonWriter;
  readonly #instance: string;
  readonly #heads = new Map<EventKind, KindHead>();
  readonly #symbols = new Map<string, Uint8Array>();
  readonly #words = new Int32Array(6);
  #second = Number.NaN;
  #secondText = "";
  #runId: string | undefined;
  #run: Uint8Array = NOTHING;
  #runTraced: Uint8Array = NOTHING;

  constructor(out: ByteJsonWriter, instanceId: string) {
    this.#out = out;
    this.#instance = this.#toJson(instanceId);
  }

  /**
   * Appends `{"seq":...,"data":{...}}\n`. `epochMicros` is the record's time of day, within the years 0 to 9999. Cost: about half
   * a microsecond for a decision; allocates nothing but what `toData` returns.
   */
  encode(record: EventRecord, epochMicros: number): void {
    const out = this.#out;
    const { kind, symbol } = record;
    const second = Math.floor(epochMicros / 1e6);
    // Prepared texts first: making one uses the end of the buffer.
    const head = this.#headOf(kind, second);
    if (record.runId !== this.#runId) this.#changeRun(record.runId);
    const tail = typeof symbol === "string" ? this.#symbolOf(symbol) : NO_SYMBOL;
    const start = out.mark();
    out.fragment(SEQ);
    out.uint(record.seq);
    out.fragment(head.withSecond);
    this.#micros(epochMicros - second * 1e6);
    if (record.traced) this.#ids(record);
    else out.fragment(this.#run);
    out.fragment(tail);
    this.#data(record, out.length, start);
    out.fragment(END);
  }

  #ids(record: EventRecord): void {
    const words = this.#words;
    words[0] = record.trace0;
    words[1] = record.trace1;
    words[2] = record.trace2;
    words[3] = record.trace3;
    words[4] = record.span0;
    words[5] = record.span1;
    this.#out.fragment(this.#runTraced);
    this.#out.hex(words, 0, 4);
    // A record can belong to a trace that was only named to it: then there is no span.
    if (words[4] === 0 && words[5] === 0) return;
    this.#out.fragment(SPAN_ID);
    this.#out.hex(words, 4, 2);
  }

  #data(record: EventRecord, at: number, start: number): void {
    const out = this.#out;
    const { kind, payload } = record;
    try {
      if (kind.writeData !== undefined) kind.writeData(payload, record, out);
      else out.value(kind.toData(payload, record));
      if (out.overflowed || out.length - start > MAX_LINE_BYTES) this.#insteadOfData(at, "too_large");
      // The data of a line is an object, whatever a host made of it.
      else if (out.bytes[at] !== QUOTE_BRACE) this.#insteadOfData(at, "not_an_object");
    } catch {
      this.#insteadOfData(at, "unreadable");
    }
  }

  #insteadOfData(at: number, problem: string): void {
    this.#out.rewind(at);
    this.#out.raw(`{"data_error":"${problem}"}`);
  }

  #headOf(kind: EventKind, second: number): KindHead {
    let head = this.#heads.get(kind);
    if (head === undefined) {
      const text = `,"instance_id":${this.#instance},"event_type":${this.#toJson(kind.eventType)},"timestamp":"`;
      head = { text, second: Number.NaN, withSecond: NOTHING };
      this.#heads.set(kind, head);
    }
    if (head.second !== second) {
      if (second !== this.#second) {
        this.#second = second;
        this.#secondText = toTimestamp(second * 1e6).slice(0, 20);
      }
      head.second = second;
      head.withSecond = toBytes(head.text + this.#secondText);
    }
    return head;
  }

  #changeRun(runId: string): void {
    const run = `Z","run_id":${this.#toJson(runId)}`;
    // Not before: what throws while it is made text must not leave the text of another run behind.
    this.#runId = runId;
    this.#run = toBytes(run);
    this.#runTraced = toBytes(`${run},"trace_id":`);
  }

  #symbolOf(symbol: string): Uint8Array {
    let text = this.#symbols.get(symbol);
    if (text === undefined) {
      if (this.#symbols.size >= MAX_SYMBOLS) this.#symbols.clear();
      text = toBytes(`,"symbol":${this.#toJson(symbol)},"data":`);
      this.#symbols.set(symbol, text);
    }
    return text;
  }

  /** Six digits, always; far from today the time is coarser than a microsecond and may round to a neighbour second. */
  #micros(value: number): void {
    const out = this.#out;
    let rest = Math.min(Math.max(value, 0), 999_999) | 0;
    for (let unit = 100_000; unit > 0; unit = (unit / 10) | 0) {
      const digit = (rest / unit) | 0;
      out.byte(ZERO + digit);
      rest -= digit * unit;
    }
  }

  /** A string as the writer writes it: escaped, bounded, redacted. */
  #toJson(text: string): string {
    const out = this.#out;
    const at = out.mark();
    out.string(String(text));
    const json = Buffer.from(out.bytes.buffer, out.bytes.byteOffset + at, out.length - at).toString("utf8");
    out.rewind(at);
    return json;
  }
}

/** Text as bytes, prepared once: copying bytes costs a tenth of reading a string character by character. */
function toBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "utf8"));
}
