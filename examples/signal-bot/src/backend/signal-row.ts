// A signal as the table has it.
import type { Instrument } from "../shared/symbols.ts";
import type { Signal, SignalSource } from "./signal.ts";

/** A row of `signals`, as the driver hands it out: NUMERIC and BIGINT are text. */
export interface SignalRow {
  readonly id: string;
  readonly alert_id: string;
  readonly source: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly action: string;
  readonly quantity: string;
  readonly price: string;
  readonly outcome: string | null;
  readonly sent_epoch_ms: string;
}

/** What to select for a {@link SignalRow}. Rows of an earlier version do not know when they were sent: when they came, then. */
export const SIGNAL_COLUMNS = `id, alert_id, source, strategy, symbol, action, quantity, price, outcome,
  coalesce(sent_epoch_ms, floor(extract(epoch from received_at) * 1000)::bigint) as sent_epoch_ms`;

/** The signal of a row. It was checked before it came there. */
export function toSignal(row: SignalRow): Signal {
  return {
    alertId: row.alert_id,
    source: row.source as SignalSource,
    strategy: row.strategy,
    symbol: row.symbol as Instrument,
    action: row.action as Signal["action"],
    quantity: row.quantity,
    price: row.price,
    sentEpochMs: Number(row.sent_epoch_ms),
  };
}
