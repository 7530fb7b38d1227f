// The three files of a journal: made alike, and heard as one when the disk fails.
import { type ShardStem, toWriterName } from "./journal-layout.ts";
import { partBytes, type ResolvedOptions } from "./journal-options.ts";
import { ShardFile } from "./shard-file.ts";

/** The files of a journal by what they hold. */
export type ShardFiles = Readonly<Record<ShardStem, ShardFile>>;

/**
 * Makes the files; none is opened. `writer` gives the writer's part of a name at every opening, `onPartClosed` hears of a file that
 * will not be written again.
 */
export function createShardFiles(options: ResolvedOptions, writer: () => string, onPartClosed: () => void): ShardFiles {
  const { fileSystem, dir, instanceId, clock, maxBytes, fsync, onProblem } = options;
  /** How many of the files cannot be written. */
  let failing = 0;
  const create = (stem: ShardStem): ShardFile =>
    new ShardFile({
      fs: fileSystem,
      dir,
      stem,
      writer,
      fallbackWriter: toWriterName(instanceId),
      nowMs: () => clock.nowMs(),
      maxPartBytes: partBytes(maxBytes),
      fsync: fsync === "interval",
      onProblem,
      onPartClosed,
      // One disk, one line: the first file that fails speaks for all, and so does the last that works again.
      onFailure: (line) => {
        if (failing++ === 0) onProblem(line);
      },
      onRecovery: (line) => {
        if (--failing === 0) onProblem(line);
      },
    });
  return { events: create("events"), telemetry: create("telemetry"), metrics: create("metrics") };
}
