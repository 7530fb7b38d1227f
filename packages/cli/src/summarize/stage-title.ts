// What a stage is called for people.

const TITLES: Readonly<Record<string, string>> = {
  ws_to_book_update_ms: "WebSocket to OrderBook Update",
  book_to_signal_ms: "OrderBook to Signal Generation",
  signal_to_risk_ms: "Signal to Risk Check",
  risk_to_send_ms: "Risk Check to Order Send",
  end_to_end_ms: "End-to-End Latency",
};

/** Words that are not written like others. */
const WORDS: Readonly<Record<string, string>> = {
  api: "API",
  db: "DB",
  fix: "FIX",
  http: "HTTP",
  id: "ID",
  io: "I/O",
  orderbook: "OrderBook",
  pnl: "P&L",
  rest: "REST",
  sql: "SQL",
  to: "to",
  ws: "WebSocket",
};
const MAX_UNITS = 72;

/** The heading of a stage field: `ws_to_book_update_ms` is "WebSocket to OrderBook Update", `order_handled_ms` "Order Handled". */
export function stageTitle(field: string): string {
  if (Object.hasOwn(TITLES, field)) return TITLES[field]!;
  const words = field
    .replace(/_ms$/, "")
    .split(/[_.-]+/)
    .filter(Boolean)
    .map((word) => (Object.hasOwn(WORDS, word) ? WORDS[word]! : word[0]!.toUpperCase() + word.slice(1)));
  const title = words.length === 0 ? field : words.join(" ");
  return title.length > MAX_UNITS ? `${title.slice(0, MAX_UNITS - 1)}…` : title;
}
