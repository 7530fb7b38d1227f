import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { createSnapshotClient, SnapshotError } from "./snapshot-client.ts";
import { fixed } from "./testing/market-frames.ts";
import { type ScriptedAnswer, type ScriptedVenue, startScriptedVenue } from "./testing/scripted-venue.ts";

let venue: ScriptedVenue | undefined;

afterEach(async () => {
  await venue?.close();
});

async function clientFor(answer: ScriptedAnswer, roundTrips: number[] = []) {
  venue = await startScriptedVenue(() => answer);
  return createSnapshotClient({
    fetch,
    clock: systemClock,
    spotRestUrl: venue.url,
    usdmRestUrl: venue.url,
    symbol: "BTCUSDT",
    timeoutMs: 200,
    onRoundTrip: (_, roundTripMs) => roundTrips.push(roundTripMs),
  });
}

async function errorOf(answer: ScriptedAnswer): Promise<SnapshotError> {
  const client = await clientFor(answer);
  const error = await client.fetchSnapshot("usdm").catch((reason: unknown) => reason);
  if (!(error instanceof SnapshotError)) throw new Error(`expected a SnapshotError, got ${String(error)}`);
  return error;
}

describe("a snapshot", () => {
  test("is asked for at each market's own path, and its round trip is told", async () => {
    const roundTrips: number[] = [];
    const client = await clientFor(
      { status: 200, body: `{"lastUpdateId":7,"bids":[["61800.1","2"]],"asks":[]}` },
      roundTrips,
    );
    const snapshot = await client.fetchSnapshot("spot");
    await client.fetchSnapshot("usdm");
    expect(snapshot).toMatchObject({ lastUpdateId: 7, bids: [[fixed("61800.1"), fixed("2")]], asks: [] });
    expect(venue?.requests.map(({ path, query }) => `${path}?${query}`)).toEqual([
      "/api/v3/depth?symbol=BTCUSDT&limit=1000",
      "/fapi/v1/depth?symbol=BTCUSDT&limit=1000",
    ]);
    expect(roundTrips).toHaveLength(2);
    expect(roundTrips.every((roundTripMs) => roundTripMs > 0)).toBe(true);
  });

  test("that is refused says with what", async () => {
    const error = await errorOf({ status: 429, body: `{"code":-1003,"msg":"Too much request weight used"}` });
    expect([error.code, error.httpStatus]).toEqual(["http_error", 429]);
    expect(error.message).toContain("depth snapshot of usdm: HTTP 429");
    expect(error.message).toContain("Too much request weight used");
  });

  test("that is no snapshot is refused with the field that is wrong", async () => {
    const error = await errorOf({ status: 200, body: `{"lastUpdateId":"7","bids":[],"asks":[]}` });
    expect([error.code, error.message]).toEqual([
      "malformed_answer",
      "depth snapshot of usdm is unusable: bad_lastUpdateId",
    ]);
  });

  test("that does not come in time is an error", async () => {
    const error = await errorOf(() => {});
    expect([error.code, error.message]).toEqual([
      "timeout",
      `depth snapshot of usdm from ${venue?.url}/fapi/v1/depth?symbol=BTCUSDT&limit=1000: no answer within 200 ms`,
    ]);
  });

  test("that breaks off half way is an error", async () => {
    const error = await errorOf((response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write(`{"lastUpdateId":7`);
      setImmediate(() => response.destroy());
    });
    expect(error.code).toBe("network");
  });
});
