// A journal that is read into the store: at start, and again while it grows. What is there already is not written twice.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { toTimestamp } from "@tracebook/core";
import type { Store } from "@tracebook/store";

/** What the source works with. */
export interface JournalSourceOptions {
  readonly store: Pick<Store, "importJournal">;
  readonly dir: string;
  /** The first timestamp that is kept: what is older would be removed again. */
  readonly oldest: () => string | undefined;
  readonly nowMs: () => number;
  /** Called when something was written. */
  readonly onWritten: () => void;
}

const EVERY_MS = 60_000;
/** Records may come late: so much of what was read before is read again. */
const OVERLAP_MS = 15 * 60_000;

/** Reads a journal into the store. */
export class JournalSource {
  readonly #options: JournalSourceOptions;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  /** Sizes and times of its files when it was read last. */
  #seen: string | undefined;
  #readFromMs: number | undefined;
  #problem: string | undefined;
  #isClosed = false;

  constructor(options: JournalSourceOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.read(), EVERY_MS).unref();
    void this.read();
  }

  /** Why it could not be read; undefined when it could. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Reads what is new, if anything is; those who ask meanwhile share it. Never rejects. */
  read(): Promise<void> {
    this.#running ??= this.#read().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    const { store, dir, nowMs, onWritten } = this.#options;
    const startMs = nowMs();
    try {
      const now = await fingerprint(dir);
      // A journal that nobody has begun yet is nothing to complain of.
      if (now === this.#seen || now === "") return;
      const from = this.#from();
      const { written } = await store.importJournal(dir, from === undefined ? {} : { from });
      this.#seen = now;
      this.#readFromMs = startMs - OVERLAP_MS;
      this.#problem = undefined;
      if (written > 0) onWritten();
    } catch (error) {
      if (this.#isClosed) return;
      this.#problem = `the journal in ${dir} could not be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #from(): string | undefined {
    const kept = this.#options.oldest();
    const late = this.#readFromMs === undefined ? undefined : toTimestamp(this.#readFromMs * 1_000);
    return kept === undefined || (late !== undefined && late > kept) ? late : kept;
  }
}

/** Names, sizes and times of the files of a journal; empty: there is none. */
async function fingerprint(dir: string): Promise<string> {
  const own = await stat(dir).catch(() => undefined);
  if (own?.isFile() === true) return `${own.size} ${own.mtimeMs}`;
  const lines: string[] = [];
  for (const below of ["data/events", "logs"]) {
    const entries = await readdir(join(dir, below), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
      lines.push(`${path} ${size} ${mtimeMs}`);
    }
  }
  return lines.sort().join("\n");
}
