// Waits for something to become true by asking again and again: stages poll, they do not sleep and hope.
export { until } from "../../../packages/node/faults/harness/until.ts";
