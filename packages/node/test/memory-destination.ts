// A destination in memory for tests: copies what it takes, as the contract has it, and can be told to misbehave.
import type { TelemetryDestination } from "@tracebook/node";
import { readOtlpProtobuf } from "./otlp-protobuf.ts";

/** How the next calls of `take` end. */
export type TakeAnswer = "stored" | "hang" | (() => Promise<unknown>);

/** An entry of a request, as OTLP/JSON has it. */
export type OtlpItem = Readonly<Record<string, unknown>>;

/** The destination, with what it has stored. */
export interface MemoryDestination extends TelemetryDestination {
  /** Calls so far, whatever the answer. */
  readonly calls: { readonly signal: "traces" | "logs" | "metrics"; readonly format: string }[];
  answer: TakeAnswer;
  /** The stored spans, log records or metrics, in order. Throws for a request that is none. */
  items(signal: "traces" | "logs" | "metrics"): OtlpItem[];
}

/** Makes one. */
export function memoryDestination(name = "desk"): MemoryDestination {
  const stored: { signal: string; body: Buffer }[] = [];
  const destination: MemoryDestination = {
    name,
    calls: [],
    answer: "stored",
    take(signal, body, format) {
      destination.calls.push({ signal, format });
      const copy = Buffer.from(body);
      const { answer } = destination;
      if (answer === "hang") return new Promise(() => {});
      if (answer === "stored") {
        stored.push({ signal, body: copy });
        return Promise.resolve();
      }
      return answer();
    },
    items: (signal) =>
      stored
        .filter((one) => one.signal === signal)
        .flatMap(({ body }) => itemsOf(readOtlpProtobuf(`/v1/${signal}`, body))),
  };
  return destination;
}

/** All entries of a request: of each resource, of each scope. */
function itemsOf(request: Readonly<Record<string, unknown>>): OtlpItem[] {
  const lists = (object: unknown): unknown[] =>
    Object.values(object as object)
      .filter((value) => Array.isArray(value))
      .flat();
  const scopes = lists(request).flatMap((resource) => lists(resource));
  return scopes.flatMap((scope) => lists(scope)) as OtlpItem[];
}
