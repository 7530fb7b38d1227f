/** Answers who asks what became of an order: after a lost answer that is the only way to know. */
import { type Credentials, checkSigned } from "./credentials.ts";
import { toQueryAnswer } from "./order-answer.ts";
import type { OrderAnswer, OrderRequest } from "./order-desk.ts";
import type { OrderLedger } from "./order-ledger.ts";
import { type Rejection, rejections } from "./rejection.ts";
import type { VenueBooks } from "./venue-books.ts";

/** Looks an order up by `symbol` and `origClientOrderId`. Never throws. */
export type FindOrder = (request: OrderRequest) => OrderAnswer | Rejection;

/** The lookup of one market; an order still on its way through the exchange is not there yet. */
export function createOrderQuery(books: VenueBooks, ledger: OrderLedger, credentials: Credentials): FindOrder {
  return (request) => {
    const refused = checkSigned(request, credentials);
    if (refused !== undefined) return refused;
    const { values } = request.parameters;
    const symbol = values.get("symbol");
    if (symbol === undefined || symbol === "") return rejections.missing("symbol");
    if (books.book(symbol) === undefined) return rejections.badSymbol;
    const clientOrderId = values.get("origClientOrderId");
    if (clientOrderId === undefined || clientOrderId === "") return rejections.missing("origClientOrderId");
    const placed = ledger.find(clientOrderId);
    if (placed?.order.rules.symbol !== symbol) return rejections.noSuchOrder;
    return { kind: "answer", body: toQueryAnswer(placed) };
  };
}
