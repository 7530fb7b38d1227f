// A bot that ticks some times, says so, and ends in the way it is told: by itself, by a signal, by a code of its own, or by a crash.
// node ending.ts OBSERVER RUN TICKS HOW; the observer `none` is a bot without telemetry.
import { createObserver } from "../bot/create-observer.ts";
import type { ObserverName } from "../bot/observer.ts";
import { numberedTraceId } from "../harness/numbered-id.ts";

const [name = "none", run = "1", ticks = "0", how = "return"] = process.argv.slice(2);
const observer = name === "none" ? undefined : await createObserver(name as ObserverName);
if (name === "stock") {
  // As its documentation shows.
  process.on("SIGTERM", () => void observer?.shutdown().finally(() => process.exit(0)));
}
for (let i = 0; i < Number(ticks); i++) observer?.tick(numberedTraceId(Number(run), i));
if (name === "tracebook") {
  // The last act before the end: it must be with the operating system when the call returns.
  const { tradingEvents } = await import("@tracebook/node");
  tradingEvents.orderRequest.emit({
    client_order_id: `last-${run}`,
    symbol: "BTC/USDT",
    side: "buy",
    quantity: "0.10",
  });
}
process.stdout.write("ready\n", end);

function end(): void {
  switch (how) {
    case "linger":
      setInterval(() => {}, 1_000);
      break;
    case "exit":
      process.exit(7);
      break;
    case "throw":
      throw new Error("boom of the host");
    case "reject":
      void Promise.reject(new Error("rejection of the host"));
      break;
    case "abort":
      process.abort();
      break;
    case "out-of-memory": {
      const kept: number[][] = [];
      for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => i + Math.random()));
    }
    // Whoever returns is through, and ends by itself.
  }
}
