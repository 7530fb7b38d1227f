/** How the run went: the reports of all processes as one, for people and as JSON. */
import type { TelemetryHealth } from "@tracebook/node";
import type { TraderReport } from "@tracebook-examples/basis-arbitrage/trader";
import type { ScannerReport } from "@tracebook-examples/scanner";
import type { DeskReport } from "./desk/main.ts";

/** What every observed process tells at its end. */
export interface ProcessReport {
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
  readonly scanner?: Omit<ScannerReport, "telemetry" | "instance_id">;
  readonly desk?: DeskReport;
  /** What was lost, by what and why; empty when nothing was. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly journal: {
    readonly dir: string;
    readonly records: number;
    readonly instances: Readonly<Record<string, SequenceRange>>;
  };
}

/** What the processes have told; undefined: it did not run, or ended without a word. */
export interface RunReports {
  readonly trader: TraderReport;
  readonly exchange: ProcessReport | undefined;
  readonly scanner: ScannerReport | undefined;
  readonly desk: DeskReport | undefined;
}

/** Adds the processes up. */
export function summarize({ trader, exchange, scanner, desk }: RunReports, dir: string): Summary {
  const { telemetry, instance_id, ...rest } = trader;
  const parts = [{ instance_id, telemetry }, exchange, scanner].filter((part) => part !== undefined);
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
    ...(scanner === undefined ? {} : { scanner: withoutTelemetry(scanner) }),
    ...(desk === undefined ? {} : { desk }),
    dropped,
    journal: { dir, records: sum((health) => health.journal?.written), instances },
  };
}

function withoutTelemetry({ telemetry: _telemetry, instance_id: _instance, ...figures }: ScannerReport) {
  return figures;
}
