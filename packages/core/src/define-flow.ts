// The facade that hosts import: finds the running telemetry, someone else's SDK, or nothing, at every flow.
import { type Context, context as contextApi } from "@opentelemetry/api";
import { quoteValue, TracebookError } from "./errors.ts";
import type { Flow, FlowAttributes, FlowDeclaration, FlowDefinition, FlowOptions } from "./flow.ts";
import { MAX_MARKS } from "./flow-slab.ts";
import { isThenable } from "./flow-starter.ts";
import { NOOP_FLOW } from "./noop-flow.ts";
import { PlainApi } from "./plain-api.ts";
import type { FlowStarter, Runtime } from "./runtime.ts";
import { type Slot, tracebookSlot } from "./slot.ts";

const NAME = /^[a-zA-Z][a-zA-Z0-9_.-]{0,63}$/;

/**
 * Declares a flow: its name and its stages, once, at module level.
 *
 * Works before, after and without `startTelemetry`: a flow that runs while telemetry is off costs a few nanoseconds.
 * Throws `invalid_flow_name` and `invalid_stages`.
 *
 * @example
 * const tick = defineFlow("tick", { stages: ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"] });
 */
export function defineFlow<const Stage extends string>(
  name: string,
  options: FlowOptions<Stage>,
): FlowDefinition<Stage> {
  if (typeof name !== "string" || !NAME.test(name))
    throw new TracebookError("invalid_flow_name", `${quoteValue(name)} is not a flow name.`);
  const stages = Object.freeze([...options.stages]);
  const wrong = stages.find(
    (stage, i) => typeof stage !== "string" || !NAME.test(stage) || stages.indexOf(stage) !== i,
  );
  if (wrong !== undefined || stages.length < 1 || stages.length > MAX_MARKS)
    throw new TracebookError(
      "invalid_stages",
      `Flow ${quoteValue(name)}: ${quoteValue(wrong ?? `${stages.length} stages`)}.`,
    );
  const slowMs = options.slowMs;
  if (slowMs !== undefined && !(slowMs >= 0))
    throw new TracebookError(
      "invalid_option",
      `Flow ${quoteValue(name)}: slowMs is ${quoteValue(slowMs)}, not 0 or more.`,
    );
  const declaration = Object.freeze({ name, stages, slowMs, spanKind: options.spanKind ?? "internal" });
  return new Definition(declaration) as unknown as FlowDefinition<Stage>;
}

class Definition implements FlowDefinition {
  readonly name: string;
  readonly stages: readonly string[];
  readonly #declaration: FlowDeclaration;
  readonly #slot: Slot = tracebookSlot();
  readonly #plain = new PlainApi();
  #runtime: Runtime | undefined;
  #starter: FlowStarter | undefined;

  constructor(declaration: FlowDeclaration) {
    this.#declaration = declaration;
    this.name = declaration.name;
    this.stages = declaration.stages;
  }

  start(attributes?: FlowAttributes): Flow {
    const runtime = this.#slot.runtime;
    if (runtime === undefined) {
      const signals = this.#plain.signals();
      return signals === undefined ? NOOP_FLOW : signals.start(this.#declaration, attributes);
    }
    return this.#of(runtime).start(attributes);
  }

  run<T>(attributes: FlowAttributes | undefined, fn: (flow: Flow) => T): T {
    const runtime = this.#slot.runtime;
    if (runtime !== undefined) return this.#of(runtime).run(attributes, fn);
    const signals = this.#plain.signals();
    if (signals === undefined) return fn(NOOP_FLOW);
    return runPlain(signals.start(this.#declaration, attributes), fn);
  }

  #of(runtime: Runtime): FlowStarter {
    if (runtime !== this.#runtime || this.#starter === undefined) {
      this.#starter = runtime.flow(this.#declaration);
      this.#runtime = runtime;
    }
    return this.#starter;
  }
}

function runPlain<T>(flow: Flow, fn: (flow: Flow) => T): T {
  const failed = (error: unknown): never => {
    flow.fail(error);
    flow.end();
    throw error;
  };
  let result: T;
  try {
    result = flow.within(() => fn(flow));
  } catch (error) {
    return failed(error);
  }
  if (!isThenable(result)) {
    flow.end();
    return result;
  }
  return result.then((value) => {
    flow.end();
    return value;
  }, failed) as T;
}

/** Runs `fn` with the given OpenTelemetry context active: `runInContext(extractContext(message), ...)`. */
export function runInContext<T>(context: Context, fn: () => T): T {
  return contextApi.with(context, fn);
}
