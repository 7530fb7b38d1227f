// Counts everything that is lost, by class and reason, and says it once a minute on stderr.

/** Counts of lost things: `{ "spans": { "queue_full": 12 } }`. */
export type DropCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Where losses are counted and from where they are told. */
export interface DropLedger {
  add(lost: string, reason: string, count: number): void;
  counts(): DropCounts;
  /** Prints one line when something was lost since the last call. */
  report(): void;
  /** Prints a line of its own kind at most once a minute. */
  warn(kind: string, line: string): void;
}

const WARN_EVERY_MS = 60_000;

/** Makes a ledger that prints through `print`, one line a call, without line ends. */
export function createDropLedger(
  print: (line: string) => void,
  onAdd?: (lost: string, reason: string, count: number) => void,
): DropLedger {
  const counts = new Map<string, Map<string, number>>();
  const fresh = new Map<string, number>();
  const warned = new Map<string, number>();
  return {
    add(lost, reason, count) {
      const reasons = counts.get(lost) ?? new Map<string, number>();
      counts.set(lost, reasons);
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
      const key = `${lost} (${reason})`;
      fresh.set(key, (fresh.get(key) ?? 0) + count);
      onAdd?.(lost, reason, count);
    },
    counts: () => Object.fromEntries([...counts].map(([lost, reasons]) => [lost, Object.fromEntries(reasons)])),
    report() {
      if (fresh.size === 0) return;
      print(`tracebook: dropped ${[...fresh].map(([key, count]) => `${count} ${key}`).join(", ")}`);
      fresh.clear();
    },
    warn(kind, line) {
      const now = performance.now();
      const last = warned.get(kind);
      if (last !== undefined && now - last < WARN_EVERY_MS) return;
      warned.set(kind, now);
      print(`tracebook: ${line}`);
    },
  };
}
