// The secrets and the innocent values that the redaction of core is tried with, as OpenTelemetry carries them.
import type { AnyValue } from "@opentelemetry/api";

interface PlantedSecret {
  readonly where: string;
  readonly value: unknown;
  readonly canaries: readonly string[];
}

/** A secret in a value that an attribute may have, and the texts that must not come out. */
export interface PlantedValue {
  readonly where: string;
  readonly value: AnyValue;
  readonly canaries: readonly string[];
}

// Both are test data of another package: no package exports them, so they are found by their place.
const TESTDATA = new URL("../../core/src/testdata/", import.meta.url);
const { PLANTED_SECRETS } = (await import(new URL("planted-secrets.ts", TESTDATA).href)) as {
  readonly PLANTED_SECRETS: readonly PlantedSecret[];
};
const { INNOCENT_FIELDS, INNOCENT_TEXTS } = (await import(new URL("innocent-values.ts", TESTDATA).href)) as {
  readonly INNOCENT_FIELDS: readonly (readonly [string, AnyValue])[];
  readonly INNOCENT_TEXTS: readonly string[];
};

/** All of them. */
export const PLANTED_VALUES: readonly PlantedValue[] = PLANTED_SECRETS.map(({ where, value, canaries }) => ({
  where,
  value: toPlain(value),
  canaries,
}));

export { INNOCENT_FIELDS, INNOCENT_TEXTS };

/** What an SDK makes of it: plain objects, lists and scalars. */
function toPlain(value: unknown): AnyValue {
  if (value instanceof Error) {
    const { name, message, stack, cause, ...own } = value as Error & Record<string, unknown>;
    const errors = value instanceof AggregateError ? value.errors : [];
    return toPlain({ ...own, name, message, stack, ...(cause === undefined ? {} : { cause }), errors });
  }
  if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams)
    return toPlain(Object.fromEntries(value as Iterable<[string, unknown]>));
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value as AnyValue;
  const json: unknown = JSON.parse(JSON.stringify(value));
  if (typeof json !== "object" || json === null) return json as AnyValue;
  if (Object.hasOwn(value, "toJSON")) return json as AnyValue;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toPlain(one)]));
}
