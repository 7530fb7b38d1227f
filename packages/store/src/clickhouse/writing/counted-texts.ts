// The texts that events in a database on ClickHouse are counted by already.
import type { CountedTexts } from "../../sqlite/count-keys.ts";
import type { Connection } from "../connection.ts";

/** More than are told apart of any kind: what counts as one of the first is up to who asks. */
const MOST = 20_000;

/** Reads them. Cost: a few counts by the day. */
export async function readCountedTexts(connection: Connection): Promise<CountedTexts> {
  const read = async (column: string, table: string) => {
    const rows = await connection.lists(
      `SELECT DISTINCT ${column} FROM ${table} WHERE resolution = 86400 AND ${column} != '' LIMIT ${MOST}`,
    );
    const texts = rows.map(([text]) => String(text));
    return (most: number) => texts.slice(0, most);
  };
  const [eventTypes, symbols, strategies, reasonCodes, reasons] = await Promise.all([
    read("event_type", "event_rollups"),
    read("symbol", "event_rollups"),
    read("strategy", "reason_rollups"),
    read("reason_code", "reason_rollups"),
    read("reason_text", "reason_rollups"),
  ]);
  return { eventTypes, symbols, strategies, reasonCodes, reasons };
}
