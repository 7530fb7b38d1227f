// What a service has left in its folder for the next of its processes.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Spans and log records, by how much they matter. */
export interface SpooledBytes {
  readonly evidence: number;
  readonly ordinary: number;
}

/** True when spans or log records wait on disk. */
export function findSpooled(dir: string): boolean {
  const { evidence, ordinary } = spooledBytes(dir);
  return evidence + ordinary > 0;
}

/** The size of the files in which they wait. */
export function spooledBytes(dir: string): SpooledBytes {
  const spool = join(dir, "spool");
  const bytes = { evidence: 0, ordinary: 0 };
  if (!existsSync(spool)) return bytes;
  for (const path of readdirSync(spool, { recursive: true, encoding: "utf8" })) {
    const recordClass = /(?:traces|logs)-(evidence|ordinary)-[^/]*\.spool$/.exec(path)?.[1] as keyof SpooledBytes;
    // It may have gone between two looks.
    if (recordClass !== undefined)
      bytes[recordClass] += statSync(join(spool, path), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
