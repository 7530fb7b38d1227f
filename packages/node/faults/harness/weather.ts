// What happens to connections and bytes between a bot and its Collector.

/** The weather of a proxy. */
export type Weather =
  | { readonly kind: "clear" }
  /** Nobody listens: connections are refused, and those that are there are reset. */
  | { readonly kind: "refusing" }
  /** Connections are taken and reset at once, so that the tries can be counted; those that are there as well. */
  | { readonly kind: "resetting" }
  /** Connections are taken, and nothing comes back. */
  | { readonly kind: "black_hole" }
  | { readonly kind: "slow"; readonly latencyMs: number; readonly bytesPerS: number }
  /** This share of requests ends in a reset: at once, in the middle of the body, or instead of the answer. */
  | { readonly kind: "resets"; readonly share: number }
  /** Every request is reset in the middle of its body. */
  | { readonly kind: "cut_bodies" }
  /** Every connection falls silent after a while, without a word to either side. */
  | { readonly kind: "half_open" };

/** The ways in which a request is reset. */
export const RESET_WAYS = ["reset", "cut_body", "lost_answer"] as const;
/** One of them. */
export type ResetWay = (typeof RESET_WAYS)[number];
/** What was done to a request or a connection. */
export type Harm = ResetWay | "refused" | "silent" | "slowed";
