// The API's meters, as the host and its libraries use them, without what would spoil a series for good: a NaN stays in every sum.
import { type Meter, type MeterProvider, metrics } from "@opentelemetry/api";

/** What makes instruments that are given numbers; observable ones are asked anew each time, and a wrong answer of theirs passes. */
const SYNCHRONOUS = ["createCounter", "createUpDownCounter", "createHistogram", "createGauge"] as const;

/**
 * Puts a guard in front of the meter provider that is registered. Instruments made from here on refuse what is no finite number;
 * `onInvalid` hears the metric's name. Cost of a good value: a comparison.
 */
export function guardMeters(onInvalid: (metric: string) => void): void {
  const guarded = guardMeterProvider(metrics.getMeterProvider(), onInvalid);
  // A provider that is registered is not replaced by another.
  metrics.disable();
  metrics.setGlobalMeterProvider(guarded);
}

/** The provider with that guard. */
export function guardMeterProvider(provider: MeterProvider, onInvalid: (metric: string) => void): MeterProvider {
  return { getMeter: (...given) => guardMeter(provider.getMeter(...given), onInvalid) };
}

function guardMeter(meter: Meter, onInvalid: (metric: string) => void): Meter {
  const creators = new Map<PropertyKey, unknown>(
    SYNCHRONOUS.map((name) => [
      name,
      (...given: Parameters<Meter["createCounter"]>) => guardInstrument(meter[name](...given), given[0], onInvalid),
    ]),
  );
  return new Proxy(meter, {
    get(target, key) {
      const own: unknown = creators.get(key) ?? Reflect.get(target, key);
      return typeof own === "function" && !creators.has(key) ? own.bind(target) : own;
    },
  });
}

/** `add` of counters, `record` of histograms and gauges. */
type Recording = Readonly<Record<"add" | "record", (value: number, ...rest: unknown[]) => void>>;

function guardInstrument(instrument: object, metric: string, onInvalid: (metric: string) => void): never {
  const { add, record } = instrument as Partial<Recording>;
  const guarded = (recording: Recording["add"]): Recording["add"] => {
    return (value, ...rest) => {
      if (Number.isFinite(value)) recording.call(instrument, value, ...rest);
      else onInvalid(metric);
    };
  };
  return { ...(add && { add: guarded(add) }), ...(record && { record: guarded(record) }) } as never;
}
