// The names of a spool's files: which lane, since when. Sorted by name they are sorted by age within a lane.
import type { OtlpSignal } from "./sender.ts";

/** `evidence` is let go last. */
export type SpoolClass = "evidence" | "ordinary";

/** What is kept in order: one signal, one class. */
export interface SpoolLaneName {
  readonly signal: OtlpSignal;
  readonly recordClass: SpoolClass;
}

const MAX_EPOCH_MS = 999_999_999_999_999;
const NAME = /^(traces|logs|metrics)-(evidence|ordinary)-\d{15}-\d{6,}-[0-9a-f]{8}\.spool$/;

/** Example: `logs-evidence-001763664000123-000007-1c9f03aa.spool`. */
export function formatSpoolName(
  { signal, recordClass }: SpoolLaneName,
  bornEpochMs: number,
  counter: number,
  token: string,
): string {
  const born = String(Math.min(Math.max(0, Math.trunc(bornEpochMs)), MAX_EPOCH_MS)).padStart(15, "0");
  return `${signal}-${recordClass}-${born}-${String(counter).padStart(6, "0")}-${token}.spool`;
}

/** The lane of a file by its name; undefined for anything else. */
export function parseSpoolName(name: string): SpoolLaneName | undefined {
  const parts = NAME.exec(name);
  if (parts === null) return undefined;
  return { signal: parts[1] as OtlpSignal, recordClass: parts[2] as SpoolClass };
}

/** When the first request of a file was accepted, by its name. */
export function epochMsOfSpoolName(name: string): number {
  return Number(/-(\d{15})-\d+-[0-9a-f]+\.spool$/.exec(name)?.[1] ?? 0);
}
