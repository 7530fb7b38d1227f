// One desk for all tests of a file that only ask.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Desk, openLimitedDesk } from "../src/desk.ts";
import { DESK_LIMITS, type DeskLimits } from "../src/desk-limits.ts";
import type { DeskOptions } from "../src/desk-options.ts";
import { type Answer, ask } from "./test-desk.ts";

/** The desk, once the tests run. */
export interface SharedDesk {
  readonly desk: Desk;
  get(path: string, init?: RequestInit): Promise<Answer>;
}

/** Declares it; `fill` writes what there is to ask about. */
export function sharedDesk(
  fill: (desk: Desk) => Promise<void> = async () => {},
  options: DeskOptions = {},
  limits: Partial<DeskLimits> = {},
): SharedDesk {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-server-"));
  let desk: Desk | undefined;
  beforeAll(async () => {
    const path = join(dir, "telemetry.db");
    desk = await openLimitedDesk({ path, port: 0, onLine: () => {}, ...options }, {}, { ...DESK_LIMITS, ...limits });
    await fill(desk);
  });
  afterAll(async () => {
    await desk?.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    get desk() {
      return desk as Desk;
    },
    get: (path, init) => ask(`${(desk as Desk).url}${path}`, init),
  };
}
