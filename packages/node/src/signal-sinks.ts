// What hears of flows and records in this process: lists that change when somebody comes who takes signals, or the last one goes.
import type { FlowSink, RecordSink } from "@tracebook/core/extension";
import type { Journal } from "@tracebook/journal";
import type { TelemetryConfig } from "./config.ts";
import type { SignalOutlets } from "./signal-outlets.ts";

/** The lists of an engine. It reads them anew for each flow and record, so that who is not there costs nothing. */
export interface SignalSinks {
  readonly flowSinks: readonly FlowSink[];
  readonly recordSinks: readonly RecordSink[];
  /** Brings the lists in line with what the outlets take. */
  update(): void;
}

/** Who may be in the lists. */
export interface SignalSinkParts {
  readonly config: TelemetryConfig;
  readonly outlets: Pick<SignalOutlets, "takesSpans" | "takesLogs">;
  /** Counts kept flows; always there. */
  readonly counter: FlowSink;
  readonly journal: Journal | undefined;
  readonly logSink: FlowSink & RecordSink;
  readonly spanSink: FlowSink;
  /** Remembers the traces that metrics name. */
  readonly exemplars: FlowSink;
}

/** Makes the lists. */
export function createSignalSinks(parts: SignalSinkParts): SignalSinks {
  const { config, outlets, counter, journal, logSink, spanSink, exemplars } = parts;
  const flowSinks: FlowSink[] = [];
  const recordSinks: RecordSink[] = [];
  const update = (): void => {
    const { takesLogs, takesSpans } = outlets;
    const ofFlows = [
      counter,
      ...present(config.metricsLog === "kept" && journal),
      ...present(takesLogs && logSink),
      ...present(takesSpans && spanSink),
      // Exemplars, where they can be scraped and the traces they name are somewhere to be found.
      ...present(config.prometheus.enabled && takesSpans && exemplars),
    ];
    flowSinks.splice(0, flowSinks.length, ...ofFlows);
    recordSinks.splice(0, recordSinks.length, ...present(journal), ...present(takesLogs && logSink));
  };
  update();
  return { flowSinks, recordSinks, update };
}

/** The value as a list, for spreading; nothing for what is not there. */
function present<T>(value: T | false | undefined): T[] {
  return value === false || value === undefined ? [] : [value];
}
