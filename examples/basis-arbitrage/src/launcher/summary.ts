/** How the run went: the reports of both processes as one, for people and as JSON. */
import type { TelemetryHealth } from "@tracebook/node";
import type { TraderReport } from "../trader/report.ts";

/** What the exchange tells at its end. */
export interface ExchangeReport {
  readonly instance_id: string;
  readonly telemetry: TelemetryHealth;
}

/** First and last number of one writer's sequence. */
export interface SequenceRange {
  readonly first_seq: number;
  readonly last_seq: number;
}

/** The summary, as `--json` prints it. */
export interface Summary extends Omit<TraderReport, "telemetry" | "instance_id"> {
  readonly flows_kept: number;
  readonly spans_exported: number;
  /** What was lost, by what and why; empty when nothing was. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly journal: {
    readonly dir: string;
    readonly records: number;
    readonly instances: Readonly<Record<string, SequenceRange>>;
  };
}

/** Adds the two processes up. */
export function summarize(trader: TraderReport, exchange: ExchangeReport | undefined, dir: string): Summary {
  const { telemetry, instance_id, ...rest } = trader;
  const parts = [{ instance_id, telemetry }, ...(exchange === undefined ? [] : [exchange])];
  const sum = (read: (health: TelemetryHealth) => number | undefined): number =>
    parts.reduce((total, part) => total + (read(part.telemetry) ?? 0), 0);
  const dropped: Record<string, number> = {};
  const instances: Record<string, SequenceRange> = {};
  for (const part of parts) {
    for (const [lost, reasons] of Object.entries(part.telemetry.dropped))
      for (const [reason, count] of Object.entries(reasons))
        dropped[`${lost}:${reason}`] = (dropped[`${lost}:${reason}`] ?? 0) + count;
    const journal = part.telemetry.journal;
    if (journal !== undefined && journal.lastSeq > 0)
      instances[part.instance_id] = { first_seq: journal.firstSeq, last_seq: journal.lastSeq };
  }
  return {
    ...rest,
    flows_kept: sum((health) => health.flows?.flowsKept),
    spans_exported: sum((health) => health.traces?.exported),
    dropped,
    journal: { dir, records: sum((health) => health.journal?.written), instances },
  };
}
