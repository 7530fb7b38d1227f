/** One recording file being read: finds out which market it is about, then hands out its lines in order. */
import type { MalformedFrame } from "./frame.ts";
import type { Market } from "./market.ts";
import { RecordingError } from "./recording-error.ts";
import { parseRawLine, type RawLine, type RecordingLine } from "./recording-line.ts";
import { readLines } from "./text-lines.ts";

/** A line that could not be used. */
export interface RecordingProblem {
  readonly file: string;
  /** Counted from 1; for a damaged file the line after the last good one. */
  readonly line: number;
  /** A frame's malformed reason, `no_receive_time`, or the text of a read error. */
  readonly reason: string;
}

/** A recording file with a look at its next line. Made by `openRecordingFile`. */
export interface RecordingFile {
  readonly file: string;
  readonly market: Market;
  /** The symbol of the first frame. */
  readonly symbol: string;
  /** The next line without taking it; `undefined` when `fill` must be called first or the file has ended. */
  peek(): RecordingLine | undefined;
  /** Takes the line that `peek` shows. */
  take(): void;
  /** Reads on until there is a line to look at; false at the end of the file. */
  fill(): Promise<boolean>;
  /** Closes the file; safe to call twice. */
  close(): Promise<void>;
}

/** Lines looked at in search of a depth update, which tells the market for certain. */
const MAX_LOOK_AHEAD = 20_000;

/** Opens a file and reads until its market is known. Throws `RecordingError` when nothing in it is market data. */
export async function openRecordingFile(
  file: string,
  onProblem: (problem: RecordingProblem) => void,
): Promise<RecordingFile> {
  const reader = new FileReader(file, onProblem);
  await reader.identify();
  return reader;
}

class FileReader implements RecordingFile {
  readonly file: string;
  market: Market = "spot";
  symbol = "";
  readonly #onProblem: (problem: RecordingProblem) => void;
  readonly #batches: AsyncGenerator<string[]>;
  /** Where each symbol's depth stands, to tell whose snapshot a line is: snapshots do not name their symbol. */
  readonly #updateIds = new Map<string, number>();
  #lines: RecordingLine[] = [];
  #next = 0;
  #lineNumber = 0;
  #identified = false;

  constructor(file: string, onProblem: (problem: RecordingProblem) => void) {
    this.file = file;
    this.#onProblem = onProblem;
    this.#batches = readLines(file);
  }

  peek(): RecordingLine | undefined {
    return this.#lines[this.#next];
  }

  take(): void {
    this.#next++;
  }

  async fill(): Promise<boolean> {
    while (this.#next >= this.#lines.length) {
      const batch = await this.#readBatch();
      if (batch === undefined) return false;
      this.#lines = batch.map((raw) => this.#toLine(raw));
      this.#next = 0;
    }
    return true;
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined);
  }

  async identify(): Promise<void> {
    const seen: RawLine[] = [];
    let depth: RawLine | undefined;
    while (depth === undefined && seen.length < MAX_LOOK_AHEAD) {
      const batch = await this.#readBatch();
      if (batch === undefined) break;
      for (const raw of batch) seen.push(raw);
      depth = batch.find((raw) => raw.content.kind === "depth");
    }
    // Without depth the guess from other messages must do; a file of nothing but snapshots names no symbol at all.
    const teller = depth ?? seen.find((raw) => raw.content.kind !== "snapshot");
    if (teller === undefined || teller.content.kind === "snapshot") {
      throw new RecordingError(
        "recording_unusable",
        `${this.file} holds no market data: expected lines "LOCAL_RECEIVE_TIME_NS JSON" with Binance combined-stream messages`,
      );
    }
    this.market = teller.content.market;
    this.symbol = teller.content.symbol;
    this.#identified = true;
    this.#lines = seen.flatMap((raw) => this.#corrected(raw)).map((raw) => this.#toLine(raw));
  }

  /** A line read before the market was certain, parsed again if it was guessed wrong. */
  #corrected(raw: RawLine): RawLine[] {
    if (raw.content.kind === "snapshot" || raw.content.market === this.market) return [raw];
    const parsed = parseRawLine(`${raw.receivedNs} ${raw.text}`, raw.lineNumber, this.market);
    if (!("kind" in parsed)) return [parsed];
    this.#report(raw.lineNumber, parsed.reason);
    return [];
  }

  /** The usable lines of the next piece of the file; a damaged file is reported and ends here. */
  async #readBatch(): Promise<RawLine[] | undefined> {
    try {
      const { value, done } = await this.#batches.next();
      return done === true ? undefined : this.#parse(value);
    } catch (error) {
      this.#report(this.#lineNumber + 1, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #parse(lines: readonly string[]): RawLine[] {
    const parsed: RawLine[] = [];
    for (const line of lines) {
      this.#lineNumber++;
      if (line === "") continue;
      const raw: RawLine | MalformedFrame = parseRawLine(
        line,
        this.#lineNumber,
        this.#identified ? this.market : undefined,
      );
      if (!("kind" in raw)) parsed.push(raw);
      // Recorders may keep other streams beside the three replayed here: skipped, but nothing is wrong with them.
      else if (raw.reason !== "unknown_stream") this.#report(this.#lineNumber, raw.reason);
    }
    return parsed;
  }

  #toLine(raw: RawLine): RecordingLine {
    const { receivedNs, text, content } = raw;
    if (content.kind === "snapshot") {
      const symbol = this.#symbolAt(content.lastUpdateId);
      return { kind: "snapshot", receivedNs, market: this.market, symbol, text, snapshot: content };
    }
    if (content.kind === "depth") this.#updateIds.set(content.symbol, content.finalUpdateId);
    return { kind: "stream", receivedNs, market: this.market, symbol: content.symbol, text, frame: content };
  }

  #symbolAt(updateId: number): string {
    let nearest = this.symbol;
    let distance = Number.POSITIVE_INFINITY;
    for (const [symbol, last] of this.#updateIds) {
      if (Math.abs(last - updateId) >= distance) continue;
      nearest = symbol;
      distance = Math.abs(last - updateId);
    }
    return nearest;
  }

  #report(line: number, reason: string): void {
    this.#onProblem({ file: this.file, line, reason });
  }
}
