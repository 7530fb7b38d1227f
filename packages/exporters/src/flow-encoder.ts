// Kept flows as OTLP spans in bytes: a template for each stage and one for the root, ids and times put in.

import type { Attributes } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { Resource } from "@opentelemetry/resources";
import type { Clock, Redactor } from "@tracebook/core";
import {
  type EndedFlow,
  type FlowKind,
  hexToWord,
  type IdSource,
  toEpochMicros,
  traceIdToHex,
  wordsToHex,
} from "@tracebook/core/extension";
import {
  buildFlowSpans,
  type FlowSpanOptions,
  isNamedOnce,
  rootAttributes,
  writeNamedAttributes,
} from "./flow-spans.ts";
import { OtlpAttributeSink } from "./otlp-attribute-sink.ts";
import { entriesOf, envelopeOf, type OtlpEnvelope, onlyEntry } from "./otlp-envelope.ts";
import { otlpFields } from "./otlp-fields.ts";
import { placeOfTime, placeOfWords, SPECIMEN_WORDS } from "./otlp-template.ts";
import { arePlain, type OtlpWriter } from "./otlp-writer.ts";

/** Turns kept flows into the entries of a trace request. */
export interface FlowEncoder {
  readonly envelope: OtlpEnvelope;
  /** Appends the spans of a flow, as {@link buildFlowSpans} would make them, byte for byte; returns how many. Cost: about 1 us. */
  append(flow: EndedFlow, out: OtlpWriter): number;
}

/** A span with the places of what differs from flow to flow, relative to its first byte. */
interface SpanTemplate {
  readonly bytes: Uint8Array;
  readonly trace: number;
  readonly span: number;
  readonly parent: number;
  readonly from: number;
  readonly to: number;
}

/** A root span: what stands before its attributes, and what stands behind them. */
interface RootTemplate extends SpanTemplate {
  readonly rest: Uint8Array;
}

interface KindTemplates {
  readonly stages: readonly SpanTemplate[];
  readonly root: RootTemplate;
  readonly child: RootTemplate;
}

const TRACE = SPECIMEN_WORDS.slice(0, 4);
const SPAN = SPECIMEN_WORDS.slice(4, 6);
const PARENT = SPECIMEN_WORDS.slice(6, 8);
const STAGE_SPAN = [0x1a2b3c4d, 0x5d6c7b8a] as const;
const START_MICROS = 1_733_221_100_998_877;
// Span.attributes and ScopeSpans.spans (opentelemetry-proto 1.x): number and wire type 2.
const ATTRIBUTES = 9;
const TAG_ATTRIBUTES = 0x4a;
const TAG_SPAN = 0x12;
const NO_PARENT = -1;
const MAX_KINDS = 1_024;

/** Makes the encoder. Throws when the stock serializer writes spans in another way than this one can imitate. */
export function createFlowEncoder(options: FlowSpanOptions): FlowEncoder {
  return new Encoder(options);
}

class Encoder implements FlowEncoder {
  readonly envelope: OtlpEnvelope;
  readonly #options: FlowSpanOptions;
  readonly #kinds = new Map<FlowKind, KindTemplates>();
  #words = new Int32Array(64);
  #times = new Float64Array(64);
  readonly #sink = new OtlpAttributeSink(TAG_ATTRIBUTES);

  constructor(options: FlowSpanOptions) {
    this.#options = options;
    const kind: FlowKind = { name: "specimen", index: 0, stages: ["specimen"], spanKind: 0 };
    this.envelope = envelopeOf(serialize([specimenSpans(kind, options.resource, undefined)[0]!]));
    // What cannot be imitated is found now, while objects can still take its place, and not with the first flow.
    this.#prepare(kind);
  }

  append(flow: EndedFlow, out: OtlpWriter): number {
    const start = out.length;
    if (isPlain(flow)) {
      const spans = this.#appendPlain(flow, out);
      if (spans > 0) return spans;
      out.rewind(start);
    }
    return this.#appendBuilt(flow, out);
  }

  /** Zero when an attribute needs the stock serializer. The order of reading ids from their source is that of `buildFlowSpans`. */
  #appendPlain(flow: EndedFlow, out: OtlpWriter): number {
    const { clock, ids, redactor } = this.#options;
    const attributes = isNamedOnce(flow) ? undefined : rootAttributes(flow, redactor);
    if (attributes !== undefined && !arePlain(attributes)) return 0;
    const templates = this.#kinds.get(flow.kind) ?? this.#prepare(flow.kind);
    const marks = flow.markCount;
    const words = this.#wordsFor(marks);
    ids.fill(words, 0, 2 * marks);
    const times = this.#timesFor(marks);
    flow.readTimes(times);
    toEpochMicros(clock, times, marks + 2);
    for (let i = 0; i < marks; i++) {
      const template = templates.stages[flow.markStage(i)];
      if (template === undefined) return 0;
      const at = this.#putSpan(template, flow, i, i + 1, out);
      out.putWord(at + template.span, words[2 * i]! | 1);
      out.putWord(at + template.span + 4, words[2 * i + 1]!);
      out.putWord(at + template.parent, flow.span0);
      out.putWord(at + template.parent + 4, flow.span1);
    }
    this.#putRoot(flow, templates, attributes, out);
    return marks + 1;
  }

  /** The root span; `attributes` undefined: those that have a place of their own, which are most of the time all. */
  #putRoot(flow: EndedFlow, templates: KindTemplates, attributes: Attributes | undefined, out: OtlpWriter): void {
    const parentId = flow.parentSpanId;
    const root = parentId === undefined ? templates.root : templates.child;
    out.copy(ENTRY);
    const message = out.beginMessage();
    const at = this.#putSpan(root, flow, 0, flow.markCount + 1, out);
    out.putWord(at + root.span, flow.span0);
    out.putWord(at + root.span + 4, flow.span1);
    if (parentId !== undefined) {
      out.putWord(at + root.parent, hexToWord(parentId, 0));
      out.putWord(at + root.parent + 4, hexToWord(parentId, 8));
    }
    if (attributes !== undefined) out.attributes(TAG_ATTRIBUTES, attributes);
    else writeNamedAttributes(flow, this.#options.redactor, this.#sink.begin(out));
    out.copy(root.rest);
    out.endMessage(message);
  }

  /** Copies a template and puts trace and times in, by their places among the times of the flow; returns where it stands. */
  #putSpan(template: SpanTemplate, flow: EndedFlow, from: number, to: number, out: OtlpWriter): number {
    const at = out.length;
    out.copy(template.bytes);
    const trace = at + template.trace;
    out.putWord(trace, flow.trace0);
    out.putWord(trace + 4, flow.trace1);
    out.putWord(trace + 8, flow.trace2);
    out.putWord(trace + 12, flow.trace3);
    out.putTime(at + template.from, this.#times, from);
    out.putTime(at + template.to, this.#times, to);
    return at;
  }

  /** Whatever is out of the ordinary (an error, a link, an event, an array) is written by the stock serializer itself. */
  #appendBuilt(flow: EndedFlow, out: OtlpWriter): number {
    const spans = buildFlowSpans(flow, this.#options);
    const request = serialize(spans);
    const entries = entriesOf(request);
    out.copy(request.subarray(entries[0]!.start, entries.at(-1)!.end));
    return spans.length;
  }

  #prepare(kind: FlowKind): KindTemplates {
    const { resource } = this.#options;
    const spans = specimenSpans(kind, resource, undefined);
    const child = specimenSpans(kind, resource, wordsToHex(PARENT[0]!, PARENT[1]!)).at(-1)!;
    const templates = {
      stages: kind.stages.map((_, i) => stageTemplate(serialize([spans[i]!]), i)),
      root: rootTemplate(serialize([spans.at(-1)!]), kind, false),
      child: rootTemplate(serialize([child]), kind, true),
    };
    // Definitions are made once; a host that makes them in a loop pays for each, and keeps no memory by it.
    if (this.#kinds.size >= MAX_KINDS) this.#kinds.clear();
    this.#kinds.set(kind, templates);
    return templates;
  }

  #timesFor(marks: number): Float64Array {
    if (this.#times.length < marks + 2) this.#times = new Float64Array(2 * marks + 2);
    return this.#times;
  }

  #wordsFor(marks: number): Int32Array {
    if (this.#words.length < 2 * marks) this.#words = new Int32Array(4 * marks);
    return this.#words;
  }
}

const ENTRY = Uint8Array.of(TAG_SPAN);

/** True for a flow whose root span has neither events nor links nor a status or name of its own. */
function isPlain(flow: EndedFlow): boolean {
  return (
    !flow.failed &&
    flow.status === undefined &&
    flow.spanEvents === undefined &&
    flow.links === undefined &&
    flow.spanName === undefined &&
    flow.linkedSpanId === undefined
  );
}

function serialize(spans: ReturnType<typeof buildFlowSpans>): Uint8Array {
  const request = ProtobufTraceSerializer.serializeRequest(spans);
  if (request === undefined) throw new RangeError("the serializer has made nothing of spans");
  return request;
}

/** The spans of a flow that has reached every stage once, with ids and times that are found again. */
function specimenSpans(kind: FlowKind, resource: Resource, parentSpanId: string | undefined) {
  const flow = {
    kind,
    runId: "specimen",
    startMs: 0,
    endMs: kind.stages.length + 1,
    markCount: kind.stages.length,
    markStage: (i: number) => i,
    markMs: (i: number) => i + 1,
    outcomeStage: "specimen",
    reasonCode: "specimen",
    failed: false,
    accepted: false,
    traceId: traceIdToHex(TRACE[0]!, TRACE[1]!, TRACE[2]!, TRACE[3]!),
    spanId: wordsToHex(SPAN[0]!, SPAN[1]!),
    parentSpanId,
  } as unknown as EndedFlow;
  const clock: Clock = { nowMs: () => 0, epochMicros: specimenMicros };
  const ids: IdSource = {
    fill(words, from, count) {
      for (let i = 0; i < count; i++) words[from + i] = STAGE_SPAN[i & 1]!;
    },
  };
  const redactor = { text: (text: string) => text } as Redactor;
  return buildFlowSpans(flow, { resource, clock, ids, redactor });
}

function specimenMicros(ms: number): number {
  return START_MICROS + ms * 1_000_003;
}

function stageTemplate(request: Uint8Array, index: number): SpanTemplate {
  const entry = onlyEntry(request);
  const bytes = request.slice(entry.start, entry.end);
  return {
    bytes,
    trace: placeOfWords(bytes, TRACE),
    span: placeOfWords(bytes, [STAGE_SPAN[0] | 1, STAGE_SPAN[1]]),
    parent: placeOfWords(bytes, SPAN),
    from: placeOfTime(bytes, specimenMicros(index)),
    to: placeOfTime(bytes, specimenMicros(index + 1)),
  };
}

function rootTemplate(request: Uint8Array, kind: FlowKind, hasParent: boolean): RootTemplate {
  const entry = onlyEntry(request);
  const attributes = otlpFields(request, entry.content, entry.end).filter((field) => field.number === ATTRIBUTES);
  const first = attributes[0];
  const last = attributes.at(-1);
  if (first === undefined || last === undefined) throw new RangeError("the root of a flow has no attributes");
  const bytes = request.slice(entry.content, first.start);
  return {
    bytes,
    rest: request.slice(last.end, entry.end),
    trace: placeOfWords(bytes, TRACE),
    span: placeOfWords(bytes, SPAN),
    parent: hasParent ? placeOfWords(bytes, PARENT) : NO_PARENT,
    from: placeOfTime(bytes, specimenMicros(0)),
    to: placeOfTime(bytes, specimenMicros(kind.stages.length + 1)),
  };
}
