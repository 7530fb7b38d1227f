import { describe, expect, it } from "vitest";
import { parseFixed } from "./fixed-point.ts";
import { channelOf, parseFrame, parseSnapshot } from "./frame.ts";

const spotDepth =
  '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255308,"s":"BTCUSDT","U":203,"u":207,"b":[["55653.87000000","0.00000000"]],"a":[["61838.04000000","0.32332000"]]}}';
const usdmDepth =
  '{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":6,"u":7,"pu":5,"b":[["58710.20","0.014"]],"a":[]}}';
const spotTicker =
  '{"stream":"btcusdt@bookTicker","data":{"u":212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}}';
const usdmTicker =
  '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":9,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256314}}';
const spotTrade =
  '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}';
const usdmTrade =
  '{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}';

describe("parseFrame", () => {
  it("reads a spot depth update", () => {
    expect(parseFrame(spotDepth)).toEqual({
      kind: "depth",
      market: "spot",
      symbol: "BTCUSDT",
      stream: "btcusdt@depth@100ms",
      eventTimeMs: 1_723_161_255_308,
      transactionTimeMs: undefined,
      firstUpdateId: 203,
      finalUpdateId: 207,
      previousFinalUpdateId: undefined,
      bids: [[parseFixed("55653.87"), 0n]],
      asks: [[parseFixed("61838.04"), parseFixed("0.32332")]],
    });
  });

  it("reads a USD-M depth update with pu and both times", () => {
    expect(parseFrame(usdmDepth)).toMatchObject({
      market: "usdm",
      previousFinalUpdateId: 5,
      eventTimeMs: 1_723_161_256_299,
      transactionTimeMs: 1_723_161_256_298,
    });
  });

  it("reads best prices, with times on USD-M and without on spot", () => {
    const prices = {
      kind: "bookTicker",
      bidPrice: parseFixed("61837.63"),
      askSize: parseFixed("1.54698"),
      updateId: 212,
    };
    expect(parseFrame(spotTicker)).toMatchObject({ ...prices, market: "spot", eventTimeMs: undefined });
    expect(parseFrame(usdmTicker)).toMatchObject({ market: "usdm", eventTimeMs: 1_723_161_256_314 });
  });

  it("reads trades", () => {
    expect(parseFrame(spotTrade)).toMatchObject({
      kind: "trade",
      market: "spot",
      tradeId: 3_735_683_259,
      price: parseFixed("61837.63"),
      size: parseFixed("0.02"),
      buyerIsMaker: true,
      transactionTimeMs: 1_723_161_255_342,
    });
    expect(parseFrame(usdmTrade)).toMatchObject({ kind: "trade", market: "usdm", buyerIsMaker: false });
  });

  it("believes the connection about the market, unless the frame bears the other one's mark", () => {
    expect(parseFrame(spotTrade, "usdm")).toMatchObject({ market: "usdm" });
    expect(parseFrame(usdmDepth, "spot")).toEqual({ kind: "malformed", reason: "wrong_market" });
    expect(parseFrame(usdmTicker, "spot")).toEqual({ kind: "malformed", reason: "wrong_market" });
    expect(parseFrame(usdmTrade, "spot")).toEqual({ kind: "malformed", reason: "wrong_market" });
    expect(parseFrame(spotDepth, "usdm")).toEqual({ kind: "malformed", reason: "bad_pu" });
  });

  it.each([
    ["not_json", "ping"],
    ["not_json", spotDepth.slice(0, 80)],
    ["not_an_object", "[]"],
    ["not_an_object", "null"],
    ["no_stream", "{}"],
    ["no_stream", '{"stream":1,"data":{}}'],
    ["no_data", '{"stream":"btcusdt@trade"}'],
    ["no_data", '{"stream":"btcusdt@trade","data":[]}'],
    ["unknown_stream", spotTrade.replace("@trade", "@aggTrade")],
    ["unknown_stream", spotDepth.replace("@depth@100ms", "@depth20")],
    ["bad_s", spotTrade.replace('"BTCUSDT"', '"ETHUSDT"')],
    ["bad_s", spotTrade.replace('"BTCUSDT"', "7")],
    ["bad_E", spotTrade.replace("1723161255343", '"soon"')],
    ["bad_E", spotTrade.replace('"E":1723161255343,', "")],
    ["bad_T", spotTrade.replace('"T":1723161255342', '"T":-1')],
    ["bad_e", spotTrade.replace('"e":"trade"', '"e":"depthUpdate"')],
    ["bad_t", spotTrade.replace("3735683259", "1.5")],
    ["bad_p", spotTrade.replace('"61837.63000000"', "61837.63")],
    ["bad_q", spotTrade.replace('"0.02000000"', '"-0.02"')],
    ["bad_m", spotTrade.replace('"m":true', '"m":1')],
    ["bad_U", spotDepth.replace('"U":203', '"U":9007199254740993')],
    ["bad_u", spotDepth.replace('"u":207', '"u":202')],
    ["bad_b", spotDepth.replace('"55653.87000000"', '"NaN"')],
    ["bad_b", spotDepth.replace('"55653.87000000"', '"0"')],
    ["bad_a", spotDepth.replace('"0.32332000"', '"1e3"')],
    ["bad_a", spotDepth.replace('["61838.04000000","0.32332000"]', "{}")],
    ["bad_b", spotTicker.replace('"61837.63000000"', "null")],
    ["bad_A", spotTicker.replace('"1.54698000"', '""')],
  ])("calls a frame malformed, reason %s, without throwing", (reason, text) => {
    expect(parseFrame(text)).toEqual({ kind: "malformed", reason });
  });

  it("does not even parse a text of absurd length", () => {
    expect(parseFrame(`"${"x".repeat(9 * 1024 * 1024)}"`)).toEqual({ kind: "malformed", reason: "too_long" });
  });
});

describe("parseSnapshot", () => {
  it("reads a depth answer", () => {
    expect(parseSnapshot('{"lastUpdateId":7,"bids":[["1.5","2"]],"asks":[]}')).toEqual({
      kind: "snapshot",
      lastUpdateId: 7,
      bids: [[150_000_000n, 200_000_000n]],
      asks: [],
    });
  });

  it.each([
    ["not_json", "<html>"],
    ["bad_lastUpdateId", '{"code":-1121,"msg":"Invalid symbol."}'],
    ["bad_bids", '{"lastUpdateId":7,"asks":[]}'],
    ["bad_asks", '{"lastUpdateId":7,"bids":[],"asks":[["1"]]}'],
  ])("says %s of a bad one", (reason, text) => {
    expect(parseSnapshot(text)).toEqual({ kind: "malformed", reason });
  });
});

describe("channelOf", () => {
  it("knows the three streams by their names", () => {
    expect(["btcusdt@depth", "btcusdt@depth@0ms", "btcusdt@bookTicker", "btcusdt@trade"].map(channelOf)).toEqual([
      "depth",
      "depth",
      "bookTicker",
      "trade",
    ]);
    expect(["@depth", "depth", "btcusdt@trade@1s", "btcusdt@depth5@100ms", ""].map(channelOf)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});
