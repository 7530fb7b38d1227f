// What every store must answer, whichever database it is: run this for each of them.
import { describe } from "vitest";
import type { OpenStore } from "./contract/contract-store.ts";
import { describeCounts } from "./contract/count-contract.ts";
import { describeDecisions } from "./contract/decision-contract.ts";
import { describeEvents } from "./contract/event-contract.ts";
import { describeExports } from "./contract/export-contract.ts";
import { describeMetrics } from "./contract/metric-contract.ts";
import { describeRecords } from "./contract/record-contract.ts";
import { describeSources } from "./contract/source-contract.ts";
import { describeTimelines } from "./contract/timeline-contract.ts";
import { describeTraces } from "./contract/trace-contract.ts";
import { describeValues } from "./contract/value-contract.ts";

/** How the tests are run. */
export interface ContractOptions {
  /** How often a property is tried, each time with a store of its own. Default 60. */
  readonly runs?: number;
  /** Several tests at a time: for stores that are slow to open. Default: one after the other. */
  readonly concurrent?: boolean;
}

/** Declares the tests for the store that `open` gives. */
export function describeStoreContract(name: string, open: OpenStore, options: ContractOptions = {}): void {
  const { runs = 60, concurrent = false } = options;
  describe(name, { concurrent }, () => {
    describeEvents(open, runs);
    describeCounts(open, runs);
    describeDecisions(open, runs);
    describeTraces(open, runs);
    describeMetrics(open, runs);
    describeTimelines(open, runs);
    describeSources(open, runs);
    describeRecords(open, runs);
    describeExports(open, runs);
    describeValues(open);
  });
}
