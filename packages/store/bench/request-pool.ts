// OTLP requests made beforehand, and made new again by a few bytes: other ids, other times, another instance.
import type { HrTime } from "@opentelemetry/api";
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { OtlpSignal } from "../src/index.ts";
import { decisionOf, eventOf, hexOf, INSTANCE, type Mix, spanOf, toLogRecord } from "./sample-records.ts";

/** A request and where in it stands what makes its items others. */
interface PooledRequest {
  readonly body: Buffer;
  readonly items: number;
  readonly instancesAt: readonly number[];
  /** The first four bytes of trace ids. */
  readonly tracesAt: readonly number[];
  /** Times in nanoseconds, eight bytes, the lower first. */
  readonly timesAt: readonly number[];
}

/** Requests of one signal. */
export interface RequestPool {
  readonly signal: OtlpSignal;
  readonly items: number;
  /** Mean size of an item on the wire. */
  readonly itemBytes: number;
  /** The next request, none of whose items has been there before; its body is valid until it is handed out again. */
  next(): { readonly body: Uint8Array; readonly items: number };
}

const START_S = Date.UTC(2026, 10, 20, 12) / 1000;
/** Time between two items: a quick bot. */
const STEP_NANOS = 50_000;

/** Makes `count` requests of `batch` items with the stock serializer, and hands them out round after round. */
export function createRequestPool(mix: Mix, count: number, batch: number): RequestPool {
  const requests = createRequests(mix, count, batch);
  const bytes = requests.reduce((all, { body }) => all + body.length, 0);
  const roundNanos = BigInt(count * batch * STEP_NANOS);
  let handedOut = 0;
  return {
    signal: mix === "spans" ? "traces" : "logs",
    items: count * batch,
    itemBytes: bytes / (count * batch),
    next() {
      const round = Math.floor(handedOut / count);
      const request = requests[handedOut++ % count]!;
      if (round > 0) renew(request, round, roundNanos);
      return request;
    },
  };
}

/** Makes `count` requests of `batch` items, and says where in them stands what makes their items others. */
export function createRequests(mix: Mix, count: number, batch: number): readonly PooledRequest[] {
  return Array.from({ length: count }, (_, i) => createRequest(mix, i * batch, batch));
}

function createRequest(mix: Mix, first: number, batch: number): PooledRequest {
  const numbers = Array.from({ length: batch }, (_, k) => first + k);
  const { bytes, times } = mix === "spans" ? spanRequest(numbers) : logRequest(mix, numbers);
  const body = Buffer.from(bytes!);
  const traces = new Set(numbers.map((i) => hexOf(mix === "spans" ? Math.floor(i / 5) : i >> 2, 32)));
  return {
    body,
    items: batch,
    instancesAt: placesOf(body, Buffer.from(INSTANCE)),
    tracesAt: [...traces].flatMap((id) => placesOf(body, Buffer.from(id, "hex"))),
    timesAt: [...new Set(times.map(nanosOf))].flatMap((nanos) => placesOf(body, fixed64(nanos))),
  };
}

function spanRequest(numbers: readonly number[]) {
  const spans = numbers.map((i) => spanOf(i, timeOf(i)));
  const times = spans.flatMap(({ startTime, endTime }) => [startTime, endTime]);
  return { bytes: ProtobufTraceSerializer.serializeRequest(spans), times };
}

function logRequest(mix: Mix, numbers: readonly number[]) {
  const records = numbers.map((i) => toLogRecord(mix === "decisions" ? decisionOf(i) : eventOf(i), i, timeOf(i)));
  return { bytes: ProtobufLogsSerializer.serializeRequest(records), times: records.map(({ hrTime }) => hrTime) };
}

function nanosOf([second, nanos]: HrTime): bigint {
  return BigInt(second) * 1_000_000_000n + BigInt(nanos);
}

function fixed64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function timeOf(i: number): HrTime {
  const nanos = i * STEP_NANOS;
  const second = Math.floor(nanos / 1e9);
  return [START_S + second, nanos - second * 1e9];
}

function placesOf(body: Buffer, wanted: Buffer): number[] {
  const places: number[] = [];
  for (let at = body.indexOf(wanted); at >= 0; at = body.indexOf(wanted, at + 1)) places.push(at);
  return places;
}

function renew({ body, instancesAt, tracesAt, timesAt }: PooledRequest, round: number, roundNanos: bigint): void {
  const name = INSTANCE.replace(/\d+$/, (digits) => String(round).padStart(digits.length, "0"));
  for (const at of instancesAt) body.write(name, at, "latin1");
  for (const at of tracesAt) body.writeUInt32LE((body.readUInt32LE(at) + 0x9e37) >>> 0, at);
  for (const at of timesAt) body.writeBigUInt64LE(body.readBigUInt64LE(at) + roundNanos, at);
}
