/** The exchange's order handling as Tracebook sees it: a flow below the HTTP request that brought the order. */
import { defineFlow, tradingEvents } from "@tracebook/node";
import { toPair } from "../market/symbol.ts";
import type { PlaceOrder } from "./order-desk.ts";

const orderFlow = defineFlow("exchange_order", { stages: ["order_handled"], spanKind: "internal" });

/** Puts a flow around each order and its end on the record. */
export function observePlaceOrder(placeOrder: PlaceOrder): PlaceOrder {
  return (request) => {
    const symbol = toPair(request.parameters.values.get("symbol") ?? "unknown").slice(0, 24);
    return orderFlow.run({ symbol, strategy: "exchange", market: request.market }, async (flow) => {
      const answer = await placeOrder(request);
      flow.mark("order_handled");
      const accepted = answer.kind === "answer";
      const status = accepted ? String(answer.body.status ?? "NEW") : "REJECTED";
      tradingEvents.orderTransition.emit({
        symbol,
        status,
        previous_status: "RECEIVED",
        client_order_id: request.parameters.values.get("newClientOrderId") ?? "",
      });
      flow.stop(accepted ? "order_submitted" : "order_rejected");
      return answer;
    });
  };
}
