// What scans came to, counted. Of every scan, and so of all: generated + rejected + errors = symbols scanned.

/** Counts of one scan. */
export interface ScanResult {
  readonly symbols: number;
  readonly generated: number;
  readonly rejected: number;
  readonly errors: number;
}

/** Counts since the start. */
export interface ScanCounts {
  scans: number;
  symbolsScanned: number;
  generated: number;
  rejected: number;
  errors: number;
  /** Rejections by the reason that people read. */
  readonly rejections: Map<string, number>;
}

/** Nothing counted yet. */
export function createScanCounts(): ScanCounts {
  return { scans: 0, symbolsScanned: 0, generated: 0, rejected: 0, errors: 0, rejections: new Map() };
}

/** `generated / (generated + rejected) * 100` with one place, rounded; 0 where there is neither. */
export function successRate(generated: number, rejected: number): number {
  const judged = generated + rejected;
  return judged === 0 ? 0 : Math.round((generated * 1_000) / judged) / 10;
}
