// A real PostgreSQL, asked by a bot under `--import @tracebook/node/register`, the ESM way and the CommonJS way: the span of each
// query joins the trace of the flow it was made in, below the right span. And the tests of signals, on every supported Node, with
// the one that wants a server.
// ci-needs: initdb postgres
// ci-timeout: 240
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync } from "node:fs";
import { join } from "node:path";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { runTests } from "../vitest-run.mjs";
import { build } from "./parts/built.mjs";
import { endOf, startProgram } from "./parts/subprocess.mjs";
import { groupTraces, KIND } from "./parts/traces.mjs";
import { userProject } from "./parts/user-project.mjs";
import { cleanEnv, freePorts, scratchFolder } from "./parts/workspace.mjs";

/** The start of a span of the OpenTelemetry SDK is a whole millisecond: it may seem to be that much earlier. */
const CLOCK_STEP_NANOS = 1_000_000n;
const PASSWORD = "planted-password";
const NODE_MAJORS = [22, 24, 26];
const stage = createStage("postgres");
await stage.check("the packages build", () => build("@tracebook/node"));
let server;
await stage.check("PostgreSQL starts", async () => {
  server = await startPostgres();
  return server.version;
});
if (server !== undefined) {
  const project = userProject("pg");
  for (const bot of ["query.mjs", "query.cjs"]) await checkBot(project, bot);
  for (const major of NODE_MAJORS)
    await stage.check(`Node ${major}: the tests of signals skip nothing`, () => runSignals(major));
  await server.program.stop();
}
stage.finish();

/** Makes a cluster in a folder of its own and starts it on a free port; as the user postgres where we are root. */
async function startPostgres() {
  const folder = scratchFolder("postgres");
  const user = process.getuid() === 0 ? userOf("postgres") : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const options = { ...user, cwd: folder, env: cleanEnv({ LC_ALL: "C" }) };
  const made = startProgram("initdb", ["-D", data, "-A", "trust", "-U", "bot", "-E", "UTF8", "--no-sync"], options);
  const end = await made.exit;
  assert.equal(endOf(end), "exit code 0", `${made.stdout()}${made.stderr()}`);
  const port = await freePorts(1);
  const settings = ["-h", "127.0.0.1", "-p", String(port), "-k", folder, "-c", "fsync=off"];
  const program = startProgram("postgres", ["-D", data, ...settings], options);
  await program.until("it takes connections", (said) => said.includes("ready to accept connections"));
  const version = execFileSync("postgres", ["--version"], { encoding: "utf8" }).trim();
  return { program, version, url: `postgres://bot:${PASSWORD}@127.0.0.1:${port}/postgres` };
}

function userOf(name) {
  const id = (flag) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function checkBot(project, bot) {
  const sink = await startOtlpSink();
  let flows;
  let traces;
  const ran = await stage.check(`${bot} runs, telemetry on by --import`, async () => {
    const env = cleanEnv({
      TELEMETRY_ENABLED: "true",
      TELEMETRY_OTLP_ENDPOINT: sink.url,
      BOT_METRICS_ENABLED: "false",
    });
    const args = ["--import", "@tracebook/node/register", bot, server.url];
    const program = startProgram(process.execPath, args, { cwd: project, env });
    assert.equal(endOf(await program.exit), "exit code 0", `${program.stdout()}${program.stderr()}`);
    flows = JSON.parse(program.stdout());
    return `${sink.spans.length} spans`;
  });
  await sink.close();
  if (!ran) return;
  await stage.check(`${bot}: no span without its parent`, () => {
    traces = groupTraces(sink.spans);
    return `${traces.size} traces`;
  });
  await stage.check(`${bot}: each query is a child of the flow it was made in`, () =>
    Object.entries(flows)
      .map((flow) => checkFlow(traces, ...flow))
      .join("; "),
  );
  // Polling for work is most of what many databases hear: without a flow around it a query is no trace.
  await stage.check(`${bot}: a query outside any flow makes no trace`, () => {
    assert.deepEqual(
      sink.spans.filter((span) => textOf(span).includes("as outside")),
      [],
    );
    assert.equal(traces.size, Object.keys(flows).length);
  });
  await stage.check(`${bot}: neither password nor values of parameters left`, () => {
    for (const body of sink.bodies) {
      assert.ok(!body.includes(PASSWORD), "the password left");
      assert.ok(!body.includes("41.5"), "the value of a parameter left");
    }
  });
}

/** Elsewhere the test of a query is skipped for want of a server. */
function runSignals(major) {
  const vitest = ["node", "node_modules/vitest/vitest.mjs", "run", "packages/node/src/signals.test.ts"];
  const env = cleanEnv({ TRACEBOOK_TEST_POSTGRES: server.url });
  const { passed, failed, skipped } = runTests(".ci/with-node", [String(major), ...vitest], env);
  assert.deepEqual([failed, skipped], [0, []]);
  assert.ok(passed > 0, "no test");
  return `${passed} tests`;
}

/** One query, below the flow's own span, in time with it. */
function checkFlow(traces, name, { traceId, spanId }) {
  const trace = traces.get(traceId) ?? [];
  const flow = trace.find((span) => span.spanId === spanId);
  assert.equal(flow?.name, "tick", `the flow of ${name}`);
  const queries = trace.filter((span) => textOf(span).includes(name));
  assert.equal(queries.length, 1, `spans of the query ${name}`);
  const [query] = queries;
  assert.equal(query.kind, KIND.client);
  assert.equal(query.parentSpanId, spanId, `the parent of ${name}`);
  const isWithin = flow.startNanos - CLOCK_STEP_NANOS < query.startNanos && query.endNanos <= flow.endNanos;
  assert.ok(isWithin, `${name} is not within its flow`);
  if (name === "failing") assert.equal(query.statusCode, 2, "a query that failed");
  return `${name} ${query.name} ${(Number(query.endNanos - query.startNanos) / 1e6).toFixed(2)} ms`;
}

function textOf({ attributes }) {
  return String(attributes["db.query.text"] ?? attributes["db.statement"] ?? "");
}
