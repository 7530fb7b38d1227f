// The second way: no Tracebook runtime, but an OpenTelemetry SDK of someone else's. The plain API, slower, same signals.
import { type Meter, ProxyTracerProvider, type TracerProvider, trace } from "@opentelemetry/api";
import { PlainSignals } from "./plain-signals.ts";
import { tracebookSlot } from "./slot.ts";

/** What the API answers when no SDK is registered; compared by identity. */
const NO_SDK = new ProxyTracerProvider().getDelegate();

/** One set of instruments for all definitions, as long as the SDK is there. */
const signalsOf = new WeakMap<TracerProvider, PlainSignals>();

/** Watches for an SDK cheaply enough to ask at every flow: one field read, and now and then the global registry. */
export class PlainApi {
  #provider = trace.getTracerProvider();
  #asked = 0;
  #delegate: TracerProvider | undefined;
  #signals: PlainSignals | undefined;

  /** The signals of someone else's SDK, or undefined while there is none. */
  signals(): PlainSignals | undefined {
    const asked = ++this.#asked;
    // An SDK that came through another copy of the API is only in the registry: often at first, since an event may be rare.
    if ((asked & 255) === 0 || (asked & (asked - 1)) === 0) this.#provider = trace.getTracerProvider();
    const provider = this.#provider;
    const delegate = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
    if (delegate === NO_SDK) return undefined;
    if (delegate !== this.#delegate) this.#meet(delegate);
    return this.#signals;
  }

  #meet(delegate: TracerProvider): void {
    this.#delegate = delegate;
    let signals = signalsOf.get(delegate);
    if (signals === undefined) {
      signals = new PlainSignals();
      signalsOf.set(delegate, signals);
    }
    this.#signals = signals;
    announce(signals.meter);
  }
}

/** Hears of an SDK of someone else's: its meter, under Tracebook's name. */
export type ForeignSdkListener = (meter: Meter) => void;

/** What all copies of core know of that SDK. */
interface ForeignSdk {
  meter: Meter | undefined;
  readonly listeners: Set<ForeignSdkListener>;
}

const SHARED_KEY = "core.foreign_sdk";

/**
 * Tells `listener` when an OpenTelemetry SDK of someone else's takes Tracebook's place: at once when it is there, otherwise when a
 * flow or an event first meets it, and again for another one. For packages that must not touch OpenTelemetry's API themselves.
 * What the listener throws is ignored. Returns the way to stop that.
 */
export function onForeignSdk(listener: ForeignSdkListener): () => void {
  const foreign = foreignSdk();
  foreign.listeners.add(listener);
  const known = foreign.meter;
  if (tracebookSlot().runtime === undefined) new PlainApi().signals();
  // Whoever is new to the round has been told with the others.
  if (known !== undefined && foreign.meter === known) tell(listener, known);
  return () => foreign.listeners.delete(listener);
}

function announce(meter: Meter): void {
  const foreign = foreignSdk();
  if (foreign.meter === meter) return;
  foreign.meter = meter;
  for (const listener of foreign.listeners) tell(listener, meter);
}

function tell(listener: ForeignSdkListener, meter: Meter): void {
  try {
    listener(meter);
  } catch {
    // A listener's problem must not reach the flow that happened to meet the SDK.
  }
}

function foreignSdk(): ForeignSdk {
  const { shared } = tracebookSlot();
  let foreign = shared.get(SHARED_KEY) as ForeignSdk | undefined;
  if (foreign === undefined) {
    foreign = { meter: undefined, listeners: new Set() };
    shared.set(SHARED_KEY, foreign);
  }
  return foreign;
}
