/** The list of every order that reached the exchange, kept for audits after a crash of the client. */
import { closeSync, openSync, writeSync } from "node:fs";

/** One order as it came in, before anybody looked at whether it is valid. */
export interface ReceivedOrder {
  readonly newClientOrderId: string | null;
  readonly market: string;
  readonly symbol: string | null;
  readonly side: string | null;
  readonly quantity: string | null;
  /** Milliseconds since 1970 on the exchange's clock. */
  readonly receivedMs: number;
}

/** The log. Made by `openOrdersLog`. */
export interface OrdersLog {
  /** Hands one JSON line to the operating system before it returns; throws when that fails. */
  append(order: ReceivedOrder): void;
  close(): void;
}

/** Opens a file for appending, made if need be; throws when that fails. Without a file nothing is kept. */
export function openOrdersLog(file: string | undefined): OrdersLog {
  if (file === undefined) return { append() {}, close() {} };
  const descriptor = openSync(file, "a");
  return {
    append(order) {
      writeSync(descriptor, `${JSON.stringify(order)}\n`);
    },
    close() {
      closeSync(descriptor);
    },
  };
}
