// The signal bot the way a user starts it: with servers of its own, ended, interrupted and killed at any moment, and nothing left of it.
import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { processesWith } from "./process-list.mjs";
import { BACKEND } from "./signal-bot-traces.mjs";
import { endOf, startProgram } from "./subprocess.mjs";
import { until } from "./until.mjs";
import { cleanEnv, machineEnv, root, scratchFolder } from "./workspace.mjs";

const main = join(root, "examples/signal-bot/dist/main.js");

/** Checks all of that. */
export async function checkOwnRuns(stage) {
  await stage.check("npm run example:signal-bot brings its own servers and ends by itself", ownServers);
  await stage.check("Ctrl-C ends it with a summary and code 0", interrupted);
  for (const [moment, hasCome] of Object.entries(START_MOMENTS))
    await stage.check(`Ctrl-C ${moment} ends it, and all it had started`, () => interruptedAtStart(hasCome));
  await stage.check("kill -9 leaves no process and no server behind; a bot port that is taken is named", killed);
}

/** Moments of a start, from the first that can be seen from outside. */
const START_MOMENTS = {
  "when its folder is made": ({ temporary }) => foldersIn(temporary).length > 0,
  "when its processes are started": ({ temporary }) => {
    const ours = new Set(processesWith("TMPDIR", temporary));
    return processesWith("BACKEND_PORT", "0")?.some((pid) => ours.has(pid)) ?? true;
  },
};

/** Starts it with a folder for its temporary files, by which all its processes are known, and of which none must be left. */
function startOwn(command, args, env, botPort = 0) {
  const temporary = scratchFolder("signal-bot-tmp");
  // The user that PostgreSQL runs as must be able to pass through.
  chmodSync(temporary, 0o755);
  const out = scratchFolder("signal-bot-own");
  const flags = ["--json", "--backend-port", "0", "--bot-port", String(botPort), "--out", out];
  const program = startProgram(command, [...args, ...flags], { cwd: root, env: env({ TMPDIR: temporary }) });
  return { program, out, temporary };
}

async function portsOf(program) {
  const said = await program.until("its servers run", (text) => /data: .*bot's metrics: /s.test(text) && text, {
    timeoutMs: 120_000,
  });
  return [...said.matchAll(/of its own on port (\d+)/g)].map(([, port]) => Number(port));
}

function foldersIn(temporary) {
  return readdirSync(temporary).filter((name) => name.startsWith("signal-bot-"));
}

async function noProcessLeft({ temporary }) {
  await until("no process is left", () => (processesWith("TMPDIR", temporary) ?? []).length === 0);
}

async function nothingLeft(own, ports, isClean) {
  await noProcessLeft(own);
  assert.equal(ports.length, 2);
  for (const port of ports) await until(`nobody listens on ${port}`, async () => !(await isListening(port)));
  if (isClean) assert.deepEqual(foldersIn(own.temporary), []);
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function ownServers() {
  const own = startOwn("npm", ["run", "example:signal-bot", "--", "--seconds", "6"], machineEnv);
  try {
    const ports = await portsOf(own.program);
    assert.equal(endOf(await own.program.exit), "exit code 0", own.program.stderr());
    const summary = JSON.parse(own.program.stdout().trimEnd().split("\n").at(-1));
    assert.ok(summary.orders.filled > 0, JSON.stringify(summary));
    await nothingLeft(own, ports, true);
    return `${summary.orders.filled} orders filled`;
  } finally {
    await own.program.stop();
  }
}

async function interrupted() {
  const faults = ["--outage-every", "2", "--outage-seconds", "1", "--signals", "20"];
  const own = startOwn(process.execPath, [main, ...faults], cleanEnv);
  try {
    const ports = await portsOf(own.program);
    await own.program.until("an outage was felt", () => /unreachable/.test(readLog(own.out)));
    const fromMs = performance.now();
    own.program.signalGroup("SIGINT");
    assert.equal(endOf(await own.program.exit), "exit code 0", own.program.stderr());
    const afterMs = Math.round(performance.now() - fromMs);
    assert.match(own.program.stderr(), /^Summary$/m);
    await nothingLeft(own, ports, true);
    return `${afterMs} ms`;
  } finally {
    await own.program.stop();
  }
}

async function interruptedAtStart(hasCome) {
  const own = startOwn(process.execPath, [main], cleanEnv);
  try {
    await own.program.until("the moment", () => hasCome(own), { everyMs: 5 });
    own.program.signalGroup("SIGINT");
    await until("its end", () => own.program.hasEnded());
    assert.equal(endOf(await own.program.exit), "exit code 1", own.program.stderr());
    assert.match(own.program.stderr(), /it was ended before it had started/);
    assert.doesNotMatch(own.program.stderr(), /^(data|backend|bot's metrics)[ :]/m);
    await noProcessLeft(own);
    assert.deepEqual(foldersIn(own.temporary), []);
  } finally {
    await own.program.stop();
  }
}

function readLog(out) {
  try {
    return readFileSync(join(out, "logs", `${BACKEND}.log`), "utf8");
  } catch {
    return "";
  }
}

async function killed() {
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address();
  const own = startOwn(process.execPath, [main], cleanEnv, port);
  try {
    const ports = await portsOf(own.program);
    const said = own.program.stderr();
    assert.match(
      said,
      new RegExp(`bot's metrics: off, .*${port} .the port is taken.: --bot-port 0 takes any free one`),
    );
    own.program.signal("SIGKILL");
    await nothingLeft(own, ports, false);
  } finally {
    await own.program.stop();
    taken.close();
  }
}
