import { createHmac } from "node:crypto";
import { closeSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { parseFixed } from "../market/fixed-point.ts";
import type { Level, Market } from "../market/market.ts";
import { systemClock } from "./clock.ts";
import { createMarketServer } from "./market-server.ts";
import { createOrderDesk, type OrderDeskOptions } from "./order-desk.ts";
import { createOrderLedger } from "./order-ledger.ts";
import { createOrderQuery } from "./order-query.ts";
import { openOrdersLog } from "./orders-log.ts";
import { createPaperAccount } from "./paper-account.ts";
import { createRandom } from "./random.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createSnapshotDesk } from "./snapshot-desk.ts";
import { createStreamFeed } from "./stream-feed.ts";
import { type SignedRequestOptions, send, sendSigned } from "./testing/signed-request.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { createVenueBooks } from "./venue-books.ts";

const folder = temporaryFolder();
const NOW_MS = 1_723_161_255_000;
const logger = pino({ level: "silent" });
const clock = { ...systemClock, wallMs: () => NOW_MS };
const credentials = { apiKey: "paper-key", apiSecret: "paper-secret" };
/** Nobody is quicker, nobody is refused by chance. */
const calm = { ...createRandom(1, "test"), chance: () => false };
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function level(price: string, size: string): Level {
  return [parseFixed(price) ?? 0n, parseFixed(size) ?? 0n];
}

const BOOK = {
  lastUpdateId: 100,
  bids: [level("60000", "0.5"), level("59990", "1")],
  asks: [level("60010", "0.5"), level("60020", "1")],
};

interface Setup extends Partial<OrderDeskOptions> {
  readonly market?: Market;
  readonly weightLimit?: number;
  readonly withoutBook?: boolean;
}

/** A real server with a book that stands still. */
async function startMarket(setup: Setup = {}) {
  const { market = "spot", weightLimit = 6_000, withoutBook = false, ...overrides } = setup;
  const books = createVenueBooks(market, ["BTCUSDT"]);
  if (!withoutBook) books.applySnapshot("BTCUSDT", BOOK);
  const snapshots = createSnapshotDesk({ books, clock, patienceMs: 1 });
  snapshots.open("BTCUSDT");
  const ledger = createOrderLedger();
  const account = createPaperAccount({ USDT: parseFixed("100000") ?? 0n, BTC: parseFixed("2") ?? 0n });
  const desk: OrderDeskOptions = {
    ...{ books, account, ledger, credentials, clock, logger, random: calm },
    ordersLog: openOrdersLog(undefined),
    orderLimit: createRateLimit(100, 10_000, clock),
    latencyMs: 0,
    rejectRatio: 0,
    stopping: new AbortController().signal,
    ...overrides,
  };
  const server = createMarketServer({
    ...{ market, books, snapshots, clock, logger, port: 0 },
    feed: createStreamFeed({ market, renames: true, maxBufferedBytes: 1_000_000 }, logger),
    placeOrder: createOrderDesk(desk),
    findOrder: createOrderQuery(books, ledger, credentials),
    weightLimit: createRateLimit(weightLimit, 60_000, clock),
    orderLimit: desk.orderLimit,
  });
  const port = await server.listen();
  stops.push(() => server.close());
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}${market === "spot" ? "/api/v3" : "/fapi/v1"}/order`;
  const order = (parameters: Readonly<Record<string, string | undefined>>, how: Partial<SignedRequestOptions> = {}) =>
    sendSigned({ url, parameters: complete(parameters), ...how });
  return { order, url, origin, port, account };
}

const DEFAULTS = { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "0.1", timestamp: String(NOW_MS) };

function complete(parameters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const merged = Object.entries({ ...DEFAULTS, ...parameters });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const LIMIT = { type: "LIMIT", timeInForce: "IOC", price: "60015" };

describe("a new spot order", () => {
  it("takes from the exchange's book level by level and answers as Binance does", async () => {
    const { order, account } = await startMarket();
    const { status, body, headers } = await order({ quantity: "0.6", newClientOrderId: "first-1" });
    expect(status).toBe(200);
    expect(body).toEqual({
      symbol: "BTCUSDT",
      orderId: expect.any(Number),
      orderListId: -1,
      clientOrderId: "first-1",
      transactTime: NOW_MS,
      price: "0.00000000",
      origQty: "0.60000000",
      executedQty: "0.60000000",
      origQuoteOrderQty: "0.00000000",
      cummulativeQuoteQty: "36007.00000000",
      status: "FILLED",
      timeInForce: "GTC",
      type: "MARKET",
      side: "BUY",
      workingTime: NOW_MS,
      selfTradePreventionMode: "EXPIRE_MAKER",
      // 2.3 basis points of what was received.
      fills: [
        fill("60010.00000000", "0.50000000", "0.00011500", "BTC"),
        fill("60020.00000000", "0.10000000", "0.00002300", "BTC"),
      ],
    });
    expect(headers.get("x-mbx-order-count-10s")).toBe("1");
    expect(headers.get("x-mbx-used-weight-1m")).toBe("1");
    expect(account.balance("USDT")).toBe(parseFixed("63993"));
    expect(account.balance("BTC")).toBe(parseFixed("2.599862"));
  });

  it("to sell is charged in the quote asset", async () => {
    const { order, account } = await startMarket();
    const { body } = await order({ side: "SELL", quantity: "0.5" });
    expect(body.fills).toEqual([fill("60000.00000000", "0.50000000", "6.90000000", "USDT")]);
    expect(account.balance("USDT")).toBe(parseFixed("129993.1"));
  });

  it("that is limited fills in part and lets the rest expire", async () => {
    const { order } = await startMarket();
    const { body } = await order({ ...LIMIT, quantity: "0.8" });
    expect([body.status, body.executedQty, body.timeInForce]).toEqual(["EXPIRED", "0.50000000", "IOC"]);
    const nothing = await order({ ...LIMIT, price: "50000" });
    expect([nothing.body.status, nothing.body.executedQty, nothing.body.fills]).toEqual(["EXPIRED", "0.00000000", []]);
  });

  it("that is bigger than the book fills what is there", async () => {
    const { order } = await startMarket();
    const { body } = await order({ side: "SELL", quantity: "1.9" });
    expect([body.status, body.executedQty, body.origQty]).toEqual(["EXPIRED", "1.50000000", "1.90000000"]);
  });

  it("with FOK fills whole or not at all, and GTC is taken as the IOC it is answered as", async () => {
    const { order } = await startMarket();
    const killed = await order({ ...LIMIT, timeInForce: "FOK", quantity: "0.8" });
    expect([killed.body.status, killed.body.executedQty]).toEqual(["EXPIRED", "0.00000000"]);
    const filled = await order({ ...LIMIT, timeInForce: "FOK", quantity: "0.4" });
    expect(filled.body.status).toBe("FILLED");
    const resting = await order({ ...LIMIT, timeInForce: "GTC", quantity: "0.8" });
    expect([resting.body.timeInForce, resting.body.status]).toEqual(["IOC", "EXPIRED"]);
  });

  it("can be outrun: then the best level is smaller than it looked", async () => {
    const random = { ...calm, chance: (probability: number) => probability > 0.1, next: () => 0.5 };
    const { order } = await startMarket({ random });
    const { body } = await order({ quantity: "0.5" });
    expect(body.fills.map((entry: { qty: string }) => entry.qty)).toEqual(["0.25000000", "0.25000000"]);
  });

  it("answers ACK and RESULT when asked to", async () => {
    const { order } = await startMarket();
    expect(Object.keys((await order({ newOrderRespType: "ACK" })).body)).toEqual([
      "symbol",
      "orderId",
      "orderListId",
      "clientOrderId",
      "transactTime",
    ]);
    expect((await order({ newOrderRespType: "RESULT" })).body).not.toHaveProperty("fills");
  });

  it("may be signed in the query string, in the body, or half and half", async () => {
    const { order, url } = await startMarket();
    expect((await order({}, { inQuery: true })).status).toBe(200);
    const [query, body] = ["symbol=BTCUSDT&side=BUY&type=MARKET", `quantity=0.1&timestamp=${NOW_MS}`];
    const signed = createHmac("sha256", "paper-secret").update(`${query}${body}`).digest("hex");
    const headers = { "X-MBX-APIKEY": "paper-key" };
    const answer = await send(`${url}?${query}`, { method: "POST", headers, body: `${body}&signature=${signed}` });
    expect(answer.status).toBe(200);
  });
});

function fill(price: string, qty: string, commission: string, commissionAsset: string) {
  return { price, qty, commission, commissionAsset, tradeId: expect.any(Number) };
}

describe("a new USD-M order", () => {
  it("answers RESULT with average price, and with its fills", async () => {
    const { order, account } = await startMarket({ market: "usdm" });
    const { status, body } = await order({ side: "SELL", quantity: "0.600", positionSide: "BOTH" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "FILLED",
      avgPrice: "59998.33333",
      executedQty: "0.600",
      cumQty: "0.600",
      cumQuote: "35999.00000",
      origType: "MARKET",
      positionSide: "BOTH",
      updateTime: NOW_MS,
      fills: [fill("60000.00", "0.500", "5.10000000", "USDT"), fill("59990.00", "0.100", "1.01983000", "USDT")],
    });
    expect(account.position("BTCUSDT")).toBe(parseFixed("-0.6"));
    expect(account.wallet()).toBe(parseFixed("99993.88017"));
  });

  it("answers ACK as NEW, with nothing told about the fill", async () => {
    const { order } = await startMarket({ market: "usdm" });
    const { body } = await order({ newOrderRespType: "ACK" });
    expect([body.status, body.executedQty, body.avgPrice]).toEqual(["NEW", "0.000", "0.00000"]);
  });

  it.each([
    [-1111, "a quantity off the step", { quantity: "0.0001" }],
    [-4003, "a quantity of nothing", { quantity: "0" }],
    [-4005, "a quantity beyond the maximum", { quantity: "1001" }],
    [-4014, "a price off the tick", { ...LIMIT, price: "60015.05" }],
    [-4164, "a notional too small", { quantity: "0.001" }],
    [-4061, "a hedge-mode side", { positionSide: "LONG" }],
    [-2019, "more than the margin allows", { side: "SELL", quantity: "900" }],
  ])("is refused with %i for %s", async (code, _, parameters) => {
    const wide = { ...BOOK, bids: [level("60000", "1000")] };
    const books = createVenueBooks("usdm", ["BTCUSDT"]);
    books.applySnapshot("BTCUSDT", wide);
    const { order } = await startMarket({ market: "usdm", books });
    const { status, body } = await order(parameters);
    expect([status, body.code]).toEqual([400, code]);
  });

  it("is refused with -4116 when its client order id was used before", async () => {
    const { order } = await startMarket({ market: "usdm" });
    await order({ newClientOrderId: "a:1" });
    expect((await order({ newClientOrderId: "a:1" })).body).toEqual({
      code: -4116,
      msg: "ClientOrderId is duplicated.",
    });
  });
});

describe("a spot order is refused", () => {
  it.each<[number, number, string, Record<string, string | undefined>, Partial<SignedRequestOptions>?]>([
    [401, -2014, "without a key", {}, { apiKey: undefined }],
    [401, -2014, "with a key that cannot be one", {}, { apiKey: "a b" }],
    [401, -2015, "with somebody else's key", {}, { apiKey: "other-key" }],
    [400, -1022, "with a wrong secret", {}, { apiSecret: "guess" }],
    [400, -1102, "without a timestamp", { timestamp: undefined }],
    [400, -1102, "with a timestamp that is no number", { timestamp: "now" }],
    [400, -1021, "too late", { timestamp: String(NOW_MS - 5_001) }],
    [400, -1021, "later than its own window", { timestamp: String(NOW_MS - 101), recvWindow: "100" }],
    [400, -1021, "from the future", { timestamp: String(NOW_MS + 1_000) }],
    [400, -1131, "with a window of hours", { recvWindow: "60001" }],
    [400, -1121, "for a symbol not listed", { symbol: "NOPEUSDT" }],
    [400, -1102, "without a symbol", { symbol: undefined }],
    [400, -1102, "without a side", { side: undefined }],
    [400, -1117, "for a side there is not", { side: "HOLD" }],
    [400, -1102, "without a type", { type: "" }],
    [400, -1116, "for a type there is not", { type: "STOP_LOSS" }],
    [400, -1102, "without a quantity", { quantity: undefined }],
    [400, -1100, "for a quantity that is no number", { quantity: "1e3" }],
    [400, -1111, "for a quantity finer than eight places", { quantity: "0.1000000001" }],
    [400, -1013, "for a quantity off the lot size", { quantity: "0.000015" }],
    [400, -1013, "for a quantity of nothing", { quantity: "0" }],
    [400, -1013, "for a notional too small", { quantity: "0.00001" }],
    [400, -1013, "for a price off the tick", { ...LIMIT, price: "60000.001" }],
    [400, -1102, "for a limit without a price", { ...LIMIT, price: undefined }],
    [400, -1102, "for a limit without a time in force", { ...LIMIT, timeInForce: undefined }],
    [400, -1115, "for a time in force there is not", { ...LIMIT, timeInForce: "GTX" }],
    [400, -1106, "for a market order with a price", { price: "60000" }],
    [400, -1104, "with a parameter nobody reads", { colour: "red" }],
    [400, -1100, "with a client order id of other characters", { newClientOrderId: "a/b" }],
    [400, -1130, "with an answer type there is not", { newOrderRespType: "SHORT" }],
    [400, -2010, "when the balance is too small", { side: "SELL", quantity: "2.5" }],
  ])("%i %i %s", async (status, code, _, parameters, how = {}) => {
    const books = createVenueBooks("spot", ["BTCUSDT"]);
    books.applySnapshot("BTCUSDT", { ...BOOK, bids: [level("60000", "5")] });
    const { order } = await startMarket({ books });
    const answer = await order(parameters, how);
    expect([answer.status, answer.body.code, typeof answer.body.msg]).toEqual([status, code, "string"]);
  });

  it("-2010 when its client order id was used before", async () => {
    const { order } = await startMarket();
    expect((await order({ newClientOrderId: "twice" })).status).toBe(200);
    const again = await order({ newClientOrderId: "twice" });
    expect([again.status, again.body]).toEqual([400, { code: -2010, msg: "Duplicate order sent." }]);
  });

  it("by chance without using up its client order id", async () => {
    let refuse = true;
    const random = { ...calm, chance: () => refuse };
    const { order } = await startMarket({ rejectRatio: 0.5, random });
    expect((await order({ newClientOrderId: "again" })).body.code).toBe(-1008);
    refuse = false;
    expect((await order({ newClientOrderId: "again" })).status).toBe(200);
  });

  it("-1102 without a signature, -1101 with a parameter twice, -1100 with a broken escape", async () => {
    const { url } = await startMarket();
    const codeOf = async (body: string) => {
      const answer = await send(url, { method: "POST", headers: { "X-MBX-APIKEY": "paper-key" }, body });
      return [answer.status, answer.body.code];
    };
    expect(await codeOf("symbol=BTCUSDT")).toEqual([400, -1102]);
    expect(await codeOf("symbol=BTCUSDT&symbol=BTCUSDT")).toEqual([400, -1101]);
    expect(await codeOf("symbol=%E0%A4%A")).toEqual([400, -1100]);
    expect(await codeOf("symbol")).toEqual([400, -1100]);
    expect(await codeOf(`x=${"y".repeat(100_000)}`)).toEqual([400, -1100]);
    expect(await codeOf(Array.from({ length: 65 }, (_, index) => `p${index}=1`).join("&"))).toEqual([400, -1101]);
  });

  it("503 -1001 while there is no book", async () => {
    const { order } = await startMarket({ withoutBook: true });
    const { status, body } = await order({});
    expect([status, body.code]).toEqual([503, -1001]);
  });

  it("by chance, with errors that are nobody's fault", async () => {
    const { order } = await startMarket({ rejectRatio: 1, random: createRandom(5, "test") });
    const codes = new Set<number>();
    for (let count = 0; count < 20; count++) codes.add((await order({})).body.code);
    expect([...codes].sort()).toEqual([-1008, -2010]);
  });

  it("429 -1015 after too many orders and -1003 after too much weight, each with the seconds to wait", async () => {
    const orders = await startMarket({ orderLimit: createRateLimit(2, 10_000, clock) });
    await orders.order({});
    await orders.order({});
    const late = await orders.order({});
    expect([late.status, late.body.code, late.headers.get("retry-after")]).toEqual([429, -1015, "5"]);
    const weight = await startMarket({ weightLimit: 1 });
    await weight.order({});
    const heavy = await weight.order({});
    expect([heavy.status, heavy.body.code, heavy.headers.get("retry-after")]).toEqual([429, -1003, "45"]);
    expect(heavy.headers.get("x-mbx-used-weight-1m")).toBe("2");
  });
});

describe("asking for an order", () => {
  const ask = { side: undefined, type: undefined, quantity: undefined };

  it("tells what became of it", async () => {
    const { order } = await startMarket();
    const placed = await order({ newClientOrderId: "known" });
    const found = await order({ ...ask, origClientOrderId: "known" }, { method: "GET" });
    expect([found.status, found.body.orderId, found.body.executedQty]).toEqual([
      200,
      placed.body.orderId,
      "0.10000000",
    ]);
    expect(found.body).not.toHaveProperty("fills");
    expect(found.headers.get("x-mbx-used-weight-1m")).toBe("5");
  });

  it("on USD-M has the average price", async () => {
    const { order } = await startMarket({ market: "usdm" });
    await order({ newClientOrderId: "known", quantity: "0.5" });
    const { body } = await order({ ...ask, origClientOrderId: "known" }, { method: "GET" });
    expect([body.status, body.avgPrice, body.executedQty]).toEqual(["FILLED", "60010.00000", "0.500"]);
  });

  it("is refused like an order, and with -2013 when there is none", async () => {
    const { order } = await startMarket();
    await order({ quantity: "1.5" });
    expect((await order({ newClientOrderId: "broke", quantity: "1.5" })).body.code).toBe(-2010);
    for (const origClientOrderId of ["nobody", "broke"]) {
      const { body } = await order({ ...ask, origClientOrderId }, { method: "GET" });
      expect(body).toEqual({ code: -2013, msg: "Order does not exist." });
    }
    const unsigned = await order({ ...ask, origClientOrderId: "x" }, { method: "GET", apiSecret: "guess" });
    expect(unsigned.body.code).toBe(-1022);
    expect((await order(ask, { method: "GET" })).body.code).toBe(-1102);
  });
});

describe("the orders log", () => {
  it("has every order that came in, also those that were refused", async () => {
    const file = join(folder, "orders.jsonl");
    const ordersLog = openOrdersLog(file);
    const { order } = await startMarket({ ordersLog });
    await order({ newClientOrderId: "good" });
    await order({ newClientOrderId: "forged", side: "SELL" }, { apiSecret: "guess" });
    ordersLog.close();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const common = { market: "spot", symbol: "BTCUSDT", quantity: "0.1", receivedMs: NOW_MS };
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { newClientOrderId: "good", side: "BUY", ...common },
      { newClientOrderId: "forged", side: "SELL", ...common },
    ]);
  });

  it("is written before the order is processed: an order that cannot be logged is not taken", async () => {
    const broken = {
      append() {
        closeSync(-1);
      },
      close() {},
    };
    const { order, account } = await startMarket({ ordersLog: broken });
    const { status, body } = await order({});
    expect([status, body.code]).toEqual([500, -1000]);
    expect(account.balance("BTC")).toBe(parseFixed("2"));
  });
});

describe("the depth endpoint", () => {
  it("answers from the exchange's own book with as many levels as asked for", async () => {
    const { origin } = await startMarket();
    const { body, headers } = await send(`${origin}/api/v3/depth?symbol=BTCUSDT&limit=1`);
    expect(body).toEqual({
      lastUpdateId: 100,
      bids: [["60000.00000000", "0.50000000"]],
      asks: [["60010.00000000", "0.50000000"]],
    });
    expect(headers.get("x-mbx-used-weight-1m")).toBe("5");
  });

  it("gives times and two places on USD-M", async () => {
    const { origin } = await startMarket({ market: "usdm" });
    const { body, headers } = await send(`${origin}/fapi/v1/depth?symbol=BTCUSDT&limit=1000`);
    expect(body).toMatchObject({ E: NOW_MS, T: NOW_MS, bids: [["60000.00", "0.500"], expect.anything()] });
    expect(headers.get("x-mbx-used-weight-1m")).toBe("20");
  });

  it.each([
    [400, -1102, "/api/v3/depth"],
    [400, -1121, "/api/v3/depth?symbol=NOPE"],
    [400, -1130, "/api/v3/depth?symbol=BTCUSDT&limit=0"],
    [400, -1130, "/api/v3/depth?symbol=BTCUSDT&limit=5001"],
    [400, -1130, "/api/v3/depth?symbol=BTCUSDT&limit=ten"],
    [404, -5000, "/api/v3/nothing"],
    [404, -5000, "/fapi/v1/depth?symbol=BTCUSDT"],
  ])("answers %i %i to %s", async (status, code, path) => {
    const { origin } = await startMarket();
    const answer = await send(`${origin}${path}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe("the server", () => {
  it("tells its time", async () => {
    const { origin } = await startMarket();
    expect((await send(`${origin}/api/v3/time`)).body).toEqual({ serverTime: NOW_MS });
    expect((await send(`${origin}/api/v3/ping`)).body).toEqual({});
  });

  it("answers 400 with a Binance error to what is not HTTP, and lives on", async () => {
    const { port, order } = await startMarket();
    for (const bytes of [
      "hello\r\n\r\n",
      `GET /${"x".repeat(40_000)} HTTP/1.1\r\n\r\n`,
      "\u0016\u0003\u0001\r\n\r\n",
    ]) {
      const answer = await speak(port, bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(JSON.parse(answer.slice(answer.indexOf("{")))).toMatchObject({ code: -1100 });
    }
    expect((await order({})).status).toBe(200);
  });

  it("lives on when a client leaves in the middle of a request", async () => {
    const { port, order } = await startMarket();
    for (const bytes of [
      "POST /api/v3/order HTTP/1.1\r\nContent-Length: 50\r\n\r\nsymbol=",
      "GET /stream HTTP/1.1\r\n",
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => socket.write(bytes, () => socket.destroy()));
        socket.on("close", () => resolve());
      });
    }
    expect((await order({})).status).toBe(200);
  });
});

/** Says something over plain TCP and listens until the other side is done. */
function speak(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    socket.on("data", (data) => {
      heard += data;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(heard));
  });
}
