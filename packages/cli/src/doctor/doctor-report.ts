// Everything that one run of `tracebook doctor` has found.
import type { ConfigurationInForce } from "@tracebook/node/doctor";
import { EXIT } from "../cli-error.ts";
import type { Check } from "./check.ts";
import type { DestinationResult } from "./destination-check.ts";
import type { Signal } from "./doctor-signals.ts";
import type { JournalFindings } from "./journal-check.ts";

/** The findings of a run, ready to be shown. */
export interface DoctorReport {
  readonly configuration: ConfigurationInForce;
  /** As it may be shown, like everything here but `configuration.config`. */
  readonly serviceName: string;
  /** Where the service runs; undefined when nobody said. */
  readonly environment: string | undefined;
  /** The file that the variables are from; undefined for the environment of this process. */
  readonly envFile: string | undefined;
  readonly packages: Readonly<Record<string, string>>;
  readonly journal: JournalFindings | undefined;
  readonly destinations: readonly DestinationResult[];
  /** The trace of this run's span and log record, whether or not they were sent. */
  readonly traceId: string;
  /** In the order in which they are shown. */
  readonly checks: readonly Check[];
}

/** What arrived of what was sent. */
export interface Taken {
  /** At least one. */
  readonly signals: readonly Signal[];
  /** Undefined when nothing that bears it was taken. */
  readonly traceId: string | undefined;
}

/** What can be looked up in a backend now; undefined when nothing was taken. */
export function takenBy({ destinations, traceId }: DoctorReport): Taken | undefined {
  const signals = destinations.filter(({ check }) => check.status !== "failed").map(({ signal }) => signal);
  if (signals.length === 0) return undefined;
  return { signals, traceId: signals.some((signal) => signal !== "metrics") ? traceId : undefined };
}

/** What a run comes to. */
export type Verdict = "well" | "not_well" | "off" | "invalid_configuration";

/** The verdict: a wrong configuration before anything else, since what was checked may not be what was meant. */
export function verdictOf({ configuration, checks }: DoctorReport): Verdict {
  const { config, problems } = configuration;
  if (problems.length > 0) return "invalid_configuration";
  if (checks.some(({ status }) => status === "failed")) return "not_well";
  return config.enabled || config.prometheus.enabled ? "well" : "off";
}

/** The exit code of a verdict. That nothing is on is no good news for a script that asks whether signals arrive. */
export const EXIT_OF_VERDICT: Readonly<Record<Verdict, number>> = {
  well: EXIT.ok,
  not_well: EXIT.negative,
  off: EXIT.negative,
  invalid_configuration: EXIT.failed,
};
