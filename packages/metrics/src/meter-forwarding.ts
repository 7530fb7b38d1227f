// The way into a foreign OpenTelemetry SDK: our instruments behind its meter.
import type { CounterInstrument, UpDownCounterInstrument } from "./counter.ts";
import type { GaugeInstrument } from "./gauge.ts";
import { type ForwardHistogram, HistogramInstrument } from "./histogram.ts";
import type { InstrumentHealth } from "./instrument-health.ts";

/** Options with which a meter makes an instrument. */
export interface MeterInstrumentOptions {
  readonly description: string;
  readonly unit: string;
  readonly advice?: { readonly explicitBucketBoundaries: number[] };
}

/** Where a batch callback puts what it observed. */
export interface BatchResultLike {
  observe(instrument: object, value: number, attributes: Record<string, string>): void;
}

/** The part of OpenTelemetry's `Meter` that is used here; a real one fits. */
export interface MeterLike {
  createHistogram(name: string, options: MeterInstrumentOptions): ForwardHistogram;
  createObservableCounter(name: string, options: MeterInstrumentOptions): object;
  createObservableUpDownCounter(name: string, options: MeterInstrumentOptions): object;
  createObservableGauge(name: string, options: MeterInstrumentOptions): object;
  addBatchObservableCallback(callback: (result: BatchResultLike) => void, instruments: object[]): void;
  removeBatchObservableCallback(callback: (result: BatchResultLike) => void, instruments: object[]): void;
}

type Scalar = CounterInstrument<string> | UpDownCounterInstrument<string> | GaugeInstrument<string>;

/** Forwards instruments to one meter until it is stopped. Whatever the meter throws is told once and goes no further. */
export class MeterForwarding {
  readonly #meter: MeterLike;
  readonly #observe: () => void;
  readonly #health: InstrumentHealth;
  readonly #scalars = new Map<Scalar, object>();
  readonly #histograms: HistogramInstrument<string>[] = [];
  /** One callback for all: a collection then runs the observers once, before the first value is read. */
  readonly #callback = (result: BatchResultLike): void => this.#observeAll(result);
  #registered: object[] = [];

  constructor(meter: MeterLike, observe: () => void, health: InstrumentHealth) {
    this.#meter = meter;
    this.#observe = observe;
    this.#health = health;
  }

  add(instrument: Scalar | HistogramInstrument<string>): void {
    this.#guard(() => {
      if (instrument instanceof HistogramInstrument) this.#addHistogram(instrument);
      else this.#addScalar(instrument);
    });
  }

  stop(): void {
    for (const histogram of this.#histograms) histogram.forwardTo(undefined);
    this.#guard(() => this.#meter.removeBatchObservableCallback(this.#callback, this.#registered));
    this.#scalars.clear();
  }

  #addHistogram(instrument: HistogramInstrument<string>): void {
    const { name, help, unit, bounds } = instrument.definition;
    const advice = bounds === undefined ? undefined : { advice: { explicitBucketBoundaries: [...bounds] } };
    instrument.forwardTo(this.#meter.createHistogram(name, { description: help, unit, ...advice }));
    this.#histograms.push(instrument);
  }

  #addScalar(instrument: Scalar): void {
    this.#scalars.set(instrument, this.#makeObservable(instrument));
    if (this.#registered.length > 0) this.#meter.removeBatchObservableCallback(this.#callback, this.#registered);
    this.#registered = [...this.#scalars.values()];
    this.#meter.addBatchObservableCallback(this.#callback, this.#registered);
  }

  #makeObservable({ definition: { name, help, unit, kind } }: Scalar): object {
    const options = { description: help, unit };
    if (kind === "counter") return this.#meter.createObservableCounter(name, options);
    if (kind === "updowncounter") return this.#meter.createObservableUpDownCounter(name, options);
    return this.#meter.createObservableGauge(name, options);
  }

  #observeAll(result: BatchResultLike): void {
    this.#observe();
    this.#guard(() => {
      for (const [instrument, observable] of this.#scalars) {
        for (let series = 0; series < instrument.seriesCount; series++) {
          const point = instrument.pointAt(series);
          if (point !== undefined) result.observe(observable, point.value, point.labels);
        }
      }
    });
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#health.failed("forward_failed", error);
    }
  }
}
