// Event records as OTLP log records in bytes: a template for each kind, with ids, times, body and attributes put in.
import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { type EventKind, type EventRecord, toEpochMicros } from "@tracebook/core/extension";
import { buildLogRecord, type LogRecordOptions, logAttributes, logBody } from "./log-records.ts";
import { OtlpAttributeSink } from "./otlp-attribute-sink.ts";
import { envelopeOf, type OtlpEnvelope, onlyEntry } from "./otlp-envelope.ts";
import { otlpFields } from "./otlp-fields.ts";
import { placeOfTime, placeOfWords, SPECIMEN_WORDS } from "./otlp-template.ts";
import { arePlain, type OtlpWriter } from "./otlp-writer.ts";

/** Turns event records into the entries of a logs request. */
export interface RecordEncoder {
  readonly envelope: OtlpEnvelope;
  /** Appends a record, as {@link buildLogRecord} would make it, byte for byte. Throws for a payload that cannot be read. Cost: about 2 us. */
  append(record: EventRecord, out: OtlpWriter): void;
}

/** A log record without its body and attributes: what stands before and behind them, and the places in either. */
interface LogTemplate {
  readonly before: Uint8Array;
  readonly time: number;
  readonly behind: Uint8Array;
  readonly observed: number;
  /** -1 for a record of no trace. */
  readonly trace: number;
  readonly span: number;
}

interface KindTemplates {
  /** The event's type, alone and as it stands before a reason. */
  readonly name: Uint8Array;
  readonly nameAndColon: Uint8Array;
  readonly traced: LogTemplate;
  readonly untraced: LogTemplate;
}

const TRACE = SPECIMEN_WORDS.slice(0, 4);
const SPAN = SPECIMEN_WORDS.slice(4, 6);
const TIME_MS = 77;
const TIME_MICROS = 1_733_221_100_998_877;
// LogRecord.body and .attributes, ScopeLogs.log_records (opentelemetry-proto 1.x): number and wire type 2.
const BODY = 5;
const ATTRIBUTES = 6;
const TAG_BODY = 0x2a;
const TAG_ATTRIBUTES = 0x32;
const ENTRY = Uint8Array.of(0x12);
const NO_TRACE = -1;
const MAX_KINDS = 1_024;

/** Makes the encoder. Throws when the stock serializer writes log records in another way than this one can imitate. */
export function createRecordEncoder(options: LogRecordOptions): RecordEncoder {
  return new Encoder(options);
}

class Encoder implements RecordEncoder {
  readonly envelope: OtlpEnvelope;
  readonly #options: LogRecordOptions;
  readonly #kinds = new Map<EventKind, KindTemplates>();
  readonly #sink = new OtlpAttributeSink(TAG_ATTRIBUTES);
  readonly #times = new Float64Array(1);

  constructor(options: LogRecordOptions) {
    this.#options = options;
    const kind = { eventType: "specimen", severityNumber: 9 } as EventKind;
    this.envelope = envelopeOf(serialize(specimen(kind, options, true)));
    // What cannot be imitated is found now, while objects can still take its place, and not with the first record.
    this.#prepare(kind);
  }

  append(record: EventRecord, out: OtlpWriter): void {
    const templates = this.#kinds.get(record.kind) ?? this.#prepare(record.kind);
    const template = record.traced ? templates.traced : templates.untraced;
    const start = out.length;
    const times = this.#times;
    times[0] = record.timeMs;
    toEpochMicros(this.#options.clock, times, 1);
    out.copy(ENTRY);
    const message = out.beginMessage();
    const before = out.length;
    out.copy(template.before);
    out.putTime(before + template.time, times, 0);
    if (!this.#putText(record, templates, out)) {
      out.rewind(start);
      return this.#appendBuilt(record, out);
    }
    const behind = out.length;
    out.copy(template.behind);
    out.putTime(behind + template.observed, times, 0);
    if (template.trace !== NO_TRACE) this.#putIds(record, behind, template, out);
    out.endMessage(message);
  }

  /** Body and attributes; false when an attribute needs the stock serializer. */
  #putText(record: EventRecord, { name, nameAndColon }: KindTemplates, out: OtlpWriter): boolean {
    const { redactor } = this.#options;
    const sink = this.#sink.begin(out);
    const at = out.length;
    if (record.kind.writeLogAttributes?.(record.payload, record, redactor, sink) === true) {
      sink.number("trading.seq", record.seq);
      sink.text("trading.run_id", redactor.text(record.runId));
      // The body stands in front and says again what is among the attributes: only now it is known, and it is bytes already.
      const hasReason = sink.reasonAt >= 0;
      out.insertAnyString(at, TAG_BODY, hasReason ? nameAndColon : name, sink.reasonAt, sink.reasonSize);
      return true;
    }
    const attributes = logAttributes(record, redactor);
    if (!arePlain(attributes)) return false;
    out.anyString(TAG_BODY, logBody(record, attributes));
    out.attributes(TAG_ATTRIBUTES, attributes);
    return true;
  }

  #putIds(record: EventRecord, behind: number, { trace, span }: LogTemplate, out: OtlpWriter): void {
    out.putWord(behind + trace, record.trace0);
    out.putWord(behind + trace + 4, record.trace1);
    out.putWord(behind + trace + 8, record.trace2);
    out.putWord(behind + trace + 12, record.trace3);
    out.putWord(behind + span, record.span0);
    out.putWord(behind + span + 4, record.span1);
  }

  /** Arrays and nested values are written by the stock serializer itself. */
  #appendBuilt(record: EventRecord, out: OtlpWriter): void {
    const request = serialize(buildLogRecord(record, this.#options));
    const entry = onlyEntry(request);
    out.copy(request.subarray(entry.start, entry.end));
  }

  #prepare(kind: EventKind): KindTemplates {
    const templates = {
      name: Buffer.from(kind.eventType, "utf8"),
      nameAndColon: Buffer.from(`${kind.eventType}: `, "utf8"),
      traced: templateOf(serialize(specimen(kind, this.#options, true)), true),
      untraced: templateOf(serialize(specimen(kind, this.#options, false)), false),
    };
    if (this.#kinds.size >= MAX_KINDS) this.#kinds.clear();
    this.#kinds.set(kind, templates);
    return templates;
  }
}

function serialize(record: ReadableLogRecord): Uint8Array {
  const request = ProtobufLogsSerializer.serializeRequest([record]);
  if (request === undefined) throw new RangeError("the serializer has made nothing of a log record");
  return request;
}

/** A record of that kind, with ids and times that are found again; its body and attributes are left out of the template. */
function specimen({ eventType, severityNumber }: EventKind, { resource }: LogRecordOptions, traced: boolean) {
  const record = {
    kind: { eventType, severityNumber, writeLogAttributes: () => true },
    seq: 1,
    timeMs: TIME_MS,
    runId: "specimen",
    traced,
    trace0: TRACE[0],
    trace1: TRACE[1],
    trace2: TRACE[2],
    trace3: TRACE[3],
    span0: SPAN[0],
    span1: SPAN[1],
  } as unknown as EventRecord;
  const clock = { nowMs: () => 0, epochMicros: () => TIME_MICROS };
  return buildLogRecord(record, { clock, resource, redactor: { text: (text: string) => text } as never });
}

function templateOf(request: Uint8Array, traced: boolean): LogTemplate {
  const entry = onlyEntry(request);
  const fields = otlpFields(request, entry.content, entry.end);
  const body = fields.find((field) => field.number === BODY);
  const last = fields.filter((field) => field.number === ATTRIBUTES).at(-1);
  if (body === undefined || last === undefined || last.start < body.end)
    throw new RangeError("the attributes of a log record do not follow its body");
  const before = request.slice(entry.content, body.start);
  const behind = request.slice(last.end, entry.end);
  return {
    before,
    time: placeOfTime(before, TIME_MICROS),
    behind,
    observed: placeOfTime(behind, TIME_MICROS),
    trace: traced ? placeOfWords(behind, TRACE) : NO_TRACE,
    span: traced ? placeOfWords(behind, SPAN) : NO_TRACE,
  };
}
