// The log of the scanner: everything from INFO on into a file (the audit trail), warnings to the terminal as well.
import { type Logger, multistream, pino } from "pino";

/** Makes the logger. Lines bear `trace_id` and `span_id` of the scan they were written in; without a file only warnings are seen. */
export function createServiceLog(level: string, file: string | undefined): Logger {
  const terminal = { level: "warn" as const, stream: pino.destination(2) };
  const streams =
    file === undefined
      ? [terminal]
      : [terminal, { level: "info" as const, stream: pino.destination({ dest: file, mkdir: true, sync: false }) }];
  return pino({ name: "scanner", level }, multistream(streams));
}
