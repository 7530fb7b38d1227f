// Makes samples for the benchmark of another package, which may not reach in here: a database, or requests. Forked; one order, one answer.
import { createRequests } from "./request-pool.ts";
import { createSampleDatabase, type SampleSize } from "./sample-database.ts";
import type { Mix } from "./sample-records.ts";

/** What is to be made. */
type SampleOrder =
  | { readonly kind: "database"; readonly path: string; readonly size: SampleSize }
  | { readonly kind: "requests"; readonly mix: Mix; readonly count: number; readonly batch: number };

function make(order: SampleOrder): unknown {
  if (order.kind === "requests") return createRequests(order.mix, order.count, order.batch);
  return createSampleDatabase(order.path, order.size, (line) => void process.stderr.write(`${line}\n`));
}

process.on("message", (message) => {
  const { id, order } = message as { readonly id: number; readonly order: SampleOrder };
  try {
    process.send?.({ id, answer: make(order) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.once("disconnect", () => process.exit());
