// Measures one variant in a process of its own: warm-up, paced, flat out, paired. Forked by main.ts; its order is the argument.
import type { Measurement, MeasurementAnswer, MeasurementOrder } from "./measurement.ts";
import { watchExportCalls } from "./phases/export-calls.ts";
import { measureFlatOut, runFlatOut } from "./phases/flat-out.ts";
import { measurePaced } from "./phases/paced.ts";
import { measurePaired } from "./phases/paired.ts";
import { VARIANTS, type VariantPlan } from "./variant-names.ts";
import { createNone } from "./variants/none.ts";

/**
 * The code of every variant is compiled by then. A million ticks more would leave hundreds of megabytes of journal and log behind,
 * which a thread compresses and the system writes to the disk during the paced phase.
 */
const MAX_WARM_UP_TICKS = 100_000;

const PACED_WARM_UP_TICKS = 6_000;

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const plan: VariantPlan = VARIANTS[order.variant];
  const variant = await plan.create(order);
  let { ticks } = await runFlatOut(variant, 0, order.warmUpMs, MAX_WARM_UP_TICKS);
  await variant.flush();
  // What runs at the pace of a market and not flat out (timers, small lots, the answers of the sink) is compiled by then, too.
  if (order.pacedTicks > 0) ticks += (await measurePaced(variant, ticks, PACED_WARM_UP_TICKS)).ticks;
  const pacedCalls = watchExportCalls(variant);
  // Paced first: a flat-out run leaves a heap behind that no market leaves.
  const paced = order.pacedTicks > 0 ? await measurePaced(variant, ticks, order.pacedTicks) : undefined;
  const pacedCallsMs = pacedCalls();
  const flatCalls = watchExportCalls(variant);
  ticks += paced?.ticks ?? 0;
  const flat = order.flatMs > 0 ? await measureFlatOut(variant, ticks, order.flatMs) : undefined;
  const flatCallsMs = flatCalls();
  ticks += flat?.ticks ?? 0;
  const pairedNs = plan.paired ? await measurePaired(variant, await createNone(), order.flatMs) : undefined;
  const output = variant.output(ticks);
  await variant.close();
  return { flat, paced, pacedCallsMs, flatCallsMs, pairedNs, ticks, output };
}

function answer(message: MeasurementAnswer): void {
  process.send?.(message, () => process.exit());
}

// Without its parent nobody wants to know.
process.once("disconnect", () => process.exit(1));
measure(JSON.parse(process.argv[2]!) as MeasurementOrder).then(
  (measurement) => answer({ measurement }),
  (error: unknown) => answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
);
