// The files of a spool by lane, oldest first: what they hold, and which goes first when room is short.
import type { OtlpSignal } from "./sender.ts";
import type { SpoolFile } from "./spool-file.ts";
import type { SpoolClass, SpoolLaneName } from "./spool-name.ts";

/** What a lane holds on disk. */
export interface SpoolLaneStats {
  readonly items: number;
  /** Bytes of the files, requests that are done and room among them until their file goes. */
  readonly bytes: number;
  /** When the oldest was accepted, milliseconds since 1970; undefined when nothing waits. */
  readonly oldestEpochMs: number | undefined;
}

/** A file and whose it is. */
export interface ShelvedFile {
  readonly lane: SpoolLaneName;
  readonly file: SpoolFile;
}

/** All files of a spool. */
export class SpoolShelves {
  /** Bytes of all files. */
  bytes = 0;
  /** Files from which something was read that is not done: they stay. */
  readonly inHand = new Set<SpoolFile>();
  readonly #lanes = new Map<string, SpoolFile[]>();

  /** The files of a lane, oldest first. */
  of({ signal, recordClass }: SpoolLaneName): readonly SpoolFile[] {
    return this.#lanes.get(`${signal}-${recordClass}`) ?? [];
  }

  /** All files; may be changed while they are gone through. */
  all(): ShelvedFile[] {
    return [...this.#lanes].flatMap(([key, files]) => files.map((file) => ({ lane: laneOf(key), file })));
  }

  /** Adds a file as the newest of its lane, or as the oldest. */
  add({ signal, recordClass }: SpoolLaneName, file: SpoolFile, where: "front" | "back" = "back"): void {
    const key = `${signal}-${recordClass}`;
    const files = this.#lanes.get(key);
    if (files === undefined) this.#lanes.set(key, [file]);
    else if (where === "back") files.push(file);
    else files.unshift(file);
    this.bytes += file.diskBytes;
  }

  /** Adds a file where its name says that it belongs. */
  addByName(lane: SpoolLaneName, file: SpoolFile): void {
    this.add(lane, file);
    (this.of(lane) as SpoolFile[]).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Takes a file away; false when it is not here. */
  take(lane: SpoolLaneName, file: SpoolFile): boolean {
    const files = this.of(lane) as SpoolFile[];
    const at = files.indexOf(file);
    if (at < 0) return false;
    files.splice(at, 1);
    this.bytes -= file.diskBytes;
    return true;
  }

  /** The file to let go of: the oldest of ordinary data; when there is none, the oldest of evidence, if that may go. */
  victim(evidenceToo: boolean): ShelvedFile | undefined {
    return this.#oldest("ordinary") ?? (evidenceToo ? this.#oldest("evidence") : undefined);
  }

  stats(lane: SpoolLaneName): SpoolLaneStats {
    const files = this.of(lane);
    let items = 0;
    let bytes = 0;
    for (const file of files) {
      items += file.items;
      bytes += file.diskBytes;
    }
    const oldest = files.find((file) => !file.isEmpty)?.firstEpochMs;
    return { items, bytes, oldestEpochMs: oldest };
  }

  #oldest(recordClass: SpoolClass): ShelvedFile | undefined {
    let found: ShelvedFile | undefined;
    for (const [key, files] of this.#lanes) {
      const lane = laneOf(key);
      const file = lane.recordClass === recordClass ? files.find((one) => !this.inHand.has(one)) : undefined;
      if (file !== undefined && (found === undefined || file.firstEpochMs < found.file.firstEpochMs))
        found = { lane, file };
    }
    return found;
  }
}

function laneOf(key: string): SpoolLaneName {
  const [signal, recordClass] = key.split("-") as [OtlpSignal, SpoolClass];
  return { signal, recordClass };
}
