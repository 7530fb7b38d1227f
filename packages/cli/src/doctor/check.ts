// What every check of `tracebook doctor` comes to.

/** How a check ended. `note` is worth knowing and no fault; `off` was not asked for, or was left out. */
export type CheckStatus = "ok" | "note" | "warning" | "failed" | "off";

/** One finding, in words that may be shown: no secrets in them. */
export interface Check {
  /** For programs; stable: `journal`, `metrics_port`, `otlp_traces`. */
  readonly id: string;
  /** For people: what was looked at. */
  readonly subject: string;
  readonly status: CheckStatus;
  readonly what: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

/** Runs a check that may break; a defect of ours, or of the machine, becomes a finding and never the end of the command. */
export async function guardCheck(
  id: string,
  subject: string,
  check: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await check();
  } catch (error) {
    // Its code or its kind, not its message: nobody has looked for secrets in that.
    const { code, name } = error as NodeJS.ErrnoException;
    return [{ id, subject, status: "failed", what: `could not be checked (${code ?? name ?? "unknown error"})` }];
  }
}
