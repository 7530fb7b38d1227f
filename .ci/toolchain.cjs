// Finds the Node and pnpm this repository needs, or fetches them with npm into .cache/toolchain.
//
// Runs on whatever Node the machine has (12 and later) and whatever npm (6 to 11), so: CommonJS, and no syntax newer
// than async functions. `npx -p node@24` would do the same, but npm 6 downloads it anew on every call, npm asks the registry on every
// call, and both need the install scripts that cautious users switch off; a folder of our own has none of these troubles.
"use strict";

const fs = require("fs");
const path = require("path");
const { spawn, spawnSync } = require("child_process");

const root = path.resolve(__dirname, "..");
const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
const cacheDir = path.join(root, ".cache");
const pnpmSpec = manifest.packageManager;
const pnpmMajor = Number(/^pnpm@(\d+)/.exec(pnpmSpec)[1]);
const oldestNode = /(\d+)\.(\d+)/.exec(manifest.engines.node).slice(1).map(Number);
/** What is fetched where no good Node is on PATH: the version this repository is developed on. */
const preferredMajor = 24;
/** Odd releases that were never supported for long; later than 26 every release is. */
const shortLivedMajors = [23, 25];

function say(line) {
  process.stderr.write(`tracebook: ${line}\n`);
}

/** True when this Node (major.minor...) can build and run the repository; `major` asks for that one release line. */
function isGoodNode(version, major) {
  const [have, minor] = version.replace(/^v/, "").split(".").map(Number);
  if (major !== undefined) return have === major;
  if (shortLivedMajors.indexOf(have) !== -1) return false;
  return have > oldestNode[0] || (have === oldestNode[0] && minor >= oldestNode[1]);
}

/** What `command --version` prints, run through PATH; an empty string when there is no such program. */
function versionOf(command, env) {
  const asked = spawnSync(command, ["--version"], { cwd: root, env, encoding: "utf8", timeout: 30000 });
  return asked.status === 0 ? asked.stdout.trim() : "";
}

function isWritable(dir) {
  try {
    fs.mkdirSync(dir, { recursive: true });
    fs.accessSync(dir, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The environment with `dir` first on PATH. */
function withPath(env, dir) {
  return Object.assign({}, env, { PATH: `${dir}:${env.PATH || ""}` });
}

/**
 * The environment for npm, pnpm and turbo: no prompts, no notices, and every folder they write to inside the repository
 * when the home directory cannot be written (a container's user without a home, a read-only mount).
 */
function quietEnvironment(env) {
  const quiet = Object.assign({}, env, {
    COREPACK_ENABLE_DOWNLOAD_PROMPT: "0",
    NO_UPDATE_NOTIFIER: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    npm_config_update_notifier: "false",
    pnpm_config_update_notifier: "false",
  });
  if (env.HOME && isWritable(env.HOME)) return quiet;
  return Object.assign(quiet, {
    npm_config_cache: path.join(cacheDir, "npm"),
    pnpm_config_store_dir: path.join(cacheDir, "pnpm-store"),
    PNPM_HOME: path.join(cacheDir, "pnpm-home"),
    XDG_CACHE_HOME: path.join(cacheDir, "xdg", "cache"),
    XDG_CONFIG_HOME: env.XDG_CONFIG_HOME || path.join(cacheDir, "xdg", "config"),
    XDG_DATA_HOME: path.join(cacheDir, "xdg", "data"),
    XDG_STATE_HOME: path.join(cacheDir, "xdg", "state"),
  });
}

/** Runs a program to its end with its output on our stderr; rejects unless it exits with 0. */
function runQuietly(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, Object.assign({ stdio: ["ignore", 2, 2] }, options));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(command)} ${args[0]} ended with ${signal || `exit code ${code}`}`));
    });
  });
}

/** npm installs one package into a folder of its own and runs none of its scripts. */
function npmInstall(dir, spec, env) {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  const args = ["install"].concat(flags, spec);
  const npmCli = env.npm_execpath;
  // The npm that started us runs on the Node that started us; a bare `npm` could be another one, for another Node.
  if (npmCli && path.basename(npmCli) === "npm-cli.js")
    return runQuietly(process.execPath, [npmCli].concat(args), { cwd: dir, env });
  return runQuietly("npm", args, { cwd: dir, env });
}

/** Fetches once: the folder gets its final name only when it is complete, so an interrupted fetch leaves nothing behind. */
async function fetchOnce(name, spec, env, finish) {
  const dir = path.join(cacheDir, "toolchain", name);
  if (fs.existsSync(dir)) return dir;
  const started = Date.now();
  say(`fetching ${spec} with npm ...`);
  const draft = `${dir}.${process.pid}`;
  await npmInstall(draft, spec, env);
  if (finish) await finish(draft);
  try {
    fs.renameSync(draft, dir);
  } catch (error) {
    if (!fs.existsSync(dir)) throw error; // else another process was quicker, and its copy is as good
  }
  say(`fetched ${spec} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return dir;
}

/** The folder holding a `node` of that major version: the newest such release, as npm has it for this platform. */
async function fetchNode(major, env) {
  // The npm package `node` is a script that installs one of these; going straight to it needs no script to run.
  const platform = `${process.platform}-${process.arch}`;
  const name = `${platform === "darwin-arm64" ? "node-bin" : "node"}-${platform}`;
  const dir = await fetchOnce(`node-${major}`, `${name}@${major}`, env);
  return path.join(dir, "node_modules", name, "bin");
}

/** The folder holding the `pnpm` that package.json names. */
async function fetchPnpm(env, node) {
  const dir = await fetchOnce(pnpmSpec.replace("@", "-"), pnpmSpec, env, (draft) => {
    // What the package's own install script does: put the platform's binary in place of the placeholder.
    const installer = path.join(draft, "node_modules", "pnpm", "install.js");
    return runQuietly(node, [installer], { env });
  });
  return path.join(dir, "node_modules", "pnpm");
}

/**
 * An environment whose PATH starts with a good Node (of release line `major` when given), and with pnpm when `pnpm` is set.
 * Fetches what is missing, says so on stderr, and leaves the machine's own Node and npm as they are.
 */
async function prepare(options) {
  let env = quietEnvironment(process.env);
  let node = process.execPath;
  if (isGoodNode(process.version, options.major)) env = withPath(env, path.dirname(node));
  else {
    const major = options.major || preferredMajor;
    const dir = await fetchNode(major, env);
    node = path.join(dir, "node");
    env = withPath(env, dir);
  }
  if (options.pnpm && versionOf("pnpm", env).split(".")[0] !== String(pnpmMajor))
    env = withPath(env, await fetchPnpm(env, node));
  return { env, node };
}

module.exports = { cacheDir, prepare, root, say };
