// One file of a spool: requests behind each other, written at the end, read from the front, ticked off in place.
import { constants } from "node:fs";
import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import type { OtlpRequest } from "./sender.ts";
import { headerAt, nextRecord, readAll, writeAll } from "./spool-bytes.ts";
import {
  checksumOf,
  decodeSpoolHeader,
  encodeSpoolHeader,
  encodeSpoolRoom,
  SPOOL_DONE,
  SPOOL_HEADER_BYTES,
  SPOOL_STATE_AT,
  type SpoolHeader,
} from "./spool-record.ts";

/** A request with the time at which it was accepted. */
export interface WaitingRequest extends OtlpRequest {
  /** Milliseconds since 1970. */
  readonly bornEpochMs: number;
}

/** A request that lies in a file. */
export interface FiledRequest extends WaitingRequest {
  /** Where its record begins. */
  readonly at: number;
}

/** What cannot be sent, since its bytes are not those that were written: a record, or all up to the next one that is whole. */
export interface DamagedRequests {
  readonly at: number;
  /** Where it ends. */
  readonly end: number;
  readonly records: number;
  readonly items: number;
  /** True when its header is whole. */
  readonly hasHeader: boolean;
  readonly bytes?: undefined;
}

/** Never the file that a link leads to. */
const READ_AND_WRITE = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);
/** What a file says that can be read another time. */
const LATER: ReadonlySet<unknown> = new Set([
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "EAGAIN",
  "EINTR",
  "EBUSY",
  "EACCES",
  "EPERM",
]);

/** A file of requests. Calls must not overlap. */
export class SpoolFile {
  path: string;
  /** Bytes of all its records, done or not. */
  size = 0;
  /** Records and items that wait, the one that is being sent among them. */
  records = 0;
  items = 0;
  /** When the first of them was accepted, as far as it was looked for. */
  firstEpochMs = Number.POSITIVE_INFINITY;
  /** When the last of them was accepted. */
  lastEpochMs = 0;
  /** Bytes of the file behind its records: a record that is done, to be written over. */
  #room = 0;
  #readAt = 0;
  #handle: FileHandle | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes the file; fails when there is one. */
  async create(): Promise<void> {
    this.#handle = await open(this.path, "wx+", 0o600);
  }

  /**
   * Finds out what waits in a file that somebody else has written. Damage that hides how much it hit counts as one record of one
   * item. Rejects with the system's error.
   */
  async survey(): Promise<void> {
    const handle = await this.#opened();
    const { size: length, mtimeMs } = await handle.stat();
    let first: number | undefined;
    while (this.size < length) {
      const at = this.size;
      const header = await headerAt(handle, at);
      if (header?.isDone !== true) {
        first ??= at;
        this.#count(header?.items ?? 1, header?.bornEpochMs ?? mtimeMs);
      }
      const end =
        header === undefined ? await nextRecord(handle, at + 1, length) : at + SPOOL_HEADER_BYTES + header.size;
      this.size = Math.min(end, length);
    }
    this.#readAt = first ?? this.size;
  }

  /** What the file takes on the disk. */
  get diskBytes(): number {
    return this.size + this.#room;
  }

  /** So many of its bytes can be written over without more of the disk. */
  get room(): number {
    return this.#room;
  }

  /**
   * Forgets its records and goes on under another name with the place they had on the disk, which nobody else gets meanwhile. Rejects with
   * the system's error.
   */
  async startAnew(path: string): Promise<void> {
    const handle = await this.#opened();
    const { diskBytes } = this;
    // The first write makes all of it one record that is done; the zeros are for whoever searches a damaged file for records.
    await writeAll(handle, [encodeSpoolRoom(diskBytes), Buffer.alloc(diskBytes - SPOOL_HEADER_BYTES)], 0);
    await this.moveTo(path);
    this.#room = diskBytes;
    this.size = this.records = this.items = this.#readAt = 0;
    this.firstEpochMs = Number.POSITIVE_INFINITY;
    this.lastEpochMs = 0;
  }

  /** Gives the file another name. Rejects with the system's error. */
  async moveTo(path: string): Promise<void> {
    await rename(this.path, path);
    this.path = path;
  }

  /** Writes a request behind the others. Rejects with the system's error and leaves the file as it was. */
  async append(request: WaitingRequest): Promise<void> {
    const handle = await this.#opened();
    const header = encodeSpoolHeader(request, request.bornEpochMs);
    const { size, diskBytes } = this;
    const end = size + header.length + request.bytes.length;
    // What is left of the room is described before that of the record is: at every moment the file is one record behind the other.
    const isRoomLeft = diskBytes - end >= SPOOL_HEADER_BYTES;
    try {
      if (isRoomLeft) await writeAll(handle, [encodeSpoolRoom(diskBytes - end)], end);
      else if (diskBytes > end) await handle.truncate(end);
      await writeAll(handle, [header, request.bytes], size);
    } catch (error) {
      await this.#restore(handle, Math.min(diskBytes, Math.max(end, size)));
      throw error;
    }
    this.wrote(request);
    this.#room = isRoomLeft ? diskBytes - end : 0;
  }

  /** Counts a request that was written behind the others by other means. */
  wrote(request: WaitingRequest): void {
    this.size += SPOOL_HEADER_BYTES + request.bytes.length;
    this.#count(request.items, request.bornEpochMs);
  }

  /** The first request that waits; the same one until it is done. Undefined when none does. Rejects when it can be read later. */
  async first(): Promise<FiledRequest | DamagedRequests | undefined> {
    while (this.#readAt < this.size) {
      const at = this.#readAt;
      const found = await this.#recordAt(at).catch(undefinedUnlessLater);
      if (found === undefined) return this.#gapFrom(at);
      const { header, request } = found;
      const end = at + SPOOL_HEADER_BYTES + header.size;
      if (!header.isDone) {
        this.firstEpochMs = header.bornEpochMs;
        return request ?? { at, end, records: 1, items: header.items, hasHeader: true };
      }
      this.#readAt = end;
    }
    if (this.isEmpty) return undefined;
    // Counted and not found: somebody else has written here.
    return { at: this.size, end: this.size, records: this.records, items: this.items, hasHeader: false };
  }

  /** True when nothing waits. */
  get isEmpty(): boolean {
    return this.records === 0 && this.items === 0;
  }

  /** Counts what {@link first} has returned as gone. */
  uncount(request: FiledRequest | DamagedRequests): void {
    this.records -= request.bytes === undefined ? request.records : 1;
    this.items -= request.items;
  }

  /** Ticks it off. Nothing is lost when the disk does not take that: after a restart it would be sent again. Never rejects. */
  async tickOff(request: FiledRequest | DamagedRequests): Promise<void> {
    const isDamaged = request.bytes === undefined;
    this.#readAt = isDamaged ? request.end : request.at + SPOOL_HEADER_BYTES + request.bytes.length;
    if (isDamaged && !request.hasHeader) return;
    await this.#opened()
      .then((handle) => handle.write(SPOOL_DONE, 0, 1, request.at + SPOOL_STATE_AT))
      .catch(() => {});
  }

  async remove(): Promise<void> {
    await this.close();
    await unlink(this.path).catch(() => {});
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => {});
  }

  /** Leaves the file as it was before a write that failed. */
  async #restore(handle: FileHandle, diskBytes: number): Promise<void> {
    const hasRoom = diskBytes - this.size >= SPOOL_HEADER_BYTES;
    this.#room = hasRoom ? diskBytes - this.size : 0;
    try {
      await handle.truncate(this.diskBytes);
      if (hasRoom) await writeAll(handle, [encodeSpoolRoom(this.#room)], this.size);
    } catch {
      // A record that is torn is found to be, and what is behind it is none.
    }
  }

  #count(items: number, bornEpochMs: number): void {
    this.records += 1;
    this.items += items;
    this.firstEpochMs = Math.min(this.firstEpochMs, bornEpochMs);
    this.lastEpochMs = Math.max(this.lastEpochMs, bornEpochMs);
  }

  /** The record at a place; without its request when its bytes are damaged or it is done; undefined when there is no record. */
  async #recordAt(at: number): Promise<{ header: SpoolHeader; request?: FiledRequest | undefined } | undefined> {
    const handle = await this.#opened();
    const headerBytes = Buffer.allocUnsafe(SPOOL_HEADER_BYTES);
    const header = (await readAll(handle, headerBytes, at)) ? decodeSpoolHeader(headerBytes) : undefined;
    if (header === undefined || header.isDone) return header && { header };
    // Before so much memory is taken: a header that is whole tells the truth, but a file may have been cut.
    if (at + SPOOL_HEADER_BYTES + header.size > (await handle.stat()).size) return { header };
    const bytes = Buffer.allocUnsafeSlow(header.size);
    if (!(await readAll(handle, bytes, at + SPOOL_HEADER_BYTES))) return { header };
    if (checksumOf(headerBytes, bytes) !== header.checksum) return { header };
    const { format, items, bornEpochMs } = header;
    return { header, request: { at, bytes, format, items, bornEpochMs } };
  }

  /** All from a place to the next record; with the last one goes whatever was counted and cannot be found any more. */
  async #gapFrom(at: number): Promise<DamagedRequests> {
    const end = await this.#opened()
      .then((handle) => nextRecord(handle, at + 1, this.size))
      .catch(() => this.size);
    const { records, items } = end < this.size ? { records: 1, items: Math.min(1, this.items) } : this;
    return { at, end, records, items, hasHeader: false };
  }

  async #opened(): Promise<FileHandle> {
    this.#handle ??= await open(this.path, READ_AND_WRITE);
    return this.#handle;
  }
}

function undefinedUnlessLater(error: NodeJS.ErrnoException): undefined {
  if (LATER.has(error.code)) throw error;
}
