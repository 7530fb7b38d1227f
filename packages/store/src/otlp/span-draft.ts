// A span while it is read, and what the store is given of it.
import type { InputSource, SpanEventInput, SpanInput, SpanLinkInput } from "../store-input.ts";
import { AttributeList } from "./attribute-list.ts";

/** What is kept of a span's events, and of its links: the default of OpenTelemetry. */
const MAX_PARTS = 128;
const MAX_KIND = 5;
const MAX_STATUS = 2;

/** What the decoders read of an event or a link of a span. Used again for each. */
export class SpanPartDraft {
  readonly attributes = new AttributeList();
  name = "";
  timeMicros = 0;
  traceId: string | undefined;
  spanId: string | undefined;

  clear(): this {
    this.attributes.clear();
    this.name = "";
    this.timeMicros = 0;
    this.traceId = this.spanId = undefined;
    return this;
  }
}

/** What the decoders read of a span. Used again for each. */
export class SpanDraft {
  readonly attributes = new AttributeList();
  readonly part = new SpanPartDraft();
  traceId: string | undefined;
  spanId: string | undefined;
  parentSpanId: string | undefined;
  name = "";
  kind = 0;
  startMicros = 0;
  startNanosRest = 0;
  endMicros = 0;
  endNanosRest = 0;
  statusCode = 0;
  statusMessage = "";
  #events: SpanEventInput[] = [];
  #links: SpanLinkInput[] = [];
  readonly #nowMicros: () => number;

  constructor(nowMicros: () => number) {
    this.#nowMicros = nowMicros;
  }

  clear(): void {
    this.attributes.clear();
    this.traceId = this.spanId = this.parentSpanId = undefined;
    this.name = this.statusMessage = "";
    this.kind = this.statusCode = 0;
    this.startMicros = this.startNanosRest = this.endMicros = this.endNanosRest = 0;
    // The span before has the lists now.
    this.#events = [];
    this.#links = [];
  }

  /** Sets when it began: microseconds, and the nanoseconds below one. */
  start(micros: number, nanosRest: number): void {
    this.startMicros = micros;
    this.startNanosRest = nanosRest;
  }

  /** Sets when it ended. */
  end(micros: number, nanosRest: number): void {
    this.endMicros = micros;
    this.endNanosRest = nanosRest;
  }

  /** Takes `part` as an event. */
  addEvent(): void {
    const { name, timeMicros, attributes } = this.part;
    if (this.#events.length < MAX_PARTS) this.#events.push({ name, timeMicros, attributes: attributes.toData() });
  }

  /** Takes `part` as a link; one that leads nowhere is none. */
  addLink(): void {
    const { traceId, spanId, attributes } = this.part;
    if (traceId !== undefined && spanId !== undefined && this.#links.length < MAX_PARTS)
      this.#links.push({ traceId, spanId, attributes: attributes.toData() });
  }

  /** The span; why it is none as text. */
  toInput(source: InputSource, scope: string): SpanInput | string {
    const { traceId, spanId } = this;
    if (traceId === undefined) return "A span has no trace id of 16 bytes that are not all zero";
    if (spanId === undefined) return "A span has no span id of 8 bytes that are not all zero";
    this.#completeTimes();
    return {
      source,
      traceId,
      spanId,
      parentSpanId: this.parentSpanId,
      name: this.name,
      kind: this.kind >= 0 && this.kind <= MAX_KIND ? this.kind : 0,
      startMicros: this.startMicros,
      startNanosRest: this.startNanosRest,
      durationNanos: this.#durationNanos(),
      statusCode: this.statusCode >= 0 && this.statusCode <= MAX_STATUS ? this.statusCode : 0,
      statusMessage: this.statusMessage,
      scope,
      attributes: this.attributes.toData(),
      events: this.#events,
      links: this.#links,
    };
  }

  /** A span without a start begins where it ends, and one without either now: 1970 would be swept away as old. */
  #completeTimes(): void {
    if (this.startMicros > 0) return;
    this.startMicros = this.endMicros || this.#nowMicros();
    this.startNanosRest = this.endMicros > 0 ? this.endNanosRest : 0;
  }

  #durationNanos(): number {
    const nanos = (this.endMicros - this.startMicros) * 1_000 + (this.endNanosRest - this.startNanosRest);
    return Math.min(Math.max(nanos, 0), Number.MAX_SAFE_INTEGER);
  }
}
