// The handle on a sink process: what has arrived, and how it behaves.
import type { Arrivals } from "./item-ledger.ts";
import { startWorker } from "./worker.ts";

/** How a request is answered. */
export type SinkAnswer =
  /** Counted, and acknowledged. */
  | { readonly kind: "take" }
  /** Read, and never answered. */
  | { readonly kind: "hang" }
  /** Answered like this; counted only if `taken`. The body is text of single bytes. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** A `Retry-After` with the date that is so far away when the request is answered. */
      readonly retryAfterDateMs?: number;
      readonly body?: string;
      readonly taken?: boolean;
    };

/** What the process is told. */
export type SinkOrder =
  | { readonly kind: "listen" | "refuse" | "state" | "brief" }
  | { readonly kind: "answer"; readonly route: string; readonly answer: SinkAnswer };

/** What the sink has seen. */
export interface SinkState {
  /** Spans and log records, duplicates among them; and such that end before they start. */
  readonly items: number;
  readonly negative: number;
  readonly requests: number;
  readonly metricRequests: number;
  /** Bodies that were no OTLP. */
  readonly unreadable: number;
  /** When requests came, by route: monotonic milliseconds of the sink's. */
  readonly triesMs: Readonly<Record<string, readonly number[]>>;
  readonly arrivals: Arrivals;
}

/** A running sink. It listens from the start. */
export interface Sink {
  /** Base URL for OTLP/HTTP; with `/NAME` behind it a route of its own. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Answers from now on, on all routes or on one. */
  answer(answer: SinkAnswer, route?: string): Promise<void>;
  /** Closes the port, and all connections. */
  refuse(): Promise<void>;
  /** Opens it again. */
  listen(): Promise<void>;
  state(): Promise<SinkState>;
  /** Items so far. */
  items(): Promise<number>;
  signal(name: NodeJS.Signals): void;
  close(): Promise<void>;
}

/** Starts a sink in a process of its own, so that receiving costs the bot nothing. */
export async function startSink(): Promise<Sink> {
  const worker = startWorker<SinkOrder>(new URL("./sink-process.ts", import.meta.url), "the sink");
  const { port } = await worker.ask<{ port: number }>({ kind: "listen" });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: worker.pid,
    async answer(answer, route = "") {
      await worker.ask({ kind: "answer", route, answer });
    },
    refuse: () => worker.ask({ kind: "refuse" }),
    listen: () => worker.ask({ kind: "listen" }),
    state: () => worker.ask<SinkState>({ kind: "state" }),
    items: async () => (await worker.ask<{ items: number }>({ kind: "brief" })).items,
    signal: (name) => worker.signal(name),
    async close() {
      // A stopped process hears nothing.
      worker.signal("SIGCONT");
      await worker.stop();
    },
  };
}
