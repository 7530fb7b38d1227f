// The flow of a program without telemetry: every call does nothing and costs next to nothing.
import type { Flow } from "./flow.ts";

class NoopFlow implements Flow {
  readonly traceId = "";
  readonly spanId = "";
  mark(): void {}
  stop(): undefined {
    return undefined;
  }
  fail(): undefined {
    return undefined;
  }
  keep(): void {}
  setAttribute(): this {
    return this;
  }
  setAttributes(): this {
    return this;
  }
  within<T>(fn: () => T): T {
    return fn();
  }
  bind<T>(target: T): T {
    return target;
  }
  end(): void {}
}

/** The one flow that is no flow. */
export const NOOP_FLOW: Flow = Object.freeze(new NoopFlow());
