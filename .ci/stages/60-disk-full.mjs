// A disk that fills up in mid run and is freed again, and one that is read-only: the journal says one line, the bot goes on, nothing
// is lost in silence.
// ci-timeout: 240
import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { createTail, readRecords } from "./parts/journal-lines.mjs";
import { checkWithPython, mustBeClean, whyNoPythonChecker } from "./parts/journal-verdicts.mjs";
import { EAGER, ordersFiles, PATIENT, startExchange, startTrader } from "./parts/market.mjs";
import { enterMountNamespace, mountDisk } from "./parts/small-disk.mjs";
import { endOf, startProgram } from "./parts/subprocess.mjs";
import { until } from "./parts/until.mjs";
import { userProject } from "./parts/user-project.mjs";
import { cleanEnv, scratchFolder } from "./parts/workspace.mjs";

/** New records must arrive this soon after the end of a fault (oracle L). */
const RECOVERY_MS = 10_000;
const FAILING = /^tracebook: journal: cannot write to .*$/gm;
const WORKING = /^tracebook: journal: writing again.*$/gm;
const LATE =
  /^tracebook: journal: order request \d+ went out before being on disk, and so will others \(\w+: \S+\): make it writable again, .*$/gm;
const LATE_END = /^tracebook: journal: (\d+) order requests went out before being on disk; (.*)$/gm;

const mayMount = await enterMountNamespace();
const stage = createStage("disk-full");
await stage.check("the packages build", () => build("tracebook", "@tracebook-examples/basis-arbitrage"));
if (mayMount) {
  await traderOnFullDisk();
  await busyBotOnFullDisk();
  await marketBotOnFullDisk();
} else stage.skip("a full disk", "this user may not mount a small one (neither unshare -m nor unshare -rm)");
await readOnlyFolder();
stage.finish();

/** The trader itself: it goes on trading, and no order's record is missing in the end. */
async function traderOnFullDisk() {
  const exchange = await startExchange(scratchFolder("exchange"), [...PATIENT, "--rate", "2000"]);
  const disk = mountDisk(64);
  const env = { TELEMETRY_DIR: disk.dir, BOT_METRICS_ENABLED: "false", TELEMETRY_METRICS_LOG: "none" };
  const trader = startTrader(exchange, { args: EAGER, env });
  const received = new Set();
  const newOrders = createTail(() => ordersFiles(exchange));
  const moreOrders = (count) => {
    const before = takeOrders();
    return trader.until(`${count} more orders`, () => takeOrders() >= before + count);
  };
  const takeOrders = () => {
    for (const line of newOrders().lines) received.add(JSON.parse(line).newClientOrderId);
    return received.size;
  };
  try {
    await stage.check("the trader goes on when the disk is full, and when it is freed", async () => {
      await moreOrders(100);
      disk.fill();
      await trader.until("the line that says so", (said) => said.match(FAILING));
      await moreOrders(300);
      disk.free();
      const recoveryMs = await timed(() =>
        trader.until("it writes again", (said) => said.match(WORKING), { timeoutMs: RECOVERY_MS }),
      );
      await moreOrders(100);
      assert.equal(endOf(await trader.stop()), "exit code 0");
      assert.equal(trader.stdout(), "");
      assertLines(trader, [/^tracebook: on /, FAILING, LATE, WORKING, LATE_END]);
      const [{ 1: late, 2: fate }] = trader.stderr().matchAll(LATE_END);
      assert.equal(fate, "all of them are on disk now");
      return `writing again after ${recoveryMs} ms, ${takeOrders()} orders, ${late} of them were late`;
    });
    await stage.check("every order it sent is in the journal, and nothing was dropped", () => {
      const { verdict, figures } = mustBeClean(disk.dir);
      const requests = readRecords(disk.dir).filter(({ event_type }) => event_type === "order_request");
      const ids = new Set(requests.map(({ data }) => data.client_order_id));
      assert.deepEqual(
        [...received].filter((id) => !ids.has(id)),
        [],
      );
      assert.equal(requests.length, ids.size);
      assert.equal(sumOf(verdict.instances, "declared_dropped"), 0);
      return figures;
    });
  } finally {
    await trader.stop();
    await exchange.program.stop();
  }
}

/** A bot that records more than can wait: the lowest class is dropped first, counted, and declared. */
async function busyBotOnFullDisk() {
  const disk = mountDisk(256);
  const bot = startBusyBot({ TELEMETRY_DIR: disk.dir });
  const figures = {};
  let end;
  try {
    await stage.check("a bot with 20,000 records a second goes on when the disk is full", async () => {
      await until("a thousand records", () => lastOf(bot)?.journal.written > 1000);
      assert.equal(lastOf(bot).journal.late, 0);
      disk.fill();
      await bot.until("the line that says so", (said) => said.match(FAILING));
      await bot.until("records that found no room", () => lastOf(bot).journal.droppedTotal > 20_000, {
        timeoutMs: 60_000,
      });
      const whileFull = lastOf(bot);
      assert.ok(whileFull.journal.isFailing);
      Object.assign(figures, await recoveryOf(bot, disk));
      assert.equal(endOf(await bot.stop()), "exit code 0");
      end = lastOf(bot);
      assert.ok(end.isEnd);
      assert.ok(end.emitted.decision > whileFull.emitted.decision);
      // At the end, or once a minute: what was dropped.
      assertLines(bot, [/^tracebook: on /, FAILING, LATE, WORKING, LATE_END, /^tracebook: dropped /]);
      const [told] = bot.stderr().matchAll(LATE_END);
      assert.deepEqual([Number(told[1]), told[2]], [end.journal.late, "all of them are on disk now"]);
      return `${figuresOf(figures, end)}, ${end.journal.late} orders late`;
    });
  } finally {
    await bot.stop();
  }
  if (end !== undefined) await checkConservation(disk.dir, end, figures);
}

/** The same bot without orders: what waits is written in the turns between its ticks, and no tick waits for all of it. */
async function marketBotOnFullDisk() {
  const disk = mountDisk(256);
  const bot = startBusyBot({ TELEMETRY_DIR: disk.dir }, ["no-orders"]);
  try {
    await stage.check("a bot that sends no orders goes on while what has waited is written", async () => {
      await until("a thousand records", () => lastOf(bot)?.journal.written > 1000);
      disk.fill();
      await bot.until("records that found no room", () => lastOf(bot).journal.droppedTotal > 1_000, {
        timeoutMs: 60_000,
      });
      const figures = await recoveryOf(bot, disk);
      assert.equal(endOf(await bot.stop()), "exit code 0");
      assertLines(bot, [/^tracebook: on /, FAILING, WORKING, /^tracebook: dropped /]);
      const end = lastOf(bot);
      assert.deepEqual([end.journal.late, end.journal.pending], [0, 0]);
      return figuresOf(figures, end);
    });
    await stage.check("its journal is whole", () => mustBeClean(disk.dir).figures);
  } finally {
    await bot.stop();
  }
}

/** Frees the disk, waits until nothing waits any more, and says how long that took and the longest stall of the event loop in it. */
async function recoveryOf(bot, disk) {
  const before = linesOf(bot).length;
  disk.free();
  const recoveryMs = await timed(() =>
    bot.until("it writes again", (said) => said.match(WORKING), { timeoutMs: RECOVERY_MS }),
  );
  await bot.until("nothing waits", () => lastOf(bot).journal.pending < 2_000);
  // A stall is in the line after it.
  const enough = linesOf(bot).length + 2;
  await bot.until("two more lines", () => linesOf(bot).length >= enough);
  return {
    recoveryMs,
    stallMs: Math.max(
      ...linesOf(bot)
        .slice(before)
        .map(({ loopMs }) => loopMs.lately),
    ),
  };
}

function figuresOf({ recoveryMs, stallMs }, { loopMs }) {
  return `writing again after ${recoveryMs} ms; event loop: worst stall of the recovery ${stallMs.toFixed(1)} ms, p99 of the run ${loopMs.p99.toFixed(1)} ms`;
}

async function checkConservation(dir, { emitted, journal, loopMs, rssPeakMib }, { recoveryMs, stallMs }) {
  const records = Map.groupBy(readRecords(dir), ({ event_type }) => event_type);
  const onDisk = (type) => records.get(type)?.length ?? 0;
  const accepted = Object.values(emitted).reduce((sum, count) => sum + count, 0);
  await stage.check("accepted = written + dropped, and every dropped record is declared", () => {
    const { verdict, figures } = mustBeClean(dir);
    const declared = sumOf(verdict.instances, "declared_dropped");
    const written = Object.keys(emitted).reduce((sum, type) => sum + onDisk(type), 0);
    const silentLoss = accepted - written - journal.droppedTotal;
    const pass = silentLoss === 0 && declared === journal.droppedTotal;
    console.log(
      JSON.stringify({
        case: 16,
        runs: 1,
        accepted,
        delivered: written,
        spooled: journal.pending,
        dropped_by_reason: journal.dropped,
        declared,
        order_requests_late: journal.late,
        silent_loss: silentLoss,
        recovery_ms: recoveryMs,
        loop_p99_ms: Number(loopMs.p99.toFixed(1)),
        recovery_stall_ms: Number(stallMs.toFixed(1)),
        rss_peak_mib: rssPeakMib,
        pass,
      }),
    );
    assert.ok(pass, JSON.stringify({ accepted, written, declared, dropped: journal.dropped }));
    return figures;
  });
  await stage.check("market data went first: all evidence is there, and what was late is counted", () => {
    for (const type of ["decision", "order_request"]) assert.equal(onDisk(type), emitted[type], type);
    assert.deepEqual([journal.dropped.evidence, journal.dropped.event], [{}, {}]);
    assert.ok(journal.late > 0 && journal.late < emitted.order_request, `${journal.late} late`);
    return `${journal.late} of ${emitted.order_request} order requests were written after their order had left`;
  });
  const why = whyNoPythonChecker();
  if (why !== undefined) stage.skip("check-journal.py agrees", why);
  else
    await stage.check("check-journal.py agrees", () => {
      const { clean, figures } = checkWithPython(dir);
      assert.ok(clean, figures);
      return figures;
    });
}

/** A folder that cannot be written from the start. */
async function readOnlyFolder() {
  const dir = readOnlyDir();
  if (dir === undefined)
    return stage.skip("a read-only folder", "root may write everywhere, and may not mount a read-only disk here");
  return stage.check("with a read-only folder the journal says one line, and the bot goes on", async () => {
    const bot = startBusyBot({ TELEMETRY_DIR: dir });
    try {
      await bot.until("ten thousand records", () => lastOf(bot)?.journal.accepted > 10_000);
      assert.equal(endOf(await bot.stop()), "exit code 0");
      const { emitted, journal, dropped } = lastOf(bot);
      const accepted = Object.values(emitted).reduce((sum, count) => sum + count, 0);
      assert.deepEqual([journal.written, journal.droppedTotal, journal.late], [0, accepted, emitted.order_request]);
      assert.ok(Object.keys(dropped).length > 0, "health says nothing of the loss");
      assertLines(bot, [/^tracebook: on /, FAILING, LATE, LATE_END, /^tracebook: dropped /]);
      const [[, late, fate]] = bot.stderr().matchAll(LATE_END);
      assert.deepEqual([Number(late), fate], [emitted.order_request, `${late} of them were dropped`]);
      return `${journal.lastError}, ${accepted} records counted as dropped`;
    } finally {
      await bot.stop();
    }
  });
}

function readOnlyDir() {
  if (mayMount) return mountDisk(1, { isReadOnly: true }).dir;
  if (process.getuid() === 0) return undefined;
  const dir = scratchFolder("read-only");
  chmodSync(dir, 0o500);
  return dir;
}

function startBusyBot(env, words = []) {
  const settings = { TELEMETRY_ENABLED: "true", BOT_METRICS_ENABLED: "false", TELEMETRY_METRICS_LOG: "none", ...env };
  const args = ["--import", "@tracebook/node/register", "busy.mjs", ...words];
  return startProgram(process.execPath, args, { cwd: userProject(), env: cleanEnv(settings) });
}

/** The whole lines that the bot has printed. */
function linesOf(bot) {
  return bot
    .stdout()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

function lastOf(bot) {
  return linesOf(bot).at(-1);
}

/** One line of each kind on stderr, in any order, and no other. */
function assertLines(program, kinds) {
  const lines = program.stderr().trimEnd().split("\n");
  const counts = kinds.map((kind) => lines.filter((line) => line.match(kind)).length);
  const isAll = counts.every((count) => count === 1) && lines.length === kinds.length;
  assert.ok(isAll, `lines by kind ${counts.join(", ")}:\n${program.stderr()}`);
}

function sumOf(instances, key) {
  return Object.values(instances).reduce((sum, instance) => sum + instance[key], 0);
}

async function timed(work) {
  const fromMs = performance.now();
  await work();
  return Math.round(performance.now() - fromMs);
}
