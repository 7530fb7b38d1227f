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
const ZERO = 0x30;
const DOT = 0x2e;

/** Encodes flows as they end and writes them after the tick. Lines have no `seq`: they are figures, not evidence. */
export class LatencyStream {
  readonly file: ShardFile;
  written = 0;
  dropped = 0;
  /** Lines that wait. */
  pending = 0;
  readonly #options: LatencyStreamOptions;
  readonly #totals = new Float64Array(MAX_STAGES);
  readonly #names = new Map<FlowKind, readonly string[]>();
  #day = "";

  constructor(options: LatencyStreamOptions) {
    this.#options = options;
    this.file = options.file;
  }

  /** Adds the line of a flow. Never throws. Cost: about a microsecond. */
  add(flow: EndedFlow): void {
    const { out } = this.#options;
    const start = out.mark();
    try {
      this.#encode(flow);
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

  #encode(flow: EndedFlow): void {
    const { out, clock, instanceId } = this.#options;
    const timestamp = toTimestamp(boundInstant(clock.epochMicros(flow.endMs)));
    if (this.pending === 0) this.#day = dayOfTimestamp(timestamp);
    out.raw('{"trace_id":');
    out.plain(flow.traceId);
    this.#stages(flow);
    out.raw(',"flow":');
    out.string(flow.kind.name);
    this.#text(',"symbol":', flow.symbol);
    this.#text(',"strategy":', flow.strategy);
    out.raw(',"timestamp":');
    out.plain(timestamp);
    out.raw(',"outcome":{"stage":');
    out.string(flow.outcomeStage);
    out.raw(',"reason_code":');
    out.string(flow.reasonCode);
    out.raw("}");
    this.#text(',"keep_reason":', flow.keepReason);
    this.#text(',"run_id":', flow.runId);
    this.#text(',"instance_id":', instanceId);
    out.raw("}\n");
  }

  #text(name: string, value: string | undefined): void {
    if (value === undefined) return;
    this.#options.out.raw(name);
    this.#options.out.string(value);
  }

  /** `end_to_end_ms` = the sum of the stages that were reached, exact; from the second mark on. */
  #stages(flow: EndedFlow): void {
    const { out } = this.#options;
    const names = this.#namesOf(flow.kind);
    const totals = this.#totals.fill(-1, 0, names.length);
    let before = flow.startMs;
    for (let i = 0; i < flow.markCount; i++) {
      const at = flow.markMs(i);
      const stage = flow.markStage(i);
      totals[stage] = Math.max(totals[stage]!, 0) + Math.max(Math.round((at - before) * 1e6), 0);
      before = at;
    }
    let sum = 0;
    for (let stage = 0; stage < names.length; stage++) {
      if (totals[stage]! < 0) continue;
      sum += totals[stage]!;
      out.raw(names[stage]!);
      this.#milliseconds(totals[stage]!);
    }
    if (flow.markCount < 2) return;
    out.raw(',"end_to_end_ms":');
    this.#milliseconds(sum);
  }

  /** Nanoseconds as milliseconds with three to six decimals: what is printed adds up to what is printed. */
  #milliseconds(nanos: number): void {
    const { out } = this.#options;
    const whole = Math.floor(nanos / 1e6);
    let rest = nanos - whole * 1e6;
    out.uint(whole);
    out.byte(DOT);
    for (let unit = 100_000; unit >= 1; unit /= 10) {
      if (unit < 1_000 && rest === 0) return;
      const digit = Math.floor(rest / unit);
      out.byte(ZERO + digit);
      rest -= digit * unit;
    }
  }

  #namesOf(kind: FlowKind): readonly string[] {
    let names = this.#names.get(kind);
    if (names === undefined) {
      names = kind.stages.slice(0, MAX_STAGES).map((stage) => `,${JSON.stringify(`${stage}_ms`)}:`);
      this.#names.set(kind, names);
    }
    return names;
  }
}
