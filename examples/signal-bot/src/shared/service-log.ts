// The log of a process: everything from its level on into a file (the audit trail), errors to the terminal as well.
import { type Logger, multistream, pino } from "pino";

const LEVELS = [...Object.keys(pino.levels.values), "silent"];

/** Makes the logger. Lines bear `trace_id` and `span_id` of what they were written in, by the instrumentation of pino. */
export function createServiceLog(name: string, env: NodeJS.ProcessEnv): Logger {
  const file = env.SIGNAL_BOT_LOG_FILE;
  const terminal = { level: "error" as const, stream: pino.destination(2) };
  const streams =
    file === undefined
      ? [terminal]
      : [terminal, { level: "trace" as const, stream: pino.destination({ dest: file, mkdir: true, sync: false }) }];
  return pino({ name, level: parseLogLevel(env.LOG_LEVEL) }, multistream(streams));
}

/** The level that `LOG_LEVEL` names, in any case; `info` where it is absent or empty. Throws when there is none of that name. */
export function parseLogLevel(given: string | undefined): string {
  const level = given?.trim().toLowerCase() || "info";
  if (!LEVELS.includes(level)) throw new Error(`LOG_LEVEL ${given}: give one of ${LEVELS.join(", ")}`);
  return level;
}
