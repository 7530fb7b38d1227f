// Reads delimited `io.prometheus.client.MetricFamily` messages, by the wire format alone.

/** A message: what each field number held, in order. Numbers are bigint (varint) or number (double), the rest bytes. */
type Fields = Map<number, (bigint | number | Buffer)[]>;

/** A family as the message has it. */
export interface ProtoFamily {
  readonly name: string;
  readonly help: string;
  readonly type: number;
  readonly unit: string | undefined;
  readonly metrics: readonly ProtoMetric[];
}

/** One series; `value` for counters and gauges, the rest for histograms. */
export interface ProtoMetric {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | undefined;
  readonly histogram: ProtoHistogram | undefined;
}

/** Classic and native buckets. */
export interface ProtoHistogram {
  readonly count: number;
  readonly sum: number | undefined;
  readonly buckets: readonly { bound: number; cumulative: number; exemplar: ProtoExemplar | undefined }[];
  readonly schema: number | undefined;
  readonly zeroThreshold: number | undefined;
  readonly zeroCount: number;
  /** Counts by their index. */
  readonly positive: ReadonlyMap<number, number>;
}

/** An exemplar of a bucket. */
export interface ProtoExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timeMs: number;
}

/** All families of an answer. */
export function readMetricFamilies(bytes: Buffer): ProtoFamily[] {
  const families: ProtoFamily[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = readVarint(bytes, at);
    at = size.at + Number(size.value);
    families.push(toFamily(readFields(bytes.subarray(size.at, at))));
  }
  return families;
}

function toFamily(fields: Fields): ProtoFamily {
  return {
    name: text(fields, 1) ?? "",
    help: text(fields, 2) ?? "",
    type: Number(fields.get(3)?.[0] ?? 0),
    unit: text(fields, 5),
    metrics: messages(fields, 4).map(toMetric),
  };
}

function toMetric(fields: Fields): ProtoMetric {
  const [single] = [...messages(fields, 2), ...messages(fields, 3)];
  const [histogram] = messages(fields, 7);
  return {
    labels: labelsOf(fields),
    value: single && (single.get(1)?.[0] as number),
    histogram: histogram && toHistogram(histogram),
  };
}

function toHistogram(fields: Fields): ProtoHistogram {
  return {
    count: Number(fields.get(1)?.[0] ?? 0),
    sum: fields.get(2)?.[0] as number | undefined,
    buckets: messages(fields, 3).map((bucket) => ({
      cumulative: Number(bucket.get(1)?.[0] ?? 0),
      bound: bucket.get(2)?.[0] as number,
      exemplar: messages(bucket, 3).map(toExemplar)[0],
    })),
    schema: fields.has(5) ? unzigzag(fields.get(5)![0] as bigint) : undefined,
    zeroThreshold: fields.get(6)?.[0] as number | undefined,
    zeroCount: Number(fields.get(7)?.[0] ?? 0),
    positive: bucketsOf(messages(fields, 12), (fields.get(13) as Buffer[] | undefined) ?? []),
  };
}

function toExemplar(fields: Fields): ProtoExemplar {
  const [time] = messages(fields, 3);
  return {
    labels: labelsOf(fields),
    value: fields.get(2)?.[0] as number,
    timeMs: Number(time?.get(1)?.[0] ?? 0) * 1000 + Number(time?.get(2)?.[0] ?? 0) / 1e6,
  };
}

/** Spans and deltas put together, as Prometheus does. */
function bucketsOf(spans: readonly Fields[], packed: readonly Buffer[]): Map<number, number> {
  const deltas: number[] = [];
  for (const bytes of packed)
    for (let at = 0; at < bytes.length; ) {
      const delta = readVarint(bytes, at);
      deltas.push(unzigzag(delta.value));
      at = delta.at;
    }
  const buckets = new Map<number, number>();
  let index = 0;
  let count = 0;
  let next = 0;
  for (const span of spans) {
    index += unzigzag((span.get(1)?.[0] as bigint | undefined) ?? 0n);
    for (let i = 0; i < Number(span.get(2)?.[0] ?? 0); i++) {
      count += deltas[next++] ?? Number.NaN;
      buckets.set(index++, count);
    }
  }
  if (next !== deltas.length) throw new Error(`${deltas.length} deltas for ${next} buckets`);
  return buckets;
}

function labelsOf(fields: Fields): Record<string, string> {
  return Object.fromEntries(messages(fields, 1).map((label) => [text(label, 1) ?? "", text(label, 2) ?? ""]));
}

function messages(fields: Fields, field: number): Fields[] {
  return ((fields.get(field) ?? []) as Buffer[]).map(readFields);
}

function text(fields: Fields, field: number): string | undefined {
  return (fields.get(field)?.[0] as Buffer | undefined)?.toString("utf8");
}

function readFields(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    at = tag.at;
    const field = Number(tag.value >> 3n);
    let value: bigint | number | Buffer;
    switch (Number(tag.value & 7n)) {
      case 0:
        ({ value, at } = readVarint(bytes, at));
        break;
      case 1:
        value = bytes.readDoubleLE(at);
        at += 8;
        break;
      case 2: {
        const size = readVarint(bytes, at);
        at = size.at + Number(size.value);
        if (at > bytes.length) throw new Error("a message is longer than what it is in");
        value = bytes.subarray(size.at, at);
        break;
      }
      default:
        throw new Error(`wire type ${tag.value & 7n}`);
    }
    const values = fields.get(field) ?? [];
    fields.set(field, values);
    values.push(value);
  }
  return fields;
}

function readVarint(bytes: Buffer, from: number): { value: bigint; at: number } {
  let value = 0n;
  for (let at = from, shift = 0n; ; at++, shift += 7n) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error("a number without an end");
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return { value, at: at + 1 };
  }
}

function unzigzag(value: bigint): number {
  return Number((value >> 1n) ^ -(value & 1n));
}
