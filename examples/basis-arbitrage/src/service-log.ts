/** The log of a process: everything from INFO on into a file (the audit trail), warnings to the terminal as well. */
import { type Logger, multistream, pino } from "pino";

/**
 * Makes the logger. `file` gets JSON lines that bear `trace_id` and `span_id` of the flow they were written in, by the
 * instrumentation of pino; without a file only warnings are seen.
 */
export function createServiceLog(name: string, level: string, file: string | undefined): Logger {
  const terminal = { level: "warn" as const, stream: pino.destination(2) };
  const streams =
    file === undefined
      ? [terminal]
      : [terminal, { level: "info" as const, stream: pino.destination({ dest: file, mkdir: true, sync: false }) }];
  return pino({ name, level }, multistream(streams));
}
