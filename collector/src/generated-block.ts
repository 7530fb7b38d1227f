// A part of a handwritten file that is made from code: the lines between two marks.
import { readFileSync } from "node:fs";
import { collectorPath } from "./collector-path.ts";
import type { GeneratedFile } from "./generated-file.ts";

/**
 * The file at `path` with `lines` between `# generated:start NAME` and `# generated:end NAME`, indented as the marks are.
 *
 * Throws when the file has no such marks: a part that is not there would never be up to date.
 */
export function withBlock(path: string, name: string, lines: readonly string[]): GeneratedFile {
  const text = readFileSync(collectorPath(path), "utf8");
  const marks = new RegExp(`^( *)# generated:start ${name}\\n(?:.*\\n)*? *# generated:end ${name}\\n`, "m");
  const found = marks.exec(text);
  if (found === null)
    throw new Error(`collector/${path} has no lines "# generated:start ${name}" to "# generated:end ${name}"`);
  const indent = found[1] ?? "";
  const block = [`# generated:start ${name}`, ...lines, `# generated:end ${name}`];
  const indented = block.map((line) => (line === "" ? "\n" : `${indent}${line}\n`)).join("");
  return { path, text: text.slice(0, found.index) + indented + text.slice(found.index + found[0].length) };
}
