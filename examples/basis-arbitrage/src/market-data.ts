/** What other examples take of this one: the market as it is read, and how it is followed. */
export { SIMULATED_SYMBOLS } from "./exchange/symbol-rules.ts";
export { divideUp, formatFixed, NOTIONAL_PLACES } from "./market/fixed-point.ts";
export { type Frame, parseFrame } from "./market/frame.ts";
export type { DepthSnapshot } from "./market/order-book.ts";
export { isSymbol, splitSymbol, toPair } from "./market/symbol.ts";
export { createBookKeeper } from "./trader/book-keeper.ts";
export { type StartTimer, startSystemTimer, systemClock } from "./trader/clock.ts";
export { connectMarketFeed, type MarketFeed } from "./trader/market-feed.ts";
export { createMarketTime } from "./trader/market-time.ts";
export { createSnapshotClient } from "./trader/snapshot-client.ts";
export { LIVE_URLS } from "./trader/trader-defaults.ts";
