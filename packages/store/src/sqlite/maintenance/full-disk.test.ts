// Case 16: the disk is full, and SQLite has no room even to delete.
import { spawnSync } from "node:child_process";
import { describe, expect, it, type TestContext } from "vitest";
import { commandOf, startChild } from "../../../test/child.ts";
import { testFolder } from "../../../test/test-database.ts";

const FULL = "database or disk is full";
/** Whoever may mount: root in a namespace of mounts, or a user who is root in a namespace of users. */
const NAMESPACE = [["-m"], ["-r", "-m"]].find((flags) => spawnSync("unshare", [...flags, "true"]).status === 0);

interface State {
  readonly rows: number;
  readonly hasReserve: boolean;
  readonly sameCounts: boolean;
}

interface Report {
  readonly skipped?: string;
  readonly full: {
    failure: string;
    acknowledged: number;
    rows: number;
    freeBlocks: number;
    deletes: string;
    again: string;
  };
  readonly cleaned: State & { result: Record<string, unknown> };
  readonly cleanedAgain: State & { result: Record<string, unknown> };
  readonly writtenAfter: State & { events: number; problems: string[] };
  readonly integrity: string;
}

async function fillAndClean(context: TestContext, diskMib: number, reserveMib: number, other = ""): Promise<Report> {
  if (NAMESPACE === undefined) return context.skip("this user may not mount a small disk");
  const args = [testFolder(), String(diskMib), String(reserveMib), other];
  const { stdout, stderr } = await startChild(["unshare", ...NAMESPACE, ...commandOf("full-disk-process", args)]).ended;
  expect(stderr).toBe("");
  const report = JSON.parse(stdout) as Report;
  return report.skipped === undefined ? report : context.skip(`no small disk can be mounted: ${report.skipped}`);
}

describe("a database on a disk that is full", () => {
  it.each([
    [84, "the log has been carried over before"],
    [60, "everything is still in the log"],
  ])(
    "of %i MiB, where %s, has all rows that were acknowledged, is cleaned with the help of the reserve, and written on",
    async (diskMib, _name, context?: TestContext) => {
      const { full, cleaned, writtenAfter, integrity } = await fillAndClean(context!, diskMib, 16);
      expect(full).toMatchObject({ failure: FULL, rows: full.acknowledged, freeBlocks: 0, deletes: FULL, again: FULL });
      const removed = cleaned.result["events"] as number;
      expect(removed).toBeGreaterThan(full.acknowledged * 0.49);
      expect(cleaned).toMatchObject({
        result: { reserve: "ready" },
        rows: full.acknowledged - removed,
        sameCounts: true,
        hasReserve: true,
      });
      expect(cleaned.result["freedBytes"]).toBeGreaterThan(1_000_000);
      expect(writtenAfter).toMatchObject({ events: 4_000, problems: [], rows: cleaned.rows + 4_000, sameCounts: true });
      expect(integrity).toBe("ok");
    },
  );

  it.each([
    ["without a reserve", 0, ""],
    ["while a reader keeps the log from being cut", 16, "reader"],
  ])(
    "%s says what is missing, loses nothing, and is cleaned once there is room",
    async (_name, reserveMib, other, context?: TestContext) => {
      const { full, cleaned, cleanedAgain, writtenAfter, integrity } = await fillAndClean(
        context!,
        96,
        reserveMib,
        other,
      );
      expect(full).toMatchObject({ failure: FULL, rows: full.acknowledged, deletes: FULL });
      expect(cleaned).toMatchObject({
        result: {
          code: "database_full",
          problem: expect.stringMatching(/is full, and (\d+ MiB more are needed|its log cannot be cut)/),
        },
        ...{ rows: full.acknowledged, sameCounts: true, hasReserve: reserveMib > 0 },
      });
      const removed = cleanedAgain.result["events"] as number;
      expect(removed).toBeGreaterThan(full.acknowledged * 0.49);
      expect(cleanedAgain).toMatchObject({ rows: full.acknowledged - removed, sameCounts: true });
      expect(writtenAfter).toMatchObject({ events: 4_000, problems: [], sameCounts: true });
      expect(integrity).toBe("ok");
    },
  );
});
