/**
 * The error answers of Binance that the paper exchange gives.
 * Codes and wording: developers.binance.com, "Error codes" of spot and of USD-M futures.
 */

/** An error answer: HTTP status, Binance code and message, and when the client may try again. */
export interface Rejection {
  readonly kind: "rejection";
  readonly httpStatus: number;
  readonly code: number;
  readonly msg: string;
  /** Seconds for the `Retry-After` header, on rate limits. */
  readonly retryAfterS?: number;
}

function reject(httpStatus: number, code: number, msg: string): Rejection {
  return { kind: "rejection", httpStatus, code, msg };
}

/** Every error answer by what went wrong; the ones with details are functions. */
export const rejections = {
  internal: reject(500, -1000, "An unknown error occurred while processing the request."),
  unavailable: reject(503, -1001, "Internal error; unable to process your request. Please try again."),
  overloaded: reject(
    503,
    -1008,
    "Server is currently overloaded with other requests. Please try again in a few minutes.",
  ),
  tooMuchWeight: (limit: number, retryAfterS: number): Rejection => ({
    ...reject(
      429,
      -1003,
      `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`,
    ),
    retryAfterS,
  }),
  tooManyOrders: (limit: number, retryAfterS: number): Rejection => ({
    ...reject(429, -1015, `Too many new orders; current limit is ${limit} orders per 10 SECOND.`),
    retryAfterS,
  }),
  filter: (name: string) => reject(400, -1013, `Filter failure: ${name}`),
  outsideWindow: reject(400, -1021, "Timestamp for this request is outside of the recvWindow."),
  aheadOfServer: reject(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  badSignature: reject(400, -1022, "Signature for this request is not valid."),
  illegalCharacters: (name: string, range: string) =>
    reject(400, -1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`),
  malformedRequest: reject(400, -1100, "Illegal characters found in a parameter."),
  tooManyParameters: reject(400, -1101, "Too many parameters sent for this endpoint."),
  duplicateParameter: reject(400, -1101, "Duplicate values for a parameter detected."),
  missing: (name: string) =>
    reject(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  unread: (read: number, sent: number) =>
    reject(400, -1104, `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`),
  notRequired: (name: string) => reject(400, -1106, `Parameter '${name}' sent when not required.`),
  tooPrecise: (name: string) => reject(400, -1111, `Parameter '${name}' has too much precision.`),
  badTimeInForce: reject(400, -1115, "Invalid timeInForce."),
  badOrderType: reject(400, -1116, "Invalid orderType."),
  badSide: reject(400, -1117, "Invalid side."),
  badSymbol: reject(400, -1121, "Invalid symbol."),
  badValue: (name: string) => reject(400, -1130, `Data sent for parameter '${name}' is not valid.`),
  windowTooLong: reject(400, -1131, "recvWindow must be less than 60000."),
  newOrderRejected: (why: string) => reject(400, -2010, why),
  noSuchOrder: reject(400, -2013, "Order does not exist."),
  badKeyFormat: reject(401, -2014, "API-key format invalid."),
  unknownKey: reject(401, -2015, "Invalid API-key, IP, or permissions for action."),
  marginInsufficient: reject(400, -2019, "Margin is insufficient."),
  quantityNotPositive: reject(400, -4003, "Quantity less than or equal to zero."),
  quantityTooLarge: reject(400, -4005, "Quantity greater than max quantity."),
  offTick: reject(400, -4014, "Price not increased by tick size."),
  positionSide: reject(400, -4061, "Order's position side does not match user's setting."),
  clientOrderIdTaken: reject(400, -4116, "ClientOrderId is duplicated."),
  notionalTooSmall: (least: string) =>
    reject(400, -4164, `Order's notional must be no smaller than ${least} (unless you choose reduce only).`),
  noSuchPath: (path: string, method: string) => reject(404, -5000, `Path ${path}, Method ${method} is invalid`),
} as const;
