// What is scanned when nobody says otherwise.

/** Symbols of the spot market: those that the paper exchange can simulate, and one that no venue knows any more. */
export const DEFAULT_WATCHLIST: readonly string[] = [
  "BTCUSDT",
  "ETHUSDT",
  "SOLUSDT",
  "BNBUSDT",
  "XRPUSDT",
  "ADAUSDT",
  "DOGEUSDT",
  "AVAXUSDT",
  "LINKUSDT",
  // Renamed to POL in September 2024 and delisted under this name: watchlists outlive what they list.
  "MATICUSDT",
];
