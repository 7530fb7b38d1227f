// Strict mode: rules and notifications that cannot work stop the desk before it has opened anything.
import type { DeskConfig } from "../config.ts";
import { DeskError } from "../errors.ts";
import { readGivenNotifications } from "./given-notifications.ts";
import { readGivenRules } from "./given-rules.ts";

/** Throws `DeskError` with `invalid_alerts` and all that is wrong with what was given, where `strict` asks for it. */
export function refuseWrongAlerts(config: DeskConfig): void {
  if (!config.strict) return;
  const broken = readGivenRules(config).flatMap((given) => given.broken);
  const problems = broken.map(({ rule, problem }) => `${rule}: ${problem}`);
  const { problem } = readGivenNotifications(config);
  if (problem !== undefined) problems.push(problem);
  if (problems.length > 0)
    throw new DeskError("invalid_alerts", problems.map((line) => line.replace(/\.?$/, ".")).join(" "));
}
