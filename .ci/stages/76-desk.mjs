// `npm start` as a newcomer starts it, with every screen alive: the page in Chromium within seconds, live; the funnel adds up; what-if
// agrees with the journal; SDKs without Tracebook land in the same traces; and at the end the database has every record of the journal.
// Pictures of all screens are left in .cache/ci/desk.
// ci-needs: chromium go
// ci-timeout: 420
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createStage } from "../stage.mjs";
import { openBrowser } from "./parts/browser.mjs";
import { build } from "./parts/built.mjs";
import { checkSummary, startFloor } from "./parts/flagship-run.mjs";
import { sendFromGo, sendFromStockSdk } from "./parts/foreign-senders.mjs";
import { readRecords } from "./parts/journal-lines.mjs";
import { tracebook } from "./parts/journal-verdicts.mjs";
import { endOf } from "./parts/subprocess.mjs";
import { until } from "./parts/until.mjs";
import { root, scratchFolder } from "./parts/workspace.mjs";

const SCREENS = ["/", "/decisions", "/latency", "/traces", "/alerts", "/system", "/business", "/health"];
const KIB = 1024;
const pictures = join(root, ".cache/ci/desk");
const stage = createStage("desk");
if (await stage.check("the packages build", () => build("tracebook", "@tracebook-examples/trading-floor"))) {
  mkdirSync(pictures, { recursive: true });
  await watchedRun();
}
stage.finish();

async function watchedRun() {
  const out = scratchFolder("desk");
  const program = startFloor(["--json", "--out", out]);
  const browser = await openBrowser();
  const facts = { out, program, browser };
  try {
    const isUp = await stage.check("the desk says where it is", async () => {
      const [, url] = await program.until("the desk's address", (said) => /desk\S* (http:\/\/\S+?),/.exec(said), {
        timeoutMs: 120_000,
      });
      facts.url = url;
      facts.upMs = performance.now();
      return url;
    });
    if (!isUp) return;
    await checkFirstSight(facts);
    await checkForeignSenders(facts);
    await checkAnswers(facts);
    await checkScreens(facts);
    await stage.check("the scanner's signals, generated and rejected", () => waitForSignals(facts));
    await stage.check("an alert of what the scanner cannot scan", () => waitForAlert(facts));
    await stage.check("Ctrl-C ends it with a summary", () => endRun(facts));
  } finally {
    await browser.close();
    await program.stop();
  }
  if (facts.summary !== undefined) await checkDatabase(facts);
}

async function checkFirstSight({ browser, url, upMs, program }) {
  await stage.check("page open with live decisions and moving tiles within 10 s of the services' start", async () => {
    await program.until("the services have started", (said) => /service basis-trader/.test(said));
    const fromMs = performance.now();
    const { page, complaints } = await browser.open(url);
    const tiles = () => page.getByLabel("Totals of the last 24 hours").textContent();
    const shown = async () =>
      page
        .getByText(/^Decision (rejected|accepted)$/)
        .first()
        .isVisible();
    await until("a decision on the page", shown, { timeoutMs: 20_000 });
    const before = await tiles();
    await until("a tile moves", async () => (await tiles()) !== before, { timeoutMs: 20_000 });
    const tookMs = performance.now() - fromMs;
    assert.ok(tookMs < 10_000, `it took ${Math.round(tookMs)} ms`);
    assert.deepEqual(complaints, []);
    return `${Math.round(tookMs)} ms after the services' start, ${Math.round(performance.now() - upMs)} ms after the desk's`;
  });
  await stage.check("the first load is 300 kB compressed at most", async () => {
    const { bytes, requests, largestPaintMs } = await browser.weigh(url);
    assert.ok(bytes <= 300_000, `${bytes} bytes`);
    return `${(bytes / KIB).toFixed(0)} KiB in ${requests} requests, largest contentful paint after ${Math.round(largestPaintMs)} ms`;
  });
}

async function checkForeignSenders({ url }) {
  const senders = {
    "OpenTelemetry for JavaScript, protobuf": () => sendFromStockSdk(url, "proto"),
    "OpenTelemetry for JavaScript, JSON": () => sendFromStockSdk(url, "http"),
    "OpenTelemetry for Go": () => sendFromGo(url),
  };
  for (const [title, send] of Object.entries(senders))
    await stage.check(`${title}: its trace is in the same view, without its secret`, async () => {
      const { traceId, service, spans, secret } = await send();
      const trace = await until("the trace is there", async () => {
        const answer = await fetch(`${url}/api/telemetry/traces/${traceId}`);
        const text = await answer.text();
        return answer.ok && JSON.parse(text).spans.length === spans ? text : undefined;
      });
      assert.ok(!trace.includes(secret), "the planted secret is in the answer");
      const listed = await ask(url, "traces", { service });
      assert.deepEqual([...new Set(listed.traces.map(({ trace_id: id }) => id))], [traceId]);
      return `${spans} spans of ${service}`;
    });
}

async function checkScreens({ browser, url }) {
  for (const theme of ["dark", "light"])
    await stage.check(`every screen, ${theme}, without a complaint`, async () => {
      for (const path of SCREENS) {
        const { page, complaints } = await browser.open(`${url}${path}`, { theme });
        await page.locator("main section").first().waitFor();
        await until("nothing is on its way any more", async () => (await page.getByText("Loading").count()) === 0);
        await page.screenshot({ path: join(pictures, `${path.slice(1) || "live"}-${theme}.png`) });
        assert.deepEqual(complaints, [], path);
      }
      return SCREENS.length;
    });
}

async function checkAnswers({ url }) {
  await stage.check(
    "the funnel: each step is the one before minus its drops, and every flow says why it ended",
    async () => {
      const funnel = await until("orders in the funnel", async () => {
        const answer = await ask(url, "funnel", { flow: "tick" });
        return answer.orders > 0 ? answer : undefined;
      });
      assert.equal(funnel.no_reason, 0);
      funnel.steps.forEach((step, at) => {
        const next = funnel.steps[at + 1];
        if (next !== undefined) assert.equal(next.count, step.count - step.dropped, `after ${step.stage}`);
        assert.equal(
          step.ended.reduce((sum, { count }) => sum + count, 0),
          step.dropped,
          step.stage,
        );
      });
      return funnel.steps.map(({ stage: name, count }) => `${name} ${count}`).join(", ");
    },
  );
  await stage.check("what-if with nothing changed: 0 flips", async () => {
    const answer = await ask(url, "whatif", { edge_unit: "bps", max_decisions: "1000000" });
    assert.ok(answer.judged > 0 && answer.complete);
    assert.deepEqual(answer.flips, { to_accept: 0, to_reject: 0 });
    assert.equal(answer.not_judgeable, 0);
    return `${answer.judged} decisions judged again`;
  });
  await stage.check("why so few trades, in a sentence", async () => {
    const { sentence } = await ask(url, "why", { flow: "tick" });
    assert.match(sentence, /orders? in the last/);
    return sentence;
  });
}

/** The simulated market decides how soon there is one of each. */
async function waitForSignals({ url }) {
  const metrics = await until(
    "four scans and a signal of each kind",
    async () => {
      const { metrics } = await ask(url, "analytics");
      const { total_scans: scans, total_signals_generated: generated, total_signals_rejected: rejected } = metrics;
      return scans > 3 && generated > 0 && rejected > 0 ? metrics : undefined;
    },
    { timeoutMs: 120_000 },
  );
  return `${metrics.total_signals_generated} generated, ${metrics.total_signals_rejected} rejected so far`;
}

/** The watchlist has a symbol that no venue lists. */
async function waitForAlert({ url }) {
  const alert = await until(
    "the alert fires",
    async () =>
      (await ask(url, "alerts", { state: "firing" })).alerts.find(({ rule_name: name }) =>
        name.startsWith("Scans fail"),
      ),
    { timeoutMs: 60_000 },
  );
  return alert.summary;
}

async function endRun(facts) {
  facts.program.signal("SIGINT");
  const end = await facts.program.exit;
  assert.equal(endOf(end), "exit code 0", facts.program.stderr());
  facts.summary = JSON.parse(facts.program.stdout().trimEnd().split("\n").at(-1));
  checkSummary(facts.summary);
  const { scanner, desk } = facts.summary;
  assert.ok(scanner.scans > 3 && scanner.generated > 0 && scanner.rejected > 0, JSON.stringify(scanner));
  assert.equal(scanner.generated + scanner.rejected + scanner.errors, scanner.symbols_scanned);
  assert.equal(desk.failed_writes, 0);
  return `${scanner.scans} scans, ${scanner.generated} signals, ${scanner.rejected} rejected; ${desk.written} records in the database`;
}

async function checkDatabase({ out, summary }) {
  const database = join(out, "telemetry/telemetry.db");
  const { openSqliteStore } = await import("../../packages/store/dist/sqlite/index.js");
  const store = await openSqliteStore({ path: database });
  try {
    await stage.check("every record of the journal is in the database already", async () => {
      const { records, written, duplicates, skipped } = await store.importJournal(out);
      assert.deepEqual([written, skipped], [0, 0]);
      assert.equal(duplicates, records);
      assert.ok(records >= readRecords(out).length);
      return `${records} records`;
    });
    await stage.check("scans, signals and decisions are counted as the bots count them", async () => {
      const byType = await store.countByType({});
      assert.equal(byType.scan_completed, summary.scanner.scans);
      assert.equal(byType.signal_generated, summary.scanner.generated);
      assert.equal(byType.signal_rejected, summary.scanner.rejected);
      const mine = await store.decisionReasons({ strategy: "basis" });
      assert.equal(
        mine.reduce((sum, { count }) => sum + count, 0),
        summary.decisions,
      );
      return `${summary.decisions} decisions of the flagship`;
    });
    await stage.check("what-if under another threshold: the store and the journal say the same", async () => {
      const change = ["--unit", "bps", "--min-threshold", "1.5", "--json"];
      const [fromStore, fromJournal] = [["--db", database], [out]].map((source) => {
        const { code, stdout, stderr } = tracebook("whatif", ...source, ...change);
        assert.equal(code, 0, stderr);
        return JSON.parse(stdout);
      });
      for (const key of ["judged", "flips", "before", "after"]) assert.deepEqual(fromStore[key], fromJournal[key], key);
      return JSON.stringify(fromStore.flips);
    });
  } finally {
    await store.close();
  }
}

async function ask(url, question, query = {}) {
  const answer = await fetch(`${url}/api/telemetry/${question}?${new URLSearchParams(query)}`);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}
