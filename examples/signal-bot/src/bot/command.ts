// What a chat update asks for.
import { isInstrument } from "../shared/symbols.ts";
import type { ChatUpdate } from "./chat-updates.ts";

/** A request that was understood. */
export type Command =
  | { readonly kind: "status" }
  | { readonly kind: "orders"; readonly symbol: string }
  | {
      readonly kind: "trade";
      readonly action: "buy" | "sell";
      readonly symbol: string;
      readonly quantity: string;
      readonly price: string;
    };

/** Reads `/buy BTC-USDT 0.002 64200` and `buy:BTC-USDT:0.002:64200` alike; undefined for what is no command. */
export function parseCommand(update: ChatUpdate): Command | undefined {
  const text = update.kind === "message" ? /^\/(.+)$/.exec(update.text)?.[1] : update.data;
  const [name, symbol = "", quantity = "", price = "", ...rest] = (text ?? "").split(/[: ]/);
  if (rest.length > 0) return undefined;
  if (name === "status") return { kind: "status" };
  if (!isInstrument(symbol)) return undefined;
  if (name === "orders") return { kind: "orders", symbol };
  if ((name !== "buy" && name !== "sell") || quantity === "" || price === "") return undefined;
  return { kind: "trade", action: name, symbol, quantity, price };
}
