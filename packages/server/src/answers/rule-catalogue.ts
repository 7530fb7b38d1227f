// What a rule can speak of: metrics that the store has seen, and events that it has seen or that every service may record.
import type { RuleCatalogue } from "@tracebook/alerts";
import { tradingEvents } from "@tracebook/core";
import type { Store } from "@tracebook/store";

/** Where nothing was ever recorded, any metric is as good as another. */
export async function ruleCatalogue({ alertFeed }: Pick<Store, "alertFeed">): Promise<RuleCatalogue> {
  const [metrics, seen] = await Promise.all([alertFeed.knownMetrics(), alertFeed.knownEventTypes()]);
  const recordable = Object.values(tradingEvents).map(({ eventType }) => eventType);
  return {
    metrics: metrics.length === 0 ? undefined : metrics,
    eventTypes: [...new Set([...seen, ...recordable])],
  };
}
