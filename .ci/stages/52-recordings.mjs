// Recorded traffic at full speed: every message, books in step, decisions of both kinds, the recorder's clock error found. And a
// market with faults: lost depth updates and malformed frames are events and counters, never a crash.
// ci-timeout: 300
import assert from "node:assert/strict";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { checkSummary, figuresOf, runFlagship } from "./parts/flagship-run.mjs";
import { readRecords } from "./parts/journal-lines.mjs";
import { checkWithPython, mustBeClean, whyNoPythonChecker } from "./parts/journal-verdicts.mjs";
import { metricPoints, metricSum } from "./parts/metric-points.mjs";
import { scratchFolder, sharedPath } from "./parts/workspace.mjs";

const FILES = ["binance-spot-btcusdt-20240808.jsonl.gz", "binance-usdm-btcusdt-20240808.jsonl.gz"];
/** Stream messages of both files: all lines but the two depth snapshots. */
const MESSAGES = 135_201;
/** What the recorder's clock was behind by, in milliseconds, about: from the notes beside the recordings. */
const CLOCK_ERROR_MS = -1250;

const stage = createStage("recordings");
await stage.check("the packages build", () => build("tracebook", "@tracebook-examples/trading-floor"));
const recordings = FILES.map((file) => sharedPath(`data/${file}`));
if (recordings.includes(undefined)) stage.skip("both recordings at full speed", "../shared/data is not there");
else await recorded();
await faulty();
stage.finish();

async function recorded() {
  const out = scratchFolder("recordings");
  const args = recordings.flatMap((file) => ["--recording", file]);
  const played = await watched("both recordings at full speed", [...args, "--speed", "max", "--out", out]);
  if (played === undefined) return;
  const { summary, metrics } = played;
  await stage.check("every message, both books in step, decisions of both kinds", () => {
    checkSummary(summary);
    assert.equal(summary.frames, MESSAGES);
    assert.ok(summary.accepted > 0 && summary.rejected > 0 && summary.orders > 0 && summary.fills > 0);
    return describeBooks(summary);
  });
  await stage.check("the recorder's clock error is found in both markets", () => {
    const found = Object.entries(summary.clock).map(([market, { offsetMs, uncertaintyMs, negativeLagCount }]) => {
      assert.ok(Math.abs(offsetMs - CLOCK_ERROR_MS) <= uncertaintyMs, `${market}: ${offsetMs} +- ${uncertaintyMs} ms`);
      assert.ok(negativeLagCount > 0, `${market}: no negative lag`);
      const told = metricSum(metrics, "market_data_negative_lag_total", { source: market });
      assert.equal(told, negativeLagCount, `${market}: the counter of negative lags`);
      return `${market} ${offsetMs.toFixed(1)} +- ${uncertaintyMs.toFixed(1)} ms, ${negativeLagCount} negative lags`;
    });
    assert.equal(found.length, 2);
    return found.join("; ");
  });
  await stage.check("and its lag is told as it is, not clipped to 0", () => {
    const last = metricPoints(metrics, "market_data_last_lag_seconds");
    assert.deepEqual(last.map(({ labels }) => labels.source).sort(), ["spot", "usdm"]);
    for (const { value, labels } of last) assert.ok(value < -1 && value > -1.5, `${labels.source}: ${value} s`);
    // A message that seems to come from the future says nothing about how fast the feed is: it must not count as 0 s.
    const counted = metricPoints(metrics, "market_data_lag_seconds").reduce((sum, { count }) => sum + count, 0);
    assert.equal(counted, 0);
    return last.map(({ labels, value }) => `${labels.source} ${value.toFixed(3)} s`).join(", ");
  });
  await journalIsClean(out);
}

async function faulty() {
  const out = scratchFolder("faults");
  // 10 spot and 20 perpetual depth updates a second, whatever the rate: every 45th lost makes a handful of gaps, none near the end.
  const faults = ["--exchange", "--drop-depth 45 --malformed 1000"];
  const args = ["--seconds", "10", "--rate", "2000", ...faults, "--out", out];
  const played = await watched("10 s of a market that loses depth updates and sends malformed frames", args);
  if (played === undefined) return;
  const { summary, metrics } = played;
  await stage.check("books are synchronised anew after each gap, and it is counted", () => {
    checkSummary(summary);
    const resyncs = Object.values(summary.books).reduce((sum, book) => sum + book.resyncs, 0);
    assert.ok(resyncs > 0, "no resync");
    for (const [market, { state }] of Object.entries(summary.books)) assert.equal(state, "ready", market);
    assert.equal(metricSum(metrics, "market_data_resyncs_total"), resyncs);
    assert.equal(summary.outcomes.book_gap, resyncs);
    return describeBooks(summary);
  });
  await stage.check("each malformed frame is an event, a counter and an outcome, and trading goes on", () => {
    const count = summary.malformed_frames;
    assert.ok(count > 0, "no malformed frame");
    const events = readRecords(out).filter(({ event_type }) => event_type === "error_occurred");
    assert.deepEqual([...new Set(events.map(({ data }) => data.error_type))], ["malformed_frame"]);
    assert.equal(events.length, count);
    assert.equal(metricSum(metrics, "market_data_invalid_frames_total"), count);
    assert.equal(summary.outcomes.malformed_frame, count);
    assert.ok(summary.decisions > 0);
    const reasons = new Set(events.map(({ data }) => data.error_message.replace(/^.*: /, "")));
    return `${count} of ${summary.frames}: ${[...reasons].join(", ")}`;
  });
  await journalIsClean(out);
}

/** Runs the flagship, with metrics going to a receiver; undefined when it failed. */
async function watched(title, args) {
  const sink = await startOtlpSink();
  const env = { TELEMETRY_OTLP_ENDPOINT: sink.url, OTEL_TRACES_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" };
  let summary;
  await stage.check(`${title}`, async () => {
    ({ summary } = await runFlagship(args, env));
    return figuresOf(summary);
  });
  await sink.close();
  return summary === undefined ? undefined : { summary, metrics: sink.metrics };
}

async function journalIsClean(out) {
  await stage.check("tracebook verify finds the journal clean", () => mustBeClean(out).figures);
  const why = whyNoPythonChecker();
  if (why !== undefined) return stage.skip("check-journal.py does too", why);
  return stage.check("check-journal.py does too", () => {
    const { clean, figures } = checkWithPython(out);
    assert.ok(clean, figures);
    return figures;
  });
}

function describeBooks({ books }) {
  return Object.entries(books)
    .map(
      ([market, { state, resyncs, snapshots, frames }]) =>
        `${market} ${state}, ${frames} frames, ${resyncs} resyncs, ${snapshots} snapshots`,
    )
    .join("; ");
}
