import { expect, it } from "vitest";
import { stageTitle } from "./stage-title.ts";

it.each([
  ["ws_to_book_update_ms", "WebSocket to OrderBook Update"],
  ["book_to_signal_ms", "OrderBook to Signal Generation"],
  ["signal_to_risk_ms", "Signal to Risk Check"],
  ["risk_to_send_ms", "Risk Check to Order Send"],
  ["end_to_end_ms", "End-to-End Latency"],
  ["db.query-time_ms", "DB Query Time"],
  ["__ms", "__ms"],
  ["constructor_ms", "Constructor"],
  [`${"x".repeat(5_000)}_ms`, `X${"x".repeat(70)}…`],
])("calls %s by its title", (field, title) => {
  expect(stageTitle(field)).toBe(title);
});
