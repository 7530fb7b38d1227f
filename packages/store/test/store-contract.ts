// What every store must answer, whichever database it is: run this for each of them.
import { describe } from "vitest";
import type { OpenStore } from "./contract/contract-store.ts";
import { describeCounts } from "./contract/count-contract.ts";
import { describeDecisions } from "./contract/decision-contract.ts";
import { describeEvents } from "./contract/event-contract.ts";
import { describeMetrics } from "./contract/metric-contract.ts";
import { describeSources } from "./contract/source-contract.ts";
import { describeTimelines } from "./contract/timeline-contract.ts";
import { describeTraces } from "./contract/trace-contract.ts";
import { describeValues } from "./contract/value-contract.ts";

/** Declares the tests for the store that `open` gives; properties are tried `runs` times, each with a store of its own. */
export function describeStoreContract(name: string, open: OpenStore, runs = 60): void {
  describe(name, () => {
    describeEvents(open, runs);
    describeCounts(open, runs);
    describeDecisions(open, runs);
    describeTraces(open, runs);
    describeMetrics(open, runs);
    describeTimelines(open, runs);
    describeSources(open, runs);
    describeValues(open);
  });
}
