/** One line of a recording: `LOCAL_RECEIVE_TIME_NS JSON`, where JSON is a combined-stream message or a REST depth answer. */
import {
  type BookTickerFrame,
  type DepthFrame,
  type MalformedFrame,
  parseFrame,
  parseSnapshot,
  type TradeFrame,
} from "./frame.ts";
import type { Market } from "./market.ts";
import type { DepthSnapshot } from "./order-book.ts";

interface LineHead {
  /** The recorder's clock when the message arrived, in nanoseconds since 1970. */
  readonly receivedNs: bigint;
  readonly market: Market;
  readonly symbol: string;
  /** What the exchange sent, byte for byte. */
  readonly text: string;
}

/** A recorded combined-stream message, with what it parses to. */
export interface StreamLine extends LineHead {
  readonly kind: "stream";
  readonly frame: DepthFrame | BookTickerFrame | TradeFrame;
}

/** A recorded REST depth answer, with what it parses to. */
export interface SnapshotLine extends LineHead {
  readonly kind: "snapshot";
  readonly snapshot: DepthSnapshot;
}

/** Any usable line of a recording, told apart by `kind`. */
export type RecordingLine = StreamLine | SnapshotLine;

/** A line before anybody knows which market and symbol its file is about. */
export interface RawLine {
  readonly lineNumber: number;
  readonly receivedNs: bigint;
  readonly text: string;
  /** What the text parses to; its market is a guess from the content when none was given to `parseRawLine`. */
  readonly content: StreamLine["frame"] | (DepthSnapshot & { readonly kind: "snapshot" });
}

/** Parses a line, given its market or not; a `malformed` answer has the reason. Never throws. */
export function parseRawLine(line: string, lineNumber: number, market?: Market): RawLine | MalformedFrame {
  const space = line.indexOf(" ");
  const stamp = line.slice(0, Math.max(space, 0));
  if (!/^\d{16,19}$/.test(stamp)) return { kind: "malformed", reason: "no_receive_time" };
  const text = line.slice(space + 1);
  const frame = parseFrame(text, market);
  const content = frame.kind === "malformed" && frame.reason === "no_stream" ? parseSnapshot(text) : frame;
  return content.kind === "malformed" ? content : { lineNumber, receivedNs: BigInt(stamp), text, content };
}
