// Samples of what trading services record, made by the store's benchmark in a process of its own.
import { startChild } from "./child.ts";

/** A stream of items. */
export type Mix = "decisions" | "events" | "spans";

/** What a database is made of. */
export interface SampleSize {
  readonly events: number;
  readonly decisions: number;
  readonly spans: number;
}

/** A database. */
export interface SampleDatabase {
  /** The month of its records. */
  readonly fromMicros: number;
  readonly toMicros: number;
  /** Mean of the data of an event, and of a decision, as JSON. */
  readonly eventDataBytes: number;
  readonly decisionDataBytes: number;
  /** Bytes of the file with events and decisions alone; undefined where it was there before. */
  readonly eventFileBytes: number | undefined;
  readonly fileBytes: number;
}

/** A request in protobuf, and where in it stands what makes its items others. */
export interface RequestTemplate {
  readonly body: Buffer;
  readonly items: number;
  /** Where the instance is, `bench-00000000`. */
  readonly instancesAt: readonly number[];
  /** The first four bytes of trace ids. */
  readonly tracesAt: readonly number[];
  /** Times in nanoseconds, eight bytes, the lower first; in the order of the items. */
  readonly timesAt: readonly number[];
}

type SampleOrder =
  | { readonly kind: "database"; readonly path: string; readonly size: SampleSize }
  | { readonly kind: "requests"; readonly mix: Mix; readonly count: number; readonly batch: number };

/** Makes the database, unless it is there. */
export function makeSampleDatabase(path: string, size: SampleSize): Promise<SampleDatabase> {
  return askForSample({ kind: "database", path, size });
}

/** Makes `count` requests of `batch` items. */
export async function makeTemplates(mix: Mix, count: number, batch: number): Promise<readonly RequestTemplate[]> {
  const made = await askForSample<readonly RequestTemplate[]>({ kind: "requests", mix, count, batch });
  // Between processes a Buffer may become a plain array of bytes.
  return made.map(({ body, ...rest }) => ({
    ...rest,
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  }));
}

async function askForSample<Sample>(order: SampleOrder): Promise<Sample> {
  const child = startChild<SampleOrder>(new URL("../../store/bench/sample-process.ts", import.meta.url), "the sample");
  try {
    return await child.ask<Sample>(order);
  } finally {
    await child.end();
  }
}
