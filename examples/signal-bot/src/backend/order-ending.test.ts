import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import type { OrderReport } from "./exchange-client.ts";
import { endOrder } from "./order-ending.ts";

const ids = { signalId: "7", clientOrderId: "sb-1" };
const report: OrderReport = {
  status: "filled",
  exchangeOrderId: "17",
  fills: [
    { price: "3000.5", quantity: "0.1", fee: "0.15" },
    { price: "3001", quantity: "0.2", fee: "0.3" },
  ],
};

/** A connection that answers every query, and breaks at the one that `breaksAt` finds: as a socket does, by an event and by the query. */
class Connection extends EventEmitter {
  readonly said: unknown[][] = [];
  readonly released: unknown[][] = [];
  readonly #breaksAt: RegExp | undefined;
  readonly #rows: readonly object[];

  constructor(rows: readonly object[], breaksAt?: RegExp) {
    super();
    this.#rows = rows;
    this.#breaksAt = breaksAt;
  }

  async query(sql: string, values: readonly unknown[] = []) {
    this.said.push([sql.trim().split(/\s+/).slice(0, 3).join(" "), ...values]);
    if (this.#breaksAt?.test(sql)) {
      const error = Object.assign(new Error("Connection terminated unexpectedly"), { code: "57P01" });
      this.emit("error", error);
      throw error;
    }
    return { rows: this.#rows };
  }

  release(...given: unknown[]): void {
    this.released.push(given);
  }
}

const end = (connection: Connection): Promise<void> =>
  endOrder({ connect: async () => connection } as never, ids, report);

describe("the end of an order", () => {
  it("is its status, its fills and the outcome of its signal in one transaction", async () => {
    const connection = new Connection([{ id: "3", symbol: "ETH-USDT", side: "BUY" }]);
    await end(connection);
    expect(connection.said).toEqual([
      ["begin"],
      ["update orders set", "sb-1", "filled", "17", null],
      ["insert into fills", "3", "ETH-USDT", "BUY", "0.1", "3000.5", "0.15"],
      ["insert into fills", "3", "ETH-USDT", "BUY", "0.2", "3001", "0.3"],
      ["update signals set", "7", "order_submitted"],
      ["commit"],
    ]);
    expect(connection.released).toEqual([[]]);
    expect(connection.listenerCount("error")).toBe(0);
  });

  it("that is there already adds no fills", async () => {
    const connection = new Connection([]);
    await end(connection);
    expect(connection.said.map(([sql]) => sql)).toEqual(["begin", "update orders set", "commit"]);
  });

  it.each([/begin/, /update orders/, /insert/, /commit/])(
    "survives PostgreSQL vanishing at %s: the call fails, the process lives, the connection is thrown away",
    async (breaksAt) => {
      const connection = new Connection([{ id: "3", symbol: "ETH-USDT", side: "BUY" }], breaksAt);
      await expect(end(connection)).rejects.toThrow("Connection terminated");
      expect(connection.released).toEqual([[expect.objectContaining({ code: "57P01" })]]);
      // It may break again on its way out.
      expect(() => connection.emit("error", new Error("again"))).not.toThrow();
    },
  );
});
