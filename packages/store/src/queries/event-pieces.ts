// Events as the text of a file, in pieces.
import { StoreError } from "../errors.ts";
import { EVENT_FORMATS } from "../sqlite/maintenance/export-formats.ts";
import type { ExportFormat } from "../store.ts";
import type { StoredEvent } from "../stored-event.ts";

const PIECE_LENGTH = 65_536;

/** Refuses what is no format; throws `invalid_query`. */
export function checkEventFormat(format: ExportFormat): void {
  if (!Object.hasOwn(EVENT_FORMATS, format))
    throw new StoreError("invalid_query", `format is ${JSON.stringify(format)}; it must be json, ndjson or csv.`);
}

/** Yields events in pieces of about 64 KiB. Memory is bounded by a page, and no page is asked for before it is needed. */
export async function* toEventPieces(
  pages: AsyncIterable<readonly StoredEvent[]>,
  format: ExportFormat,
): AsyncGenerator<Uint8Array> {
  const { head, tail, separator, write } = EVENT_FORMATS[format];
  let text = head;
  let isFirst = true;
  for await (const events of pages)
    for (const event of events) {
      text += isFirst ? write(event) : `${separator}${write(event)}`;
      isFirst = false;
      if (text.length < PIECE_LENGTH) continue;
      yield Buffer.from(text);
      text = "";
    }
  text += tail;
  if (text !== "") yield Buffer.from(text);
}
