// The log of a process: everything from INFO on into a file (the audit trail), warnings to the terminal as well.
import { type Logger, multistream, pino } from "pino";

/** Makes the logger. Lines bear `trace_id` and `span_id` of what they were written in, by the instrumentation of pino. */
export function createServiceLog(name: string, env: NodeJS.ProcessEnv): Logger {
  const file = env.SIGNAL_BOT_LOG_FILE;
  const terminal = { level: "error" as const, stream: pino.destination(2) };
  const streams =
    file === undefined
      ? [terminal]
      : [terminal, { level: "info" as const, stream: pino.destination({ dest: file, mkdir: true, sync: false }) }];
  return pino({ name, level: env.LOG_LEVEL ?? "info" }, multistream(streams));
}
