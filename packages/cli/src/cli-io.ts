// What the command needs of the world around it, so that programs and tests can give it another.

/** Where text goes. */
export interface CliOutput {
  /** Takes text; a promise that is returned is waited for before more is written. Must not throw. */
  write(text: string): Promise<void> | undefined;
  /** True for a terminal: only there are colours used. */
  readonly isTTY: boolean;
  /** Aborts when nobody reads any more (`| head`), so that long commands stop. */
  readonly closed?: AbortSignal;
}

/** The surroundings of one run of the command. */
export interface CliIo {
  /** Gets results. */
  readonly stdout: CliOutput;
  /** Gets notes and errors. */
  readonly stderr: CliOutput;
  /** Default: the environment of the process. `TELEMETRY_DIR`, `TRACEBOOK_DB`, `TELEMETRY_STORE_PATH`, `NO_COLOR` and `TERM` are read; by `doctor` all that telemetry reads. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Asked for by commands that end cleanly when they are interrupted: Ctrl-C aborts the signal from then on. */
  readonly interruption?: () => AbortSignal;
}
