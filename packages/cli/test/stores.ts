// Databases of a store, as the commands are given them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventInput, JsonValue, SpanInput, Store } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { afterAll, beforeAll } from "vitest";
import type { StoreWork } from "../src/with-store.ts";
import { type RunOptions, type RunResult, recordingContext } from "./run-here.ts";
import { folderOf } from "./tracebook.ts";

/** What a test says of an event; the rest is filled in. */
export interface EventFields {
  readonly timestamp?: string;
  readonly symbol?: string;
  readonly runId?: string;
  readonly data?: object;
}

/** An event; `seq` is given by {@link storeOf}. */
export function event(eventType: string, { data = {}, ...fields }: EventFields = {}): EventInput {
  return {
    eventType,
    timestamp: "2026-11-20T12:00:00.000000Z",
    source: { serviceName: "basis-trader", instanceId: "a-1" },
    seq: 0,
    runId: "run-1",
    symbol: "BTC/USDT",
    traceId: undefined,
    spanId: undefined,
    severityNumber: 9,
    ...fields,
    data: data as { readonly [field: string]: JsonValue },
  };
}

/** The root span of a trace of its own. */
export function rootSpan(name: string, startMicros: number, durationMs: number, statusCode = 0): SpanInput {
  return {
    source: { serviceName: "basis-trader", instanceId: "a-1" },
    traceId: String(startMicros).padStart(32, "0"),
    spanId: String(startMicros).padStart(16, "0"),
    parentSpanId: undefined,
    name,
    kind: 1,
    startMicros,
    startNanosRest: 0,
    durationNanos: durationMs * 1_000_000,
    statusCode,
    statusMessage: "",
    scope: "tracebook",
    attributes: {},
    events: [],
    links: [],
  };
}

/** The path of a database that holds these events and spans, in a folder that is gone after the test. */
export async function storeOf(events: readonly EventInput[], spans: readonly SpanInput[] = []): Promise<string> {
  const path = join(folderOf(), "telemetry.db");
  await fill(path, events, spans);
  return path;
}

/** A store that is open for all tests of a file, which only read it; opening one takes longer than all that they ask. */
export interface SharedStore {
  readonly path: string;
  /** Does what arguments say, with this store; throws what a command would report. */
  run(read: (args: readonly string[]) => StoreWork, args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

/** Opens a store with these events and spans. */
export function sharedStore(events: readonly EventInput[], spans: readonly SpanInput[] = []): SharedStore {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-cli-"));
  const path = join(dir, "telemetry.db");
  let store: Store;
  beforeAll(async () => {
    await fill(path, events, spans);
    store = await openSqliteStore({ path, reserveBytes: 0 });
  });
  afterAll(async () => {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    path,
    async run(read, args, options) {
      const { context, said } = recordingContext(options);
      return { code: await read(args).run(store, path, context), ...said };
    },
  };
}

async function fill(path: string, events: readonly EventInput[], spans: readonly SpanInput[]): Promise<void> {
  const store = await openSqliteStore({ path, reserveBytes: 0 });
  try {
    await store.writeEvents(events.map((one, index) => ({ ...one, seq: index + 1 })));
    if (spans.length > 0) await store.writeSpans(spans);
  } finally {
    await store.close();
  }
}
