// What both bots do with `pg`: queries inside flows, one by one and at once, by a client and by a pool, and one outside any flow.
"use strict";

/** Prints one line of JSON: the spans that were active around each query, by a word that stands in its text. */
async function runQueries({ defineFlow, startTelemetry, pg }) {
  const telemetry = await startTelemetry();
  const tick = defineFlow("tick", { stages: ["looked_up", "stored"] });
  const pool = new pg.Pool({ connectionString: process.argv[2], max: 3 });
  const client = new pg.Client({ connectionString: process.argv[2] });
  await client.connect();
  await client.query("select 1 as outside");
  await client.query("create temp table positions (symbol text, quantity numeric)");

  const flows = {};
  const lookUp = (name, db) =>
    tick.run({ symbol: "BTC/USDT" }, async (flow) => {
      flows[name] = { traceId: flow.traceId, spanId: flow.spanId };
      const { rows } = await db.query(`select $1::numeric + 1 as ${name}`, ["41.5"]);
      flow.mark("looked_up");
      if (rows[0][name] !== "42.5") throw new Error(`${name}: ${JSON.stringify(rows)}`);
      flow.stop("no_signal");
    });
  await lookUp("by_client", client);
  await lookUp("by_pool", pool);
  await Promise.all(["at_once_a", "at_once_b", "at_once_c"].map((name) => lookUp(name, pool)));
  await tick
    .run({ symbol: "BTC/USDT" }, async (flow) => {
      flows.failing = { traceId: flow.traceId, spanId: flow.spanId };
      await client.query("select failing from nowhere");
    })
    .catch(() => {});
  await client.end();
  await pool.end();
  await telemetry.shutdown();
  console.log(JSON.stringify(flows));
}

module.exports = { runQueries };
