// A bot that records 20,000 things a second, a tenth of it orders that must be written before they leave, until it gets SIGTERM; told
// "no-orders", market data in their place. Every 100 ms it prints how it stands, and at the end how it went: one JSON object a line.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { decisions, defineFlow, judge, startTelemetry, tradingEvents } from "@tracebook/node";

const ROUND_MS = 10;
const TICKS_A_ROUND = 20;
const SENDS_ORDERS = process.argv[2] !== "no-orders";
const SNAPSHOTS_A_TICK = SENDS_ORDERS ? 7 : 8;
const telemetry = await startTelemetry();
const tick = defineFlow("tick", { stages: ["book_to_signal", "signal_to_risk", "risk_to_send"] });
const emitted = { decision: 0, order_request: 0, orderbook_snapshot: 0 };
const book = { symbol: "BTC/USDT", bids: [["61795.43", "0.5"]], asks: [["61795.44", "0.7"]] };
const edge = {
  unit: "bps",
  gross: "9.10",
  fees: "2.00",
  slippage: "0.60",
  gas: "0",
  latencyBuffer: "0.30",
  minThreshold: "1.50",
};

const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
/** The same since the last line: a stall belongs to the 100 ms it came in. */
const lately = monitorEventLoopDelay({ resolution: 1 });
lately.enable();
let rounds = 0;
const timer = setInterval(() => {
  for (let at = 0; at < TICKS_A_ROUND; at++) tickOnce();
  if (++rounds % 10 === 0) print(false);
}, ROUND_MS);

process.on("SIGTERM", async () => {
  clearInterval(timer);
  await telemetry.shutdown();
  print(true);
});

function tickOnce() {
  tick.run({ symbol: "BTC/USDT", strategy: "basis" }, (flow) => {
    for (let at = 0; at < SNAPSHOTS_A_TICK; at++) {
      tradingEvents.orderbookSnapshot.emit(book);
      emitted.orderbook_snapshot++;
    }
    flow.mark("book_to_signal");
    for (let at = 0; at < 2; at++) {
      decisions.record(judge({ edge }));
      emitted.decision++;
    }
    flow.mark("signal_to_risk");
    if (SENDS_ORDERS) sendOrder();
    flow.mark("risk_to_send");
    flow.stop("order_submitted");
  });
}

function sendOrder() {
  tradingEvents.orderRequest.emit({
    client_order_id: `busy-${emitted.order_request++}`,
    symbol: "BTC/USDT",
    side: "buy",
    quantity: "0.10",
  });
}

function print(isEnd) {
  const { journal, dropped } = telemetry.health();
  const { maxRSS } = process.resourceUsage();
  const loopMs = { p99: delays.percentile(99) / 1e6, max: delays.max / 1e6, lately: lately.max / 1e6 };
  lately.reset();
  process.stdout.write(
    `${JSON.stringify({ isEnd, emitted, journal, dropped, loopMs, rssPeakMib: Math.round(maxRSS / 1024) })}\n`,
  );
}
