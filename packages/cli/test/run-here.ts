// Runs the command in this process, where nothing of a process is what is tested: a tenth of the time.
import type { CommandContext } from "../src/command.ts";
import { readConfig } from "../src/config.ts";
import { type CliIo, runCli } from "../src/index.ts";
import { createPaint } from "../src/paint.ts";

/** How a run ended and what it said. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is around it. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly interruption?: () => AbortSignal;
  /** Called with each piece of stdout; true says that nobody reads any more. */
  readonly isEnough?: (piece: string) => boolean;
}

/** Runs `tracebook` with these arguments. */
export async function runHere(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { io, said } = recordingIo(options);
  return { code: await runCli(args, io), ...said };
}

/** What a command works with, and what it says. */
export function recordingContext(options: RunOptions = {}): { context: CommandContext; said: Omit<RunResult, "code"> } {
  const { io, said } = recordingIo(options);
  const context: CommandContext = {
    config: readConfig(io.env),
    stdout: io.stdout,
    paint: createPaint(false),
    note: (text) => void io.stderr.write(`tracebook: ${text}\n`),
    interruption: io.interruption ?? (() => new AbortController().signal),
  };
  return { context, said };
}

function recordingIo({ env = {}, isTTY = false, isEnough, interruption }: RunOptions) {
  const said = { stdout: "", stderr: "" };
  const gone = new AbortController();
  const output = (name: keyof typeof said) => ({
    isTTY,
    closed: gone.signal,
    write(text: string) {
      said[name] += text;
      if (name === "stdout" && isEnough?.(text)) gone.abort();
      return undefined;
    },
  });
  const io: CliIo = {
    stdout: output("stdout"),
    stderr: output("stderr"),
    env,
    ...(interruption && { interruption }),
  };
  return { io, said };
}
