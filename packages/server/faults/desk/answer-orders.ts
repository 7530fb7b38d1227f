// The part of every forked program: orders come as messages `{ id, order }`, each is answered.

/** Answers orders with what `obey` resolves with, until the parent is gone: then nobody wants to know, and the process ends. */
export function answerOrders<Order>(obey: (order: Order) => unknown): void {
  process.on("message", (message) => {
    const { id, order } = message as { readonly id: number; readonly order: Order };
    void answer(id, async () => obey(order));
  });
  process.once("disconnect", () => process.exit());
}

async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    tell({ id, answer: await work() });
  } catch (error) {
    tell({ id, error: String((error as Error)?.stack ?? error) });
  }
}

/** Whoever is gone meanwhile does not want to know: without a callback that would be an error event, and the end of this process. */
function tell(message: object): void {
  process.send?.(message, undefined, {}, () => {});
}
