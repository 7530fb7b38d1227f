// The cases of the desk, in the order of their numbers. Run by `npm run faults` with all others.
import type { FaultCase } from "../../node/faults/fault-case.ts";
import { deskAttacked } from "./cases/desk-attacked.ts";
import { deskDiskFull } from "./cases/desk-disk-full.ts";
import { deskKilled } from "./cases/desk-killed.ts";
import { deskLocked } from "./cases/desk-locked.ts";
import { deskShared } from "./cases/desk-shared.ts";

/** The cases. */
export const DESK_CASES: readonly FaultCase[] = [deskKilled, deskDiskFull, deskShared, deskLocked, deskAttacked];
