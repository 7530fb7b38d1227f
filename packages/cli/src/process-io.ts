// The surroundings of the command when it is a process of its own.
import type { CliIo, CliOutput } from "./cli-io.ts";

/** Makes the surroundings from the streams and signals of this process. Call it once. */
export function processIo(): CliIo {
  return { stdout: toOutput(process.stdout), stderr: toOutput(process.stderr), interruption };
}

function toOutput(stream: NodeJS.WriteStream): CliOutput {
  const gone = new AbortController();
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no error; a full disk is.
    if (error.code !== "EPIPE" && !gone.signal.aborted) {
      process.exitCode = 2;
      if (stream !== process.stderr) process.stderr.write(`tracebook: the output cannot be written: ${error.code}\n`);
    }
    gone.abort();
  });
  return {
    isTTY: stream.isTTY === true,
    closed: gone.signal,
    write(text) {
      if (gone.signal.aborted || stream.write(text)) return undefined;
      return new Promise((resolve) => {
        const done = () => {
          stream.off("drain", done);
          gone.signal.removeEventListener("abort", done);
          resolve();
        };
        stream.once("drain", done);
        gone.signal.addEventListener("abort", done, { once: true });
      });
    },
  };
}

/** The first signal ends the command cleanly; a second one ends the process as if nobody listened. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort(name));
  return controller.signal;
}
