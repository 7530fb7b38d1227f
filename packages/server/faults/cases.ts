// The cases of the desk, of its databases and of alerts, in the order of their numbers. Run by `npm run faults` with all others.
import type { FaultCase } from "../../node/faults/fault-case.ts";
import { alertsKilled } from "./cases/alerts-killed.ts";
import { deskAttacked } from "./cases/desk-attacked.ts";
import { deskDiskFull } from "./cases/desk-disk-full.ts";
import { deskKilled } from "./cases/desk-killed.ts";
import { deskLocked } from "./cases/desk-locked.ts";
import { deskShared } from "./cases/desk-shared.ts";
import { postgresFails } from "./cases/postgres-fails.ts";

/** The cases. */
export const DESK_CASES: readonly FaultCase[] = [
  deskKilled,
  deskDiskFull,
  deskShared,
  deskLocked,
  deskAttacked,
  postgresFails,
  alertsKilled,
];
