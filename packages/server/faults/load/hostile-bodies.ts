// Bodies that no exporter sends: bombs, endless ones, nonsense, and what is nested or numerous beyond all measure.
import { gzipSync } from "node:zlib";
import type { SeededRandom } from "../../../node/faults/harness/seeded-random.ts";
import type { HonestBody } from "./honest-bodies.ts";
import { createRequestMaker } from "./numbered-requests.ts";

/** A hostile one. */
export interface HostileBody extends HonestBody {
  /** Whether it unpacks, or is parsed, to something as large as the limits allow. */
  readonly isGiant: boolean;
  /** What it may be answered with; 503 besides, where the memory for bodies is taken. */
  readonly answers: readonly number[];
}

const MIB = 2 ** 20;
const BOMB_MIB = 1_024;
const DEPTH = 100_000;
const KEYS = 1_000_000;
const ITEMS = 100_000;
const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };
const GZIP = { "content-encoding": "gzip" };
/** Field numbers of opentelemetry-proto 1.x on the way to a log record, and of its attributes and body. */
const [RESOURCE_LOGS, SCOPE_LOGS, LOG_RECORDS, ATTRIBUTES, BODY] = [1, 2, 2, 6, 5] as const;
/** `AnyValue.string_value`, `AnyValue.array_value`, `ArrayValue.values`. */
const [STRING, ARRAY, VALUES] = [1, 5, 1] as const;

/** Makes them all, once. Cost: some seconds, most of them for the bomb. */
export function createHostileBodies(): readonly HostileBody[] {
  const bomb = createBomb();
  const valid = createRequestMaker({ run: 1 }).next().body;
  const protobuf = (name: string, body: Uint8Array, answers: readonly number[]) =>
    ({ name, headers: PROTOBUF_TYPE, body, isGiant: false, answers }) satisfies HostileBody;
  const json = (name: string, body: Uint8Array, answers: readonly number[]) =>
    ({ name, headers: JSON_TYPE, body, isGiant: false, answers }) satisfies HostileBody;
  return [
    protobuf("5 MiB", new Uint8Array(5 * MIB), [413]),
    protobuf("truncated", valid.subarray(0, valid.length - 7), [400]),
    protobuf("length of 2^31", Buffer.from("0affffffff0f", "hex"), [400]),
    protobuf("deep protobuf", deepProtobuf(), [400]),
    json("names of prototypes", prototypeJson(), [200, 400]),
    { ...protobuf("brotli", bomb, [415]), headers: { ...PROTOBUF_TYPE, "content-encoding": "br" } },
    { ...protobuf("gzip bomb", bomb, [413]), headers: { ...PROTOBUF_TYPE, ...GZIP }, isGiant: true },
    packed(protobuf("gzip within gzip", bomb, [400, 413])),
    packed(protobuf("a million keys, protobuf", manyKeysProtobuf(), [200, 400, 413])),
    packed(protobuf("100,000 items", manyItems(), [400])),
    packed(json("a million keys, JSON", manyKeysJson(), [200, 400, 413])),
    { ...json("deep JSON", deepJson(), [400]), isGiant: true },
  ];
}

/** A good body of which some bytes are others. */
export function mutate(body: Uint8Array, random: SeededRandom): Uint8Array {
  const mutated = Uint8Array.from(body);
  for (let i = random.between(1, 8); i > 0; i--)
    mutated[random.between(0, mutated.length - 1)] = random.between(0, 255);
  return mutated;
}

/** A gibibyte of zeros in a mebibyte: members that follow each other are one stream. */
function createBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * MIB));
  return Buffer.concat(Array.from({ length: BOMB_MIB / 64 }, () => member));
}

function packed(plain: HostileBody): HostileBody {
  return { ...plain, headers: { ...plain.headers, ...GZIP }, body: gzipSync(plain.body), isGiant: true };
}

/** A log record within a request. */
function requestOf(record: Buffer): Buffer {
  return field(RESOURCE_LOGS, field(SCOPE_LOGS, field(LOG_RECORDS, record)));
}

/** Lists within lists, from the innermost outwards: a head for each, and one copy in the end. */
function deepProtobuf(): Buffer {
  const heads: Buffer[] = [];
  let length = 0;
  for (let i = 0; i < DEPTH; i++) {
    for (const number of [VALUES, ARRAY]) {
      const head = headOf(number, length);
      heads.push(head);
      length += head.length;
    }
  }
  return requestOf(field(BODY, Buffer.concat(heads.reverse())));
}

function deepJson(): Buffer {
  const value = `${'{"arrayValue":{"values":['.repeat(DEPTH)}{"intValue":"1"}${"]}}".repeat(DEPTH)}`;
  return jsonRequest(`"body":${value}`);
}

function manyKeysProtobuf(): Buffer {
  const attributes = Array.from({ length: KEYS }, (_, i) =>
    field(ATTRIBUTES, Buffer.concat([field(STRING, Buffer.from(i.toString(36))), field(2, Buffer.of(0x18, 1))])),
  );
  return requestOf(Buffer.concat(attributes));
}

/** Plain keys, as small as they come: as attributes of OTLP they would be more than a body may hold. */
function manyKeysJson(): Buffer {
  const keys = Array.from({ length: KEYS }, (_, i) => `"${i.toString(36)}":1`);
  return jsonRequest(`"body":{"stringValue":"x"},${keys.join(",")}`);
}

function manyItems(): Buffer {
  const record = field(LOG_RECORDS, field(BODY, field(STRING, Buffer.from("x"))));
  return field(RESOURCE_LOGS, field(SCOPE_LOGS, Buffer.concat(Array.from({ length: ITEMS }, () => record))));
}

function prototypeJson(): Buffer {
  const evil = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';
  const attribute = (key: string) => `{"key":"${key}","value":{"kvlistValue":{"values":[{"key":"polluted"}]}}}`;
  const attributes = ["__proto__", "constructor", "prototype", "toString"].map(attribute).join(",");
  return jsonRequest(`${evil},"eventName":"__proto__","attributes":[${attributes}]`, evil);
}

function jsonRequest(record: string, top = '"x":1'): Buffer {
  return Buffer.from(`{${top},"resourceLogs":[{${top},"scopeLogs":[{${top},"logRecords":[{${record}}]}]}]}`);
}

function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([headOf(number, content.length), content]);
}

/** Key and length of a field of bytes. */
function headOf(number: number, length: number): Buffer {
  const bytes = [(number << 3) | 2];
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
