// What the root span of a flow says of it in its attributes.
import type { Span } from "../../api/client.ts";

/** The facts of a flow; undefined where the span does not have them. */
export interface FlowFacts {
  readonly symbol: string | undefined;
  readonly strategy: string | undefined;
  readonly stage: string | undefined;
  /** `ACCEPT`, `REJECT`. */
  readonly decision: string | undefined;
  readonly reasonCode: string | undefined;
  /** The sentence for people. */
  readonly reason: string | undefined;
  readonly keepReason: string | undefined;
}

/** Reads the facts; what is no text is not there. */
export function flowFacts({ tags }: Pick<Span, "tags">): FlowFacts {
  const text = (name: string) => textOf(tags[`trading.${name}`]);
  return {
    symbol: text("symbol"),
    strategy: text("strategy"),
    stage: text("stage"),
    decision: text("decision"),
    reasonCode: text("reason_code"),
    reason: text("reason"),
    keepReason: text("keep_reason"),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
