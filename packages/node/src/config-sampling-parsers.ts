// How the share of flows to keep is read, from our variable and from the standard sampler.
import { decimalNumber, type Environment, NOT_SAID, type ValueKind } from "./config-parsers.ts";

/** A share of flows. */
export const ratioKind: ValueKind<number> = decimalNumber(0, 1);

const RATIO_SAMPLERS = new Set(["traceidratio", "parentbased_traceidratio"]);
const FIXED_SAMPLERS: Readonly<Record<string, number>> = {
  always_on: 1,
  parentbased_always_on: 1,
  always_off: 0,
  parentbased_always_off: 0,
};

/** The ratio that a standard sampler stands for; the ones with an argument leave it to {@link samplerArgumentKind}. */
export const samplerKind: ValueKind<number> = {
  ...ratioKind,
  expected: `one of ${[...RATIO_SAMPLERS, ...Object.keys(FIXED_SAMPLERS)].join(", ")}`,
  parse(text, env) {
    const name = text.toLowerCase();
    if (RATIO_SAMPLERS.has(name)) return (env.OTEL_TRACES_SAMPLER_ARG ?? "").trim() === "" ? { value: 1 } : NOT_SAID;
    const ratio = Object.hasOwn(FIXED_SAMPLERS, name) ? FIXED_SAMPLERS[name] : undefined;
    return ratio === undefined ? { why: "" } : { value: ratio };
  },
};

/** The argument of a sampler that takes a ratio; of no meaning beside any other, as specified. */
export const samplerArgumentKind: ValueKind<number> = {
  ...ratioKind,
  parse(text, env: Environment) {
    const sampler = (env.OTEL_TRACES_SAMPLER ?? "").trim().toLowerCase();
    return RATIO_SAMPLERS.has(sampler) ? ratioKind.parse(text, env) : NOT_SAID;
  },
};
