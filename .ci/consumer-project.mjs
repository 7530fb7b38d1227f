// A user's project: a fresh folder outside the workspace with the tarballs installed by npm, and small programs that use them.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { run } from "./program.mjs";

const root = resolve(import.meta.dirname, "..");
const consumers = join(root, ".ci", "consumers");
const toolchain = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies;

function withNode(major, command, args, folder, env = {}) {
  return run(join(root, ".ci", "with-node"), [String(major), command, ...args], {
    cwd: folder,
    env: { ...plainEnvironment(), ...env },
  });
}

/** The environment without what this run set for itself: a consumer starts with the defaults. */
function plainEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(TELEMETRY_|OTEL_|npm_|NODE_OPTIONS$)/.test(name));
  return Object.fromEntries(kept);
}

/** Makes the folder and lets npm, run by that Node, install all tarballs at once; each finds the others by version. */
export function installConsumer(folder, packages, major) {
  mkdirSync(folder);
  cpSync(consumers, folder, { recursive: true });
  const tarballs = packages.map((pack) => [pack.name, `file:${pack.tarball}`]);
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: Object.fromEntries(tarballs),
    devDependencies: { typescript: toolchain.typescript, "@types/node": toolchain["@types/node"] },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  withNode(major, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  return withNode(major, "node", ["--version"], folder).trim();
}

/**
 * Runs every program in the folder (.mjs as a module, .cjs by `require`, .ts with its types taken off by Node), the TypeScript
 * compiler over the .ts ones as both kinds of project resolve imports, and the command.
 */
export async function runConsumers(folder, major, stage) {
  const programs = readdirSync(consumers).filter((file) => /\.(mjs|cjs|ts)$/.test(file));
  for (const file of programs.sort()) {
    await stage.check(`Node ${major}: ${file} runs`, () => void withNode(major, "node", [file], folder));
  }
  await stage.check(`Node ${major}: esm.mjs runs with telemetry on, started by --import`, () => {
    withNode(major, "node", ["--import", "@tracebook/node/register", "esm.mjs"], folder, { TELEMETRY_ENABLED: "true" });
    return `journal: ${journalLines(folder)} lines`;
  });
  for (const config of readdirSync(consumers)
    .filter((file) => /^tsconfig\..*json$/.test(file))
    .sort()) {
    const compiler = join("node_modules", "typescript", "bin", "tsc");
    await stage.check(`Node ${major}: types, ${basename(config, ".json")}`, () => {
      withNode(major, "node", [compiler, "--project", config], folder);
    });
  }
  await stage.check(`Node ${major}: the command`, () => {
    withNode(major, join("node_modules", ".bin", "tracebook"), ["--help"], folder);
  });
}

/** The lines of the journal that a program with telemetry on left in its folder; throws when there are none. */
function journalLines(folder) {
  const events = join(folder, "data", "events");
  const files = readdirSync(events, { recursive: true }).filter((file) => file.endsWith(".jsonl"));
  const lines = files.flatMap((file) => readFileSync(join(events, file), "utf8").trim().split("\n"));
  if (!lines.some((line) => JSON.parse(line).event_type === "decision")) throw new Error("no decision in the journal");
  return lines.length;
}
