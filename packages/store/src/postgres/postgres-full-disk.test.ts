// A server whose disk is full: see the program beside the tests that fills it.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { commandOf, startChild } from "../../test/child.ts";
import { HAS_POSTGRES } from "../../test/postgres-database.ts";
import { testFolder } from "../../test/test-database.ts";

/** PostgreSQL does not run as root, not even as one that is it in a namespace only: real root can become somebody else. */
const MAY_MOUNT = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;

test.skipIf(!HAS_POSTGRES)(
  "a full disk is said, questions are answered, cleaning up drops days and makes room, and what was refused is written",
  { timeout: 90_000 },
  async (context) => {
    if (!MAY_MOUNT) return context.skip("only root may mount a small disk for a server");
    const command = ["unshare", "-m", ...commandOf("postgres-full-disk-process", [testFolder()])];
    const { stdout, stderr } = await startChild(command).ended;
    expect(stderr).toBe("");
    const report = JSON.parse(stdout) as Record<string, unknown>;
    if (report["skipped"] !== undefined) return context.skip(`no small disk can be mounted: ${report["skipped"]}`);
    expect(report).toMatchObject({
      refused: "database_full",
      problem: expect.stringContaining("No space left on device"),
      answers: true,
      cleaned: { events: 20_000 },
      after: { written: 1_000, duplicates: 0 },
      missing: 0,
      wrong: [],
    });
    expect((report["cleaned"] as { freedBytes: number }).freedBytes).toBeGreaterThan(5_000_000);
  },
);
