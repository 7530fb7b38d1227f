// The handle on the sink process: where to send, and what has come.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { OtlpCounts } from "./otlp-counts.ts";

/** What the sink has received since its start. */
export interface SinkTotals extends OtlpCounts {
  requests: number;
  /** Of bodies. */
  bytes: number;
  /** Bodies that were no OTLP. */
  unreadable: number;
}

/** A running sink. */
export interface Sink {
  /** Base URL for OTLP/HTTP. */
  readonly url: string;
  totals(): Promise<SinkTotals>;
  close(): void;
}

/** Starts the sink in a process of its own, so that receiving costs the measured process nothing. */
export async function startSink(): Promise<Sink> {
  const child = fork(new URL("./sink-process.ts", import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const { port } = await answerOf<{ port: number }>(child);
  return {
    url: `http://127.0.0.1:${port}`,
    totals() {
      child.send("totals");
      return answerOf<SinkTotals>(child);
    },
    close: () => child.disconnect(),
  };
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const exited = once(child, "exit", { signal: ended.signal }).then(() => {
    throw new Error("the sink has ended");
  });
  try {
    const [answer] = (await Promise.race([once(child, "message", { signal: ended.signal }), exited])) as [T];
    return answer;
  } finally {
    ended.abort();
    exited.catch(() => {});
  }
}
