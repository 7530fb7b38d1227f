// kill -9 of a trader at random moments, 50 times in one journal folder: every order the exchange has received is on disk as an
// order_request, every whole line is read back, and the next start says nothing. Some last lines are torn on purpose, since a kill
// hardly ever does it: STAGE_SEED=N repeats a run.
// ci-timeout: 420
import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { largest, median } from "./parts/figures.mjs";
import { createTail, recordFiles } from "./parts/journal-lines.mjs";
import { mustBeClean } from "./parts/journal-verdicts.mjs";
import { EAGER, ordersFiles, PATIENT, startExchange, startTrader } from "./parts/market.mjs";
import { seededRandom } from "./parts/seeded-random.mjs";
import { endOf } from "./parts/subprocess.mjs";
import { scratchFolder } from "./parts/workspace.mjs";

const RUNS = Number(process.env.KILL_NINE_RUNS ?? 50);
const TEAR_EVERY = 5;
const folder = scratchFolder("kill-nine");
const journal = join(folder, "journal");
const random = seededRandom();
const stage = createStage("kill-nine");

await stage.check("the packages build", () => build("tracebook", "@tracebook-examples/basis-arbitrage"));
const { checkEdge } = await import("../../packages/decisions/dist/index.js");
const { verifyJournal } = await import("../../packages/journal/dist/index.js");
const exchange = await startExchange(folder, [...PATIENT, "--rate", "2000"]);
const newOrders = createTail(() => ordersFiles(exchange));
const newLines = createTail(() => recordFiles(journal));
/** What is known after all kills so far. */
const seen = { requests: new Map(), results: new Set(), received: new Set(), records: 0, torn: 0, madeTorn: 0 };
const figures = { startMs: [], unanswered: [], verifyMs: [], tornByKill: 0 };
console.log(`seed ${random.seed}, ${RUNS} kills`);

let died = true;
for (let run = 1; run <= RUNS && died; run++) died = await stage.check(`kill ${run}`, () => killOnce(run));
if (died) await lastStart();
await exchange.program.stop();
stage.finish();

async function killOnce(run) {
  const { program, ordersBefore } = await startTrading();
  const afterMs = random.between(300, 2500);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  program.signal("SIGKILL");
  assert.equal(endOf(await program.exit), "SIGKILL");
  assertQuiet(program);
  await exchangeHasReadAll();
  takeLines();
  const lost = compareOrders();
  await readBack();
  if (run % TEAR_EVERY === 0) tearLastLine();
  const orders = seen.received.size - ordersBefore;
  assert.ok(orders > 0);
  assert.deepEqual(lost, [], "orders at the exchange without their order_request on disk");
  return `after ${afterMs} ms, ${orders} orders, ${seen.records} records in all`;
}

/** Starts a trader and resolves when the exchange has its first order. */
async function startTrading() {
  takeOrders();
  const ordersBefore = seen.received.size;
  const fromMs = performance.now();
  // Nothing but the journal: the loss that matters is told by the exchange's own list.
  const env = { TELEMETRY_DIR: journal, TELEMETRY_METRICS_LOG: "none", BOT_METRICS_ENABLED: "false" };
  const program = startTrader(exchange, { args: EAGER, env });
  await program.until("an order at the exchange", () => takeOrders() > ordersBefore, { everyMs: 5 });
  figures.startMs.push(performance.now() - fromMs);
  return { program, ordersBefore };
}

function takeOrders() {
  for (const line of newOrders().lines) seen.received.add(JSON.parse(line).newClientOrderId);
  return seen.received.size;
}

/** Takes what the dead trader wrote. A line that is no JSON must be one that broke off. */
function takeLines() {
  const { lines, torn } = newLines();
  for (const line of lines) takeLine(line);
  figures.tornByKill += torn;
  seen.torn += torn;
}

function takeLine(line) {
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    // Counted when it broke off; now the next writer has closed it.
    return;
  }
  seen.records++;
  const id = record.data.client_order_id;
  if (record.event_type === "order_request") seen.requests.set(id, (seen.requests.get(id) ?? 0) + 1);
  if (record.event_type === "order_result") seen.results.add(id);
}

function compareOrders() {
  takeOrders();
  const received = [...seen.received];
  figures.unanswered.push(received.filter((id) => !seen.results.has(id)).length);
  return received.filter((id) => !seen.requests.has(id));
}

/** The product's own reader finds every whole line, and nothing wrong. */
async function readBack() {
  const fromMs = performance.now();
  const { clean, records, torn, problems } = await verifyJournal(journal, { checkEdge });
  figures.verifyMs.push(performance.now() - fromMs);
  assert.ok(clean, JSON.stringify(problems.slice(0, 3)));
  assert.equal(records, seen.records, "records that the reader yields, and whole lines on disk");
  assert.equal(torn, seen.torn, "torn lines that verify tells of");
}

/** Leaves the beginning of a further line behind, as a crash in the middle of a write would. */
function tearLastLine() {
  const file = recordFiles(journal).find((path) => path.includes("/events"));
  const last = readFileSync(file, "utf8").split("\n").at(-2);
  appendFileSync(file, last.slice(0, random.between(1, last.length - 1)));
  seen.madeTorn++;
  seen.torn++;
}

/** What the trader had put into its sockets may still be on its way: two answers on each port come after it. */
async function exchangeHasReadAll() {
  for (let round = 0; round < 2; round++)
    for (const host of [exchange.spot, exchange.usdm])
      await fetch(`http://${host}/ping`).then((answer) => answer.text());
}

function assertQuiet(program) {
  const lines = program.stderr().trimEnd().split("\n");
  assert.equal(lines.length, 1, `more than the line at start:\n${program.stderr()}`);
  assert.match(lines[0], /^tracebook: on \| /);
  assert.equal(program.stdout(), "");
}

async function lastStart() {
  await stage.check("the start after the last kill is clean, and its end too", async () => {
    const { program } = await startTrading();
    assert.equal(endOf(await program.stop()), "exit code 0");
    assertQuiet(program);
    takeLines();
    assert.deepEqual(compareOrders(), []);
    const { figures: verdict } = mustBeClean(journal);
    return `${verdict}; ${recordFiles(journal).length} files`;
  });
  await stage.check("no order was lost, none was recorded twice", () => {
    const { requests, received } = seen;
    const lost = [...received].filter((id) => !requests.has(id)).length;
    const duplicates = [...requests.values()].filter((count) => count > 1).length;
    const pass = lost === 0 && duplicates === 0;
    console.log(
      JSON.stringify({
        case: 1,
        seed: random.seed,
        runs: RUNS,
        accepted: received.size,
        delivered: received.size - lost,
        spooled: 0,
        dropped_by_reason: {},
        silent_loss: lost,
        lost,
        duplicates,
        requests_on_disk: requests.size,
        records: seen.records,
        torn_by_kill: figures.tornByKill,
        torn_on_purpose: seen.madeTorn,
        orders_without_result_max: largest(differences(figures.unanswered)),
        start_to_first_order_ms: { median: median(figures.startMs), max: largest(figures.startMs) },
        verify_ms: { median: median(figures.verifyMs), max: largest(figures.verifyMs) },
        pass,
      }),
    );
    assert.ok(pass);
  });
}

/** What each kill added to a running count. */
function differences(counts) {
  return counts.map((count, at) => count - (counts[at - 1] ?? 0));
}
