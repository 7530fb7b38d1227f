/** The lines of a text file, gzipped or not, read in pieces so that a file of any size costs a chunk of memory. */
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";

/** A line longer than this is not a message of any exchange; its text is cut there, so that a broken file cannot fill the memory. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/**
 * Yields the lines of `file` in batches, without their ends; `.gz` files are unpacked. A file that breaks off or is damaged
 * yields what could be read, then throws zlib's or the file system's own error. Stopping early closes the file.
 */
export async function* readLines(file: string): AsyncGenerator<string[]> {
  const source = createReadStream(file);
  const unpacked: Readable = file.endsWith(".gz") ? unpack(source) : source;
  const decoder = new StringDecoder("utf8");
  let rest = "";
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = (lines.pop() ?? "").slice(0, MAX_LINE_LENGTH);
      if (lines.length > 0) yield lines.map(withoutReturn);
    }
    rest += decoder.end();
    if (rest !== "") yield [withoutReturn(rest)];
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

function unpack(source: Readable): Readable {
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
