// The observer of a bot by its name; what the others need is not even loaded.
import type { Observer, ObserverName } from "./observer.ts";
import type { StockOptions } from "./stock-observer.ts";

/** Starts it, with settings from the environment. */
export async function createObserver(name: ObserverName, options: StockOptions = {}): Promise<Observer> {
  if (name === "stock") return (await import("./stock-observer.ts")).createStockObserver(options);
  return (await import("./tracebook-observer.ts")).createTracebookObserver();
}
