// A destination in the host's own process, such as a store or a desk: it takes OTLP requests as bytes, without a network.
import { TracebookConfigError } from "./config-error.ts";
import { showRefused } from "./config-masking.ts";
import { printableText } from "./config-parsers.ts";

/**
 * Takes the signals of this process. A store fits as it is.
 *
 * @example
 * const store = await openSqliteStore({ path: "./telemetry.db" });
 * const telemetry = await startTelemetry({}, { destinations: [{ name: "desk", take: store.takeOtlp }] });
 */
export interface TelemetryDestination {
  /** For lines, health and metrics: 1 to 64 printable characters, different from those of the others, and not `otlp`. */
  readonly name: string;
  /**
   * Takes an OTLP export request of spans, log records or data points, and resolves when it is stored. `format` is `protobuf`. The
   * bytes are free once `take` has returned its promise, and are used again: it copies what it keeps.
   *
   * Rejects with an error for a request that is not stored. Where its `code` is `database_busy`, `database_full`, `store_overloaded`
   * or `store_failed`, the same request comes again, after 1 s, 2 s, 4 s, then every 5 s; any other error is final, and what was in
   * the request is counted as dropped. No answer within 30 s counts as a failure, and the request comes again: at least once, seldom
   * twice. Where the promise resolves to an object with a number `rejected`, so many of the items are counted as dropped.
   *
   * Called for one request at a time of spans, of log records, of evidence among them, and of metrics.
   */
  take(signal: "traces" | "logs" | "metrics", body: Uint8Array, format: "protobuf" | "json"): Promise<unknown>;
}

/** What leaves over the network has this name in the metrics. */
const OTLP = "otlp";
const NAME = printableText(64);

/** A checked copy, whose `take` is called on the object that was given. Throws `invalid_option`. */
export function checkDestination(given: unknown): TelemetryDestination {
  if (typeof given !== "object" || given === null)
    throw invalid(`A destination is ${showRefused(given, "plain")}, not an object with a name and a function take.`);
  const { name, take } = read(given);
  if (!isName(name)) throw invalid(`The name of a destination is ${showRefused(name, "plain")}, not ${NAME.expected}.`);
  if (name === OTLP) throw invalid(`The name of a destination is "${OTLP}", which is that of what leaves by OTLP.`);
  if (typeof take !== "function")
    throw invalid(`take of the destination "${name}" is ${showRefused(take, "plain")}, not a function.`);
  return Object.freeze({ name, take: take.bind(given) as TelemetryDestination["take"] });
}

/** The destinations of a start. Throws `invalid_option`, also for two of one name. */
export function checkDestinations(given: unknown): readonly TelemetryDestination[] {
  if (given === undefined) return [];
  if (!Array.isArray(given))
    throw invalid(`destinations is ${showRefused(given, "plain")}, not a list of destinations.`);
  const names = new Set<string>();
  return given.map((one: unknown) => {
    const destination = checkDestination(one);
    refuseSecond(destination.name, names);
    names.add(destination.name);
    return destination;
  });
}

/** Throws `invalid_option` when the name is taken. */
export function refuseSecond(name: string, taken: ReadonlySet<string>): void {
  if (taken.has(name)) throw invalid(`There is a destination "${name}" already: give this one another name.`);
}

function isName(name: unknown): name is string {
  const parsed = NAME.accept(name);
  return typeof parsed === "object" && "value" in parsed;
}

function read(given: object): { readonly name?: unknown; readonly take?: unknown } {
  try {
    const { name, take } = given as { name?: unknown; take?: unknown };
    return { name, take };
  } catch {
    throw invalid("A destination cannot be read: its name or take is a getter that throws.");
  }
}

function invalid(message: string): TracebookConfigError {
  return new TracebookConfigError("invalid_option", message);
}
