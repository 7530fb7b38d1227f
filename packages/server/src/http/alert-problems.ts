// What alerting throws, in words for whoever asked over the network.
import { AlertChannelError, AlertDeskError, AlertRuleError } from "@tracebook/alerts";
import { type BodyProblem, ProblemError } from "./problem.ts";

const SHOWN = 3;

/** The problem of an error of alerting; undefined for another error. */
export function alertProblem(error: unknown): ProblemError | undefined {
  if (error instanceof AlertRuleError) return ruleProblem(error);
  if (error instanceof AlertChannelError) return new ProblemError("conflict", error.message);
  if (!(error instanceof AlertDeskError)) return undefined;
  const { code, message } = error;
  if (code === "alert_not_firing") return new ProblemError("conflict", message);
  if (code !== "invalid_action") return new ProblemError("not_found", message);
  return new ProblemError("invalid_body", message, { problems: [{ path: "", problem: message, nearest: null }] });
}

/** All that is wrong with a rule. */
export function bodyProblems({ problems }: AlertRuleError): readonly BodyProblem[] {
  return problems.map(({ path, problem, nearest }) => ({ path, problem, nearest: nearest ?? null }));
}

function ruleProblem(error: AlertRuleError): ProblemError {
  const lines = error.message.split("\n");
  const more = lines.length > SHOWN ? ` And ${lines.length - SHOWN} more.` : "";
  const detail = `${lines.slice(0, SHOWN).join(" ")}${more}`;
  return new ProblemError("invalid_rule", detail, { problems: bodyProblems(error) });
}
