// One round: every variant once, each in a process of its own, one after the other.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BenchOptions } from "./bench-options.ts";
import { cleanEnvironment } from "./clean-environment.ts";
import type { Measurement, MeasurementAnswer, MeasurementOrder } from "./measurement.ts";
import type { Sink, SinkTotals } from "./sink.ts";
import { VARIANTS, type VariantName, type VariantPlan } from "./variant-names.ts";

/** A measurement and what the sink received of it. */
export interface MeasuredVariant extends Measurement {
  readonly received: SinkTotals;
}

/** What a round found, by variant. */
export type Round = ReadonlyMap<VariantName, MeasuredVariant>;

/** Runs a round; `onMeasured` hears of each variant. Throws when a process fails. */
export async function runRound(
  options: BenchOptions,
  sink: Sink,
  workDir: string,
  onMeasured: (name: VariantName, measured: MeasuredVariant) => void,
): Promise<Round> {
  const round = new Map<VariantName, MeasuredVariant>();
  for (const variant of options.variants) {
    const plan: VariantPlan = VARIANTS[variant];
    const dir = mkdtempSync(join(workDir, `${variant}-`));
    const before = await sink.totals();
    const measurement = await runProcess({
      variant,
      sinkUrl: sink.url,
      dir,
      warmUpMs: options.warmUpMs,
      flatMs: plan.flat ? options.flatMs : 0,
      pacedTicks: plan.paced === "always" || (plan.paced === "full" && !options.quick) ? options.pacedTicks : 0,
    });
    const received = difference(await sink.totals(), before);
    rmSync(dir, { recursive: true, force: true });
    const measured = { ...measurement, received };
    round.set(variant, measured);
    onMeasured(variant, measured);
  }
  return round;
}

function runProcess(order: MeasurementOrder): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL("./variant-process.ts", import.meta.url), [JSON.stringify(order)], {
      env: cleanEnvironment(),
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    let answer: MeasurementAnswer | undefined;
    child.on("message", (message) => {
      answer = message as MeasurementAnswer;
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (answer !== undefined && "measurement" in answer) resolve(answer.measurement);
      else reject(new Error(`${order.variant} failed: ${answer?.error ?? `its process ended with ${signal ?? code}`}`));
    });
  });
}

function difference(after: SinkTotals, before: SinkTotals): SinkTotals {
  return {
    spans: after.spans - before.spans,
    logs: after.logs - before.logs,
    metrics: after.metrics - before.metrics,
    requests: after.requests - before.requests,
    bytes: after.bytes - before.bytes,
    unreadable: after.unreadable - before.unreadable,
  };
}
