/** A folder that lives as long as a test file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Makes an empty folder and removes it after the last test of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "exchange-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
