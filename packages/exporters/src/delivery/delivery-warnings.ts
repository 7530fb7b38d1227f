// What a person is told while delivery fails: in plain words, with the remedy, once a minute; and when it works again.
import { type DeliverySettings, explainDeliveryFailure } from "../delivery-failure.ts";
import type { SendFailure } from "./sender.ts";

/** What is known of the destination that failed. */
export interface DestinationFacts {
  readonly url: string;
  readonly protocol: "http/protobuf" | "http/json";
  /** Milliseconds that a request may take. */
  readonly timeoutMs: number;
  /** The values of the headers: never shown, wherever they stand. */
  readonly secrets: readonly string[];
  /** What a remedy names. Default: the variables of `TELEMETRY_*` and `OTEL_*`. */
  readonly settings?: DeliverySettings | undefined;
}

/** Where failures are told. */
export interface DeliveryWarnings {
  failed(signal: string, failure: SendFailure, isFinal: boolean): void;
  dropped(signal: string, reason: string, items: number): void;
  spoolFailed(error: Error): void;
}

const WARN_EVERY_MS = 60_000;

/** Makes warnings that leave as lines through `print`, each kind at most once a minute. What `print` throws ends there. */
export function createDeliveryWarnings(
  print: (line: string) => void,
  factsOf: (signal: string) => DestinationFacts,
): DeliveryWarnings {
  const told = new Map<string, number>();
  const losses = new Map<string, number>();
  const say = (line: string): void => {
    try {
      print(`tracebook: ${line}`);
    } catch {
      // The host's own function: a warning must not end a delivery.
    }
  };
  const isDue = (kind: string): boolean => {
    const nowMs = performance.now();
    const last = told.get(kind);
    if (last !== undefined && nowMs - last < WARN_EVERY_MS) return false;
    told.set(kind, nowMs);
    return true;
  };
  return {
    failed(signal, failure, isFinal) {
      // A part that is refused must not keep it from being said that nothing gets through.
      const kind = isPartial(failure) ? "refused" : "failed";
      if (isDue(`${kind} ${signal}`)) say(describeDeliveryFailure(signal, failure, isFinal, factsOf(signal)));
    },
    dropped(signal, reason, items) {
      const kind = `dropped ${signal} ${reason}`;
      const count = (losses.get(kind) ?? 0) + items;
      losses.set(kind, count);
      if (!isDue(kind)) return;
      losses.delete(kind);
      say(`dropped ${count} ${signal} (${reason})`);
    },
    spoolFailed(error) {
      if (isDue("spool")) say(describeSpoolFailure(error));
    },
  };
}

/** What the items of a signal are called; whoever counts losses may have a name of its own for one. */
const ITEMS: Readonly<Record<string, string>> = { traces: "spans", logs: "log records", metrics: "data points" };

/** One line about a request that did not get through, or of which a part was refused; `signal` in the plural, such as `spans`. */
export function describeDeliveryFailure(
  signal: string,
  failure: SendFailure,
  isFinal: boolean,
  facts: DestinationFacts,
): string {
  const { what, remedy } = explainDeliveryFailure({ ...failure, ...facts, items: ITEMS[signal] ?? signal });
  if (isPartial(failure)) return `${what}; what is refused is dropped and counted. Remedy: ${remedy}`;
  const fate = isFinal ? "what was in the request is dropped and counted" : "they wait and are sent later";
  return `${signal} are not getting through: ${what}; ${fate}. Remedy: ${remedy}`;
}

function isPartial({ rejected }: SendFailure): boolean {
  return rejected !== undefined && rejected > 0;
}

/** One line about a spool that could not be written. */
export function describeSpoolFailure(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  const why = code === "ENOSPC" || code === "EDQUOT" ? "the disk is full" : `${code}`;
  return `the spool cannot be written (${why}): what does not get through waits in memory, and beyond that is dropped and counted`;
}
