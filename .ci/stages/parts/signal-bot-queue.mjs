// Messages in the signal bot's queue that ought not to be there: copies of what is over, of what no database knows, and no messages at all.
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseExposition } from "../../../packages/node/test/exposition.ts";
import { until } from "./until.mjs";
import { root } from "./workspace.mjs";

/** The driver that the example itself uses. */
const driver = join(root, "examples/signal-bot/node_modules/redis/dist/index.js");
const QUEUE = "signal-bot:signals";

/**
 * Puts such messages into the queue of a backend that has nothing to do, and waits until it is rid of them. `before` is what the
 * database said; returns a note for people.
 */
export async function checkStrangeMessages({ redisUrl, database, before, port }) {
  const { createClient } = await import(driver);
  const redis = createClient({ url: redisUrl });
  redis.on("error", () => {});
  await redis.connect();
  try {
    const decided = await decisionsOf(port);
    const over = await database.finished();
    assert.equal(over.length, 2, "a signal with an order and one without");
    const strange = [
      ...over.map(({ id, signal }) => JSON.stringify({ signalId: id, signal })),
      JSON.stringify({ signalId: "999999999", signal: over[0].signal }),
      JSON.stringify({ signalId: over[0].id, signal: { ...over[0].signal, alertId: "of-another-database" } }),
      JSON.stringify({ signalId: "no number", signal: over[0].signal }),
      "no message",
    ];
    for (const message of strange) await redis.rPush(QUEUE, message);
    const lengths = () => Promise.all(["", ":taken", ":failed"].map((end) => redis.lLen(`${QUEUE}${end}`)));
    await until("the queue is empty", async () => `${await lengths()}` === "0,0,4");
    assert.deepEqual(await database.all(), before);
    assert.equal(await decisionsOf(port), decided);
    return `${over.length} did nothing, 4 set aside`;
  } finally {
    await redis.close();
  }
}

async function decisionsOf(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const { samples } = parseExposition(text).get("trading_decisions_total");
  return samples.reduce((sum, { value }) => sum + value, 0);
}
