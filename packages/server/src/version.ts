// What the manifest of this package says.
import { readFileSync } from "node:fs";

/** Reads the version from the manifest, which lies one folder above the sources and above the built files alike. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
