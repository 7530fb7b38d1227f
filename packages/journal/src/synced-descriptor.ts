// A file descriptor that is put on the medium beside the thread, and closed only when nobody uses it any more.
import type { JournalFileSystem } from "./file-system.ts";

/** Holds at most one open descriptor at a time; earlier ones may still be on their way to the medium. */
export class SyncedDescriptor {
  readonly #fs: JournalFileSystem;
  readonly #syncs: boolean;
  readonly #onError: (error: Error, isOpen: boolean) => void;
  readonly #closing = new Set<Promise<void>>();
  /** The sync that is running on the open descriptor. */
  #running: Promise<void> | undefined;
  /** -1 when none is open. */
  fd = -1;
  /** Set by who writes: there is something to sync. */
  isDirty = false;

  /** `onError` hears of a failed sync, and whether its descriptor is still the open one. */
  constructor(fs: JournalFileSystem, syncs: boolean, onError: (error: Error, isOpen: boolean) => void) {
    this.#fs = fs;
    this.#syncs = syncs;
    this.#onError = onError;
  }

  get isOpen(): boolean {
    return this.fd >= 0;
  }

  open(fd: number): void {
    this.fd = fd;
    this.isDirty = false;
    this.#running = undefined;
  }

  /** Starts a sync of what was written since the last one, unless one is running. */
  sync(): void {
    if (!this.#syncs || !this.isOpen || !this.isDirty || this.#running !== undefined) return;
    const { fd } = this;
    this.isDirty = false;
    const running = this.#fsync(fd).then((error) => {
      if (this.#running === running) this.#running = undefined;
      if (error !== undefined) this.#onError(error, fd === this.fd);
    });
    this.#running = running;
  }

  /** Lets go of the descriptor; what is dirty is synced first, if syncing was asked for. Never rejects. */
  close(): Promise<void> {
    const { fd } = this;
    if (fd >= 0) {
      this.fd = -1;
      if (this.#syncs && (this.isDirty || this.#running !== undefined)) this.#closeLater(fd, this.#running);
      else this.#close(fd);
    }
    return Promise.all(this.#closing).then(() => undefined);
  }

  #closeLater(fd: number, running: Promise<void> | undefined): void {
    const closing = (running ?? Promise.resolve())
      .then(() => this.#fsync(fd))
      .then((error) => {
        this.#close(fd);
        this.#closing.delete(closing);
        if (error !== undefined) this.#onError(error, false);
      });
    this.#closing.add(closing);
  }

  #fsync(fd: number): Promise<Error | undefined> {
    return new Promise((resolve) => {
      try {
        this.#fs.fsync(fd, (error) => resolve(error ?? undefined));
      } catch (error) {
        resolve(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  #close(fd: number): void {
    try {
      this.#fs.close(fd);
    } catch {
      // The system has let go of it all the same (close(2)); nothing was buffered here.
    }
  }
}
