// What a rule can speak of.
import type { KnownMetric } from "@tracebook/store";

/** What is known to exist; what is undefined is not checked. */
export interface RuleCatalogue {
  readonly metrics?: readonly KnownMetric[] | undefined;
  readonly eventTypes?: readonly string[] | undefined;
}
