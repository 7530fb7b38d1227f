// Which question asks for all that windows need, and which window each piece of the answer goes to.
import type { EventCount, FeedPiece, FeedWants, MetricSample } from "@tracebook/store";
import { isOfEvents, isOfMetric, type Selector } from "./rule-source.ts";

/** Who wants to hear of what is selected. */
export interface Listener {
  readonly selector: Selector;
}

/** Fields of events that a feed reads at once. */
const MAX_FIELDS = 64;

interface EventRoute<L> {
  readonly listener: L;
  readonly places: readonly number[];
}

/** The question for some listeners, and the way of the answer. */
export class FeedRoutes<L extends Listener> {
  readonly wants: FeedWants;
  /** Those whose fields are beyond what can be asked. */
  readonly refused: readonly L[];
  readonly #events = new Map<string, EventRoute<L>[]>();
  readonly #metrics = new Map<string, L[]>();

  constructor(listeners: Iterable<L>) {
    const fields = new Map<string, string[]>();
    const all = new Set<string>();
    const refused: L[] = [];
    for (const listener of listeners) {
      const { selector } = listener;
      if (selector.kind === "metric") {
        for (const metric of selector.metrics) mapOf(this.#metrics, metric).push(listener);
        continue;
      }
      const names = selector.fields.map(([name]) => name);
      if (new Set([...all, ...names]).size > MAX_FIELDS) {
        refused.push(listener);
        continue;
      }
      for (const name of names) all.add(name);
      const known = mapOf(fields, selector.eventType);
      for (const name of names) if (!known.includes(name)) known.push(name);
      const places = names.map((name) => known.indexOf(name));
      mapOf(this.#events, selector.eventType).push({ listener, places });
    }
    this.refused = refused;
    this.wants = {
      events: [...fields].map(([eventType, names]) => ({ eventType, fields: names })),
      metrics: [...this.#metrics.keys()],
    };
  }

  /** Hands each count and each sample to whoever it is for. */
  route({ counts, samples }: FeedPiece, hand: (listener: L, item: EventCount | MetricSample) => void): void {
    for (const count of counts)
      for (const { listener, places } of this.#events.get(count.eventType) ?? [])
        if (listener.selector.kind === "events" && isOfEvents(listener.selector, count, places)) hand(listener, count);
    for (const sample of samples)
      for (const listener of this.#metrics.get(sample.metric) ?? [])
        if (listener.selector.kind === "metric" && isOfMetric(listener.selector, sample)) hand(listener, sample);
  }
}

function mapOf<T>(map: Map<string, T[]>, key: string): T[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}
