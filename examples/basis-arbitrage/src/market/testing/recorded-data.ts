/** Where the real recordings are, for tests that run on something nobody here wrote. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const DIRECTORY = process.env.TRACEBOOK_DATA_DIR ?? join(import.meta.dirname, "../../../../../../shared/data");

/** Spot and USD-M recordings of the same minutes. */
export const RECORDED_FILES: readonly string[] = ["spot", "usdm"].map((market) =>
  join(DIRECTORY, `binance-${market}-btcusdt-20240808.jsonl.gz`),
);

/** False where the recordings are not at hand; says so once, so that nobody takes a skipped test for a passed one. */
export function haveRecordedData(): boolean {
  const missing = RECORDED_FILES.filter((file) => !existsSync(file));
  if (missing.length > 0) {
    console.log(`skipped for want of recordings (set TRACEBOOK_DATA_DIR to their folder): ${missing.join(", ")}`);
  }
  return missing.length === 0;
}
