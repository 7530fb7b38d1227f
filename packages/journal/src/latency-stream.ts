// `logs/metrics.jsonl`: one line of stage latencies per flow, exact to the nanosecond.
import { type Clock, toTimestamp } from "@tracebook/core";
import type { ByteJsonWriter, EndedFlow, FlowKind } from "@tracebook/core/extension";
import { boundInstant, dayOfTimestamp } from "./journal-layout.ts";
import type { ShardFile } from "./shard-file.ts";

/** What the stream needs to know of its journal. */
export interface LatencyStreamOptions {
  readonly instanceId: string;
  readonly clock: Clock;
  readonly out: ByteJsonWriter;
  readonly file: ShardFile;
}

/** Lines wait in bytes, since the numbers of a flow live no longer than the call: this many, then new ones are dropped. */
export const MAX_WAITING_BYTES = 1_048_576;

const MAX_STAGES = 256;
const DOT = 0x2e;
const BRACE = 0x7d;
const OPEN = 0x7b;
const COMMA = 0x2c;
const COLON = 0x3a;
const QUOTE = 0x22;
const ZULU = 0x5a;
const TRACE_ID = toBytes('{"trace_id":');
const TRACE_ID_BEHIND = toBytes(',"trace_id":');
const FLOW = toBytes(',"flow":');
const SYMBOL = toBytes(',"symbol":');
const STRATEGY = toBytes(',"strategy":');
const OUTCOME = toBytes('","outcome":{"stage":');
const REASON_CODE = toBytes(',"reason_code":');
const KEEP_REASON = toBytes(',"keep_reason":');
const RUN_ID = toBytes(',"run_id":');
const INSTANCE_ID = toBytes(',"instance_id":');
const END_TO_END_MS = toBytes(',"end_to_end_ms":');
const NOTHING = new Uint8Array(0);
const END = toBytes("}\n");

/** Stage latencies that a host measured itself. */
export interface HostLatencies {
  readonly traceId: string | undefined;
  readonly flow: string;
  /** Milliseconds by field name, as they are to stand in the line; `end_to_end_ms` among them where there is one. */
  readonly stages: Readonly<Record<string, number>>;
  readonly runId: string;
}

/** What all lines of one kind of flow have in common. */
interface Prepared {
  /** The names of the stages as keys. */
  readonly stages: readonly Uint8Array[];
  readonly flow: Uint8Array;
}

/** Encodes flows as they end and writes them after the tick. Lines have no `seq`: they are figures, not evidence. */
export class LatencyStream {
  readonly file: ShardFile;
  written = 0;
  dropped = 0;
  /** Lines that wait. */
  pending = 0;
  readonly #options: LatencyStreamOptions;
  #times = new Float64Array(64);
  readonly #words = new Int32Array(4);
  /** One a stage, and their sum. */
  readonly #totals = new Float64Array(MAX_STAGES + 1);
  readonly #kinds = new Map<FlowKind, Prepared>();
  #day = "";
  #second = Number.NaN;
  #secondText: Uint8Array = NOTHING;
  #dayOfSecond = "";

  constructor(options: LatencyStreamOptions) {
    this.#options = options;
    this.file = options.file;
  }

  /** Adds the line of a flow. Never throws. Cost: about half a microsecond. */
  add(flow: EndedFlow): void {
    this.#append(flow, undefined);
  }

  /** Adds the line of what a host measured; none for no stage at all. Never throws. */
  addMeasured(latencies: HostLatencies): void {
    if (Object.keys(latencies.stages).length > 0) this.#append(undefined, latencies);
  }

  /** One of the two. */
  #append(flow: EndedFlow | undefined, measured: HostLatencies | undefined): void {
    const { out } = this.#options;
    const start = out.mark();
    try {
      if (flow !== undefined) this.#encode(flow);
      else if (measured !== undefined) this.#encodeMeasured(measured);
      if (!out.overflowed && out.length <= MAX_WAITING_BYTES) {
        this.pending++;
        return;
      }
    } catch {
      // Counted below, like a line that found no room.
    }
    out.rewind(start);
    this.dropped++;
  }

  /** Writes what waits, as far as the file takes it. Never throws. */
  drain(): void {
    const { out } = this.#options;
    if (out.length === 0 || !this.file.isReady()) return;
    const taken = this.file.append(out.bytes, out.length, this.#day);
    const whole = taken === out.length ? taken : out.bytes.lastIndexOf(10, taken - 1) + 1;
    if (taken > 0) this.#settle(whole);
  }

  dropAll(): void {
    this.dropped += this.pending;
    this.pending = 0;
    this.#options.out.reset();
  }

  #settle(bytes: number): void {
    const { out } = this.#options;
    const rest = Buffer.from(out.bytes.subarray(bytes, out.length));
    const lines = rest.toString("latin1").split("\n").length - 1;
    this.written += this.pending - lines;
    this.pending = lines;
    out.reset();
    if (rest.length > 0) out.raw(rest.toString("utf8"));
  }

  #encodeMeasured({ traceId, flow, stages, runId }: HostLatencies): void {
    const { out, clock, instanceId } = this.#options;
    const epochMicros = this.#enterSecond(clock.nowMs());
    let before = OPEN;
    for (const name in stages) {
      out.byte(before);
      before = COMMA;
      out.string(name);
      out.byte(COLON);
      out.number(stages[name]!);
    }
    this.#text(TRACE_ID_BEHIND, traceId);
    out.fragment(FLOW);
    out.label(flow);
    this.#timestamp(epochMicros);
    out.byte(QUOTE);
    this.#text(RUN_ID, runId);
    this.#text(INSTANCE_ID, instanceId);
    out.fragment(END);
  }

  /** Makes the texts ready for the second that an instant lies in; returns it in microseconds since 1970. */
  #enterSecond(timeMs: number): number {
    const epochMicros = boundInstant(this.#options.clock.epochMicros(timeMs));
    const second = Math.floor(epochMicros / 1e6);
    if (second !== this.#second) this.#changeSecond(second);
    if (this.pending === 0) this.#day = this.#dayOfSecond;
    return epochMicros;
  }

  #timestamp(epochMicros: number): void {
    this.#options.out.fragment(this.#secondText);
    this.#options.out.sixDigits((epochMicros - this.#second * 1e6) | 0, 6);
    this.#options.out.byte(ZULU);
  }

  #encode(flow: EndedFlow): void {
    const { out, instanceId } = this.#options;
    const prepared = this.#preparedFor(flow.kind);
    const times = this.#timesOf(flow);
    const epochMicros = this.#enterSecond(times[flow.markCount + 1]!);
    out.fragment(TRACE_ID);
    this.#traceId(flow);
    this.#stages(flow, prepared.stages, times);
    out.fragment(prepared.flow);
    this.#text(SYMBOL, flow.symbol);
    this.#text(STRATEGY, flow.strategy);
    this.#timestamp(epochMicros);
    out.fragment(OUTCOME);
    out.label(flow.outcomeStage);
    out.fragment(REASON_CODE);
    out.label(flow.reasonCode);
    out.byte(BRACE);
    this.#text(KEEP_REASON, flow.keepReason);
    this.#text(RUN_ID, flow.runId);
    this.#text(INSTANCE_ID, instanceId);
    out.fragment(END);
  }

  /** Start, marks and end, in an array that is used again: a flow's own numbers would be garbage, each of them. */
  #timesOf(flow: EndedFlow): Float64Array {
    if (this.#times.length < flow.markCount + 2) this.#times = new Float64Array(2 * flow.markCount + 2);
    flow.readTimes(this.#times);
    return this.#times;
  }

  #traceId(flow: EndedFlow): void {
    const words = this.#words;
    words[0] = flow.trace0;
    words[1] = flow.trace1;
    words[2] = flow.trace2;
    words[3] = flow.trace3;
    this.#options.out.hex(words, 0, 4);
  }

  #text(name: Uint8Array, value: string | undefined): void {
    if (value === undefined) return;
    this.#options.out.fragment(name);
    this.#options.out.label(value);
  }

  /** `end_to_end_ms` = the sum of the stages that were reached, exact; from the second mark on. */
  #stages(flow: EndedFlow, names: readonly Uint8Array[], times: Float64Array): void {
    const { out } = this.#options;
    const totals = this.#totals.fill(-1, 0, names.length);
    const marks = flow.markCount;
    let before = times[0]!;
    for (let i = 0; i < marks; i++) {
      const at = times[i + 1]!;
      const stage = flow.markStage(i);
      totals[stage] = Math.max(totals[stage]!, 0) + Math.max(Math.round((at - before) * 1e6), 0);
      before = at;
    }
    let sum = 0;
    for (let stage = 0; stage < names.length; stage++) {
      const total = totals[stage]!;
      if (total < 0) continue;
      sum += total;
      out.fragment(names[stage]!);
      this.#milliseconds(totals, stage);
    }
    if (marks < 2) return;
    out.fragment(END_TO_END_MS);
    totals[names.length] = sum;
    this.#milliseconds(totals, names.length);
  }

  /** Nanoseconds as milliseconds with three to six decimals: what is printed adds up to what is printed. */
  #milliseconds(values: Float64Array, at: number): void {
    const { out } = this.#options;
    const nanos = values[at]!;
    const whole = Math.floor(nanos / 1e6);
    out.uint(whole);
    out.byte(DOT);
    out.sixDigits((nanos - whole * 1e6) | 0, 3);
  }

  #changeSecond(second: number): void {
    const timestamp = toTimestamp(second * 1e6);
    this.#second = second;
    this.#secondText = toBytes(`,"timestamp":"${timestamp.slice(0, 20)}`);
    this.#dayOfSecond = dayOfTimestamp(timestamp);
  }

  #preparedFor(kind: FlowKind): Prepared {
    let prepared = this.#kinds.get(kind);
    if (prepared === undefined) {
      prepared = {
        stages: kind.stages.slice(0, MAX_STAGES).map((stage) => toBytes(`,${JSON.stringify(`${stage}_ms`)}:`)),
        flow: toBytes(`,"flow":${JSON.stringify(kind.name)}`),
      };
      this.#kinds.set(kind, prepared);
    }
    return prepared;
  }
}

/** Text as bytes, prepared once. */
function toBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "utf8"));
}
