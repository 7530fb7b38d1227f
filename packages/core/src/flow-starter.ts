// Starts the flows of one definition inside an engine, and ends those that run around a function.
import { context as contextApi } from "@opentelemetry/api";
import type { Flow, FlowAttributes } from "./flow.ts";
import type { LiveFlow, LiveKind } from "./live-flow.ts";
import { NOOP_FLOW } from "./noop-flow.ts";
import type { FlowStarter } from "./runtime.ts";

/** Begins a flow; undefined when there is no room for one. */
export type BeginFlow = (kind: LiveKind, given: FlowAttributes | undefined) => LiveFlow | undefined;

/** Starts the flows of one definition. */
export class Starter implements FlowStarter {
  readonly #begin: BeginFlow;
  readonly #kind: LiveKind;

  constructor(begin: BeginFlow, kind: LiveKind) {
    this.#begin = begin;
    this.#kind = kind;
  }

  start(given: FlowAttributes | undefined): Flow {
    return this.#begin(this.#kind, given) ?? NOOP_FLOW;
  }

  run<T>(given: FlowAttributes | undefined, fn: (flow: Flow) => T): T {
    const flow = this.#begin(this.#kind, given);
    if (flow === undefined) return fn(NOOP_FLOW);
    let result: T;
    try {
      result = contextApi.with(flow, fn, undefined, flow);
    } catch (error) {
      endFailed(flow, error);
      throw error;
    }
    if (!isThenable(result)) {
      if (!flow.hasEnded) flow.end();
      return result;
    }
    return result.then(
      (value) => {
        if (!flow.hasEnded) flow.end();
        return value;
      },
      (error: unknown) => {
        endFailed(flow, error);
        throw error;
      },
    ) as T;
  }
}

function endFailed(flow: LiveFlow, error: unknown): void {
  if (flow.hasEnded) return;
  flow.fail(error);
  flow.end();
}

/** True for promises and whatever else `await` would wait for; a hostile value is none. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === "function";
  } catch {
    // A getter or Proxy of the host's; the value goes back to it untouched.
    return false;
  }
}
