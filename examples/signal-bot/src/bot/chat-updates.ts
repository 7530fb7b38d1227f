// What Telegram would deliver: messages people type and buttons they press, made up at random moments.
import { formatDecimal, parseDecimal } from "../shared/decimal.ts";
import { pick } from "../shared/random.ts";
import { INSTRUMENT_NAMES, INSTRUMENTS, type Instrument } from "../shared/symbols.ts";

/** An update as Telegram has it, as far as it is used here. */
export type ChatUpdate =
  | { readonly kind: "message"; readonly userId: string; readonly text: string }
  | { readonly kind: "callback_query"; readonly userId: string; readonly data: string };

/** Updates until it is told to stop. */
export interface ChatUpdates {
  stop(): void;
}

const NAMES = INSTRUMENT_NAMES as readonly [Instrument, ...Instrument[]];

/** Delivers updates at random moments, `ratePerSecond` of them on average. */
export function startChatUpdates(
  ratePerSecond: number,
  random: () => number,
  deliver: (update: ChatUpdate) => void,
): ChatUpdates {
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    timer = setTimeout(
      () => {
        deliver(createUpdate(random));
        next();
      },
      (-Math.log(1 - random()) / ratePerSecond) * 1e3,
    );
  };
  if (ratePerSecond > 0) next();
  return { stop: () => clearTimeout(timer) };
}

/** One update: mostly questions, sometimes an order, now and then words that mean nothing. */
export function createUpdate(random: () => number): ChatUpdate {
  const userId = `chat-${1001 + Math.floor(random() * 5)}`;
  const symbol = pick(NAMES, random);
  const chance = random();
  if (chance < 0.35) return { kind: "message", userId, text: "/status" };
  if (chance < 0.6) return { kind: "callback_query", userId, data: `orders:${symbol}` };
  if (chance < 0.95) {
    const { lot, startPrice } = INSTRUMENTS[symbol];
    const quantity = formatDecimal(parseDecimal(lot) ?? 0n);
    const data = `${random() < 0.5 ? "buy" : "sell"}:${symbol}:${quantity}:${startPrice}`;
    return random() < 0.5
      ? { kind: "callback_query", userId, data }
      : { kind: "message", userId, text: `/${data.replaceAll(":", " ")}` };
  }
  return { kind: "message", userId, text: "gm" };
}
