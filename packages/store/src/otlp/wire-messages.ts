// The way through a protobuf message for those of its fields that are messages of one kind.
import type { WireReader } from "./wire-reader.ts";

/** Calls `visit` for each field with that tag of the message that ends at `end`; `visit` reads up to the end that it is given. */
export function forEachMessage(reader: WireReader, end: number, wanted: number, visit: (end: number) => void): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag !== wanted) reader.skip(tag, end);
    else {
      const stop = reader.enter(end);
      visit(stop);
      reader.close(stop);
    }
  }
  reader.close(end);
}

/** Does the same and goes back to where the message began: what it says may stand behind what needs it. */
export function peekMessages(reader: WireReader, end: number, wanted: number, visit: (end: number) => void): void {
  const start = reader.at;
  forEachMessage(reader, end, wanted, visit);
  reader.at = start;
}
