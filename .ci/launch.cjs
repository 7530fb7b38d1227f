// What `npm start`, `npm test`, `npm run bench` and `npm run faults` run: find or fetch Node and pnpm, install, build, then the job itself.
//
// node .ci/launch.cjs start|signal-bot|test|bench|bench-desk|bench-platform|faults|tracebook [arguments for the job]
// node .ci/launch.cjs install            Node, pnpm and dependencies, and nothing more
// node .ci/launch.cjs path [MAJOR]       prints the folders that belong in front of PATH, for .ci/run and .ci/with-node
//
// Progress goes to stderr; stdout belongs to the job. Runs on any Node from 12 on (see toolchain.cjs), on Linux and macOS.
// The scripts in package.json say `exec`: npm hands signals to its shell, and Debian's shell would keep them to itself.
"use strict";

const crypto = require("crypto");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawn } = require("child_process");
const { cacheDir, prepare, root, say } = require("./toolchain.cjs");

/** What each job builds, and the command lines it runs under Node; the user's arguments belong to the last one. */
const jobs = {
  install: { steps: [] },
  start: {
    build: "@tracebook-examples/trading-floor...",
    steps: [["--require", "./.ci/end-with-parent.cjs", "examples/trading-floor/dist/main.js"]],
  },
  "signal-bot": {
    build: "@tracebook-examples/signal-bot...",
    steps: [["--require", "./.ci/end-with-parent.cjs", "examples/signal-bot/dist/main.js"]],
  },
  tracebook: { build: "tracebook...", steps: [["packages/cli/dist/bin.js"]] },
  test: {
    // The compiler runs the tests of types (*.test-d.ts): what they say is true when it has nothing to say.
    steps: [
      ["node_modules/typescript/bin/tsc", "--noEmit"],
      ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "packages/web"],
      ["node_modules/vitest/vitest.mjs", "run"],
    ],
  },
  // Figures are compared across machines, so they always come from one release line.
  bench: { build: "@tracebook/node...", steps: [["packages/node/bench/main.ts"]], major: 24 },
  "bench-desk": { build: "@tracebook/server...", steps: [["packages/server/bench/main.ts"]], major: 24 },
  "bench-platform": { build: "@tracebook/server...", steps: [["packages/server/bench/platform/main.ts"]], major: 24 },
  faults: { steps: [["--conditions=@tracebook/source", "packages/node/faults/main.ts"]], major: 24 },
};

/**
 * Runs a program to its end and resolves to its exit code (128 + n when signal n ended it).
 *
 * The program gets a session of its own. One Ctrl-C reaches npm, its shell and us, from the terminal and from npm again; were
 * the program in the same group it would get three interrupts, and many programs take the second for "stop at once". So
 * it hears of signals from us only, each once, and has all the time it wants to end.
 */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, Object.assign({ cwd: root, stdio: "inherit", detached: true }, options));
    const stopForwarding = forwardSignals(child);
    child.on("error", (error) => {
      stopForwarding();
      reject(error);
    });
    child.on("exit", (code, signal) => {
      stopForwarding();
      endGroup(child.pid);
      resolve(signal ? 128 + (os.constants.signals[signal] || 0) : code);
    });
  });
}

const forwardedSignals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGWINCH"];
/** The same signal twice within this time is one event that came two ways. */
const sameSignalMs = 500;

/** Hands signals on to the child until the returned function is called. */
function forwardSignals(child) {
  const lastAtMs = {};
  const handOn = (signal) => {
    const nowMs = Date.now();
    if (signal !== "SIGWINCH" && nowMs - (lastAtMs[signal] || 0) < sameSignalMs) return;
    lastAtMs[signal] = nowMs;
    child.kill(signal);
  };
  for (const signal of forwardedSignals) process.on(signal, handOn);
  return () => {
    for (const signal of forwardedSignals) process.removeListener(signal, handOn);
  };
}

/** Ends what the program may have left behind in its session, so that nothing keeps running after us. */
function endGroup(pid) {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // ESRCH: it left nothing.
  }
}

/** Everything an installation depends on, as one hash: the lockfile, the manifests and the platform. */
function installHash() {
  const hash = crypto.createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  const files = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"];
  for (const group of ["packages", "examples"]) {
    for (const name of fs.readdirSync(path.join(root, group)).sort())
      files.push(path.join(group, name, "package.json"));
  }
  for (const file of files) {
    const full = path.join(root, file);
    if (fs.existsSync(full)) hash.update(`${file}\n`).update(fs.readFileSync(full));
  }
  return hash.digest("hex");
}

async function install(env) {
  const stamp = path.join(root, "node_modules", ".tracebook-installed");
  const wanted = installHash();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) return;
  say("installing dependencies (the first time takes about 20 s) ...");
  const started = Date.now();
  // CI=true: pnpm never asks, and replaces a node_modules that something else made.
  const args = ["install", "--frozen-lockfile", "--reporter=append-only"];
  const options = { env: Object.assign({}, env, { CI: "true" }), stdio: ["ignore", 2, 2] };
  mustSucceed("installing dependencies", await run("pnpm", args, options));
  fs.writeFileSync(stamp, wanted);
  say(`installed in ${seconds(started)} s`);
}

/** turbo builds what has changed. What it prints is of interest only when it fails. */
async function build(filter, node, env) {
  say("building (the first time takes about 10 s) ...");
  const started = Date.now();
  const log = path.join(cacheDir, "build.log");
  fs.mkdirSync(cacheDir, { recursive: true });
  const output = fs.openSync(log, "w");
  const turbo = ["node_modules/turbo/bin/turbo", "run", "build", "--ui=stream", "--output-logs=errors-only"];
  const code = await run(node, turbo.concat(`--filter=${filter}`), { env, stdio: ["ignore", output, output] });
  fs.closeSync(output);
  if (code !== 0) process.stderr.write(fs.readFileSync(log));
  mustSucceed("building", code);
  say(`built in ${seconds(started)} s`);
}

function seconds(startedMs) {
  return ((Date.now() - startedMs) / 1000).toFixed(1);
}

function mustSucceed(what, code) {
  if (code === 0) return;
  say(`${what} failed (exit code ${code}); see the lines above`);
  process.exit(code);
}

async function main(name, args) {
  if (process.env.npm_lifecycle_event) require("./end-with-parent.cjs");
  if (name === "path") return printPath(args[0]);
  const job = jobs[name];
  if (!job) {
    say(`unknown job "${name}": one of ${Object.keys(jobs).join(", ")}`);
    return 2;
  }
  const { env, node } = await prepare({ major: job.major, pnpm: true });
  await install(env);
  if (job.build) await build(job.build, node, env);
  return runSteps(job.steps, args, node, env);
}

/** Runs all steps, also after one that failed; the exit code is that of the first that did. */
async function runSteps(steps, args, node, env) {
  let result = 0;
  for (const step of steps) {
    const line = step === steps[steps.length - 1] ? step.concat(args) : step;
    // A database may be given as a URL, and this line may be in somebody's log.
    say(`running: node ${line.join(" ").replace(/(:\/\/)[^\s/]*@/g, "$1***@")}`);
    const code = await run(node, line, { env });
    result = result || code;
    if (code >= 128) break; // stopped by a signal: the user's wish, not a result
  }
  return result;
}

async function printPath(major) {
  const { env } = await prepare({ major: major === undefined ? undefined : Number(major), pnpm: major === undefined });
  const before = process.env.PATH || "";
  process.stdout.write(`${env.PATH.slice(0, env.PATH.length - before.length - 1)}\n`);
  return 0;
}

main(process.argv[2], process.argv.slice(3)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    say(String((error && error.message) || error));
    process.exitCode = 1;
  },
);
