// Collects entries until there are enough for a request, in buffers that are used again.
import type { OtlpEntries, OtlpEnvelope } from "./otlp-envelope.ts";
import { OtlpWriter } from "./otlp-writer.ts";

/** Entries of one request, closed: nothing is added any more. */
export interface OtlpBlock extends OtlpEntries {
  readonly bytes: Buffer;
  /** Spans or log records in it. */
  readonly items: number;
}

/** What blocks are told once. */
export interface OtlpBlockOptions {
  readonly envelope: OtlpEnvelope;
  /** A block with so many items is closed. */
  readonly maxItems: number;
  /** A block of so many bytes is closed, too; 1 MiB at most, which is the default. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds after its first item at which a block is closed. */
  readonly delayMs: number;
  /** Takes a closed block. */
  readonly onBlock: (block: OtlpBlock) => void;
}

/** The open block of one signal. */
export interface OtlpBlocks {
  /** Where the next entry is appended. Tell `added` at once, and take back what must not stay. */
  readonly writer: OtlpWriter;
  /** Items in the open block. */
  readonly items: number;
  /** Counts entries that were appended; closes the block when it is full. */
  added(items: number): void;
  /** Closes the open block, if there is anything in it. */
  close(): void;
  /** Gives back the buffer of a block that nobody holds any more: not one whose request may still be on its way. */
  recycle(block: OtlpBlock): void;
  /** Stops the timer; what is in the open block stays there for `close`. */
  stop(): void;
}

const FIRST_BYTES = 65_536;
/** A request is not much larger than this, whatever its items hold; collectors take 4 MiB and more. */
const MAX_BLOCK_BYTES = 1_048_576;
const MAX_SPARE_BUFFERS = 4;

/** Opens the first block. */
export function createOtlpBlocks(options: OtlpBlockOptions): OtlpBlocks {
  return new Blocks(options);
}

class Blocks implements OtlpBlocks {
  readonly writer: OtlpWriter;
  items = 0;
  readonly #options: OtlpBlockOptions;
  readonly #maxBytes: number;
  readonly #spare: Buffer[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(options: OtlpBlockOptions) {
    this.#options = options;
    this.#maxBytes = Math.min(options.maxBytes ?? MAX_BLOCK_BYTES, MAX_BLOCK_BYTES);
    this.writer = new OtlpWriter(Buffer.allocUnsafeSlow(FIRST_BYTES), options.envelope.room);
    this.#timer = setTimeout(() => this.close(), options.delayMs).unref();
  }

  added(items: number): void {
    if (this.items === 0) this.#timer.refresh();
    this.items += items;
    if (this.items >= this.#options.maxItems || this.writer.length >= this.#maxBytes) this.close();
  }

  close(): void {
    if (this.items === 0) return;
    const { items } = this;
    const { bytes, length } = this.writer;
    this.items = 0;
    if (length > bytes.length / 2) this.#goOnIn(this.#spare.pop() ?? Buffer.allocUnsafeSlow(bytes.length));
    else {
      // A quiet market closes small blocks, and with a dead receiver thousands of them wait: each takes what it holds, no more.
      const copy = Buffer.allocUnsafeSlow(length);
      bytes.copy(copy, 0, 0, length);
      this.#goOnIn(bytes);
      return this.#options.onBlock({ bytes: copy, length, items });
    }
    this.#options.onBlock({ bytes, length, items });
  }

  recycle({ bytes }: OtlpBlock): void {
    const isOfUse = bytes.length >= FIRST_BYTES && bytes.length <= 2 * MAX_BLOCK_BYTES;
    if (isOfUse && this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(bytes);
  }

  #goOnIn(bytes: Buffer): void {
    this.writer.begin(bytes, this.#options.envelope.room);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
