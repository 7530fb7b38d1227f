// What the manifest of this package says.
import { readFileSync } from "node:fs";

/** Reads the version from the manifest, which lies one folder above the sources and above the built files alike. */
export function readVersion(): string {
  return readManifest().version;
}

/** The first release of Node.js that this package runs on: `22.18`. */
export function readLeastNode(): string {
  return readManifest().engines.node.replace(">=", "");
}

function readManifest(): { version: string; engines: { node: string } } {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
}
