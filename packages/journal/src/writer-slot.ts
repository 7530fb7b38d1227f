// Which file names a journal may use: the plain ones for the first writer of a folder, names of its own for any other.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { JournalFileSystem } from "./file-system.ts";
import { type FolderLock, takeLock } from "./folder-lock.ts";
import type { ProcessProbe } from "./process-identity.ts";

/** The part of a file name that tells writers apart, backed by a lock for as long as the writer lives. */
export interface WriterSlot {
  /** Empty for the plain names. Takes the lock at the first call, and again when it was lost. Throws what the system says. */
  name(): string;
  /** Shows life to processes that cannot look at this one. Call it about once a minute. */
  touch(): void;
  release(): void;
}

/** How often the same instance id may be in use at once before a random name is taken. */
const SAME_NAME_TRIES = 9;

/** Makes the slot of a writer; nothing is touched before the first `name()`. */
export function createWriterSlot(
  fs: JournalFileSystem,
  probe: ProcessProbe,
  dir: string,
  writerName: string,
): WriterSlot {
  let held: { readonly name: string; readonly lock: FolderLock } | undefined;
  return {
    name() {
      if (held?.lock.isHeld()) return held.name;
      held = takeSlot(fs, probe, dir, writerName);
      return held.name;
    },
    touch: () => held?.lock.touch(),
    release() {
      held?.lock.release();
      held = undefined;
    },
  };
}

function takeSlot(fs: JournalFileSystem, probe: ProcessProbe, dir: string, writerName: string) {
  for (const name of candidates(writerName)) {
    const lock = takeLock(fs, probe, join(dir, "data", name === "" ? "journal.lock" : `journal.${name}.lock`));
    if (lock !== undefined) return { name, lock };
  }
  throw new Error("no file name is free");
}

function* candidates(writerName: string): Generator<string> {
  yield "";
  yield writerName;
  for (let i = 2; i <= SAME_NAME_TRIES; i++) yield `${writerName}_${i}`;
  yield `${writerName}_${randomBytes(6).toString("hex")}`;
}
