// All cases, in the order of their numbers: those of a bot, then those of the desk and of alerts.
import { DESK_CASES } from "../../server/faults/cases.ts";
import { answers } from "./cases/answers.ts";
import { badNetwork, flapping } from "./cases/bad-network.ts";
import { burst, flush } from "./cases/burst.ts";
import { clockSteps } from "./cases/clock-steps.ts";
import { collectorAway } from "./cases/collector-away.ts";
import { collectorKilled } from "./cases/collector-killed.ts";
import { crash, sudden } from "./cases/crash.ts";
import { diskFull } from "./cases/disk-full.ts";
import { family } from "./cases/family.ts";
import { hostileValues } from "./cases/hostile-values.ts";
import { manyLabels } from "./cases/many-labels.ts";
import { poisonedValues } from "./cases/poisoned-values.ts";
import { processEnd } from "./cases/process-end.ts";
import { propagation, secrets } from "./cases/secrecy.ts";
import { soak } from "./cases/soak.ts";
import { startTwice } from "./cases/start-twice.ts";
import { stoppedSink } from "./cases/stopped-sink.ts";
import type { FaultCase } from "./fault-case.ts";

/** The cases. */
export const CASES: readonly FaultCase[] = [
  collectorAway,
  collectorKilled,
  burst,
  flush,
  processEnd,
  crash,
  sudden,
  stoppedSink,
  answers,
  badNetwork,
  flapping,
  soak,
  family,
  startTwice,
  diskFull,
  clockSteps,
  poisonedValues,
  manyLabels,
  hostileValues,
  secrets,
  propagation,
  ...DESK_CASES,
];
