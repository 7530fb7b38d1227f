// Where the files of collector/ lie, whatever the working directory.
import { resolve } from "node:path";

/** The full path of something in `collector/`. */
export function collectorPath(path: string): string {
  return resolve(import.meta.dirname, "..", path);
}
