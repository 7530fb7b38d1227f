// What ends a command early: its message goes to stderr, its code to the shell.

/** Exit codes, the same for every command. */
export const EXIT = {
  ok: 0,
  /** The command worked and the answer is no: no data, a journal that is not clean, a signal that does not arrive. */
  negative: 1,
  /** Wrong arguments, wrong variables (`doctor`), or files that cannot be read. */
  failed: 2,
  /** 128 + SIGINT, as shells expect of a program that Ctrl-C ended. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;

/** Ends the command with a message for people. */
export class CliError extends Error {
  readonly exitCode: number;
  /** What to type instead; printed on a line of its own. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, exitCode: number = EXIT.failed) {
    super(message);
    this.name = "CliError";
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
