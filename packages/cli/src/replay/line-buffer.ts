// Collects lines, so that a fast replay does not pay for a write each.
import type { CliOutput } from "../cli-io.ts";

const FLUSH_UNITS = 32_768;

/** Takes lines and hands them on in pieces. */
export interface LineBuffer {
  /** A promise that is returned is waited for. */
  add(line: string): Promise<void> | undefined;
  flush(): Promise<void> | undefined;
}

/** Makes a buffer; `isPatient` collects lines, otherwise each is written at once: they are watched. */
export function createLineBuffer(output: CliOutput, isPatient: boolean): LineBuffer {
  let text = "";
  function flush(): Promise<void> | undefined {
    if (text === "") return undefined;
    const piece = text;
    text = "";
    return output.write(piece);
  }
  return {
    flush,
    add(line) {
      text += line;
      return isPatient && text.length < FLUSH_UNITS ? undefined : flush();
    },
  };
}
