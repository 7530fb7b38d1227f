// Programs in Go that stages build once and keep: under the user's cache folder, by what they are made of.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const BUILDER = "go.opentelemetry.io/collector/cmd/builder@v0.159.0";
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tracebook", "go-programs");

/** VictoriaLogs: takes OTLP, answers queries; stands in for Loki. */
export const VICTORIA_LOGS = {
  module: "github.com/VictoriaMetrics/VictoriaLogs",
  version: "v1.43.1",
  program: "github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs",
};

/**
 * The Collector of a manifest (a path from the root); `{ path, seconds, wasKept }`. Lines that hold one of `without` are left out:
 * modules that cannot be had everywhere.
 */
export function collectorOf(manifest, { without = [] } = {}) {
  const lines = readFileSync(join(root, manifest), "utf8").split("\n");
  const text = lines.filter((line) => !without.some((part) => line.includes(part))).join("\n");
  return kept(`collector-${digest(`${goVersion()} ${BUILDER} ${text}`)}`, (folder, out) => {
    const builder = kept(`builder-${digest(`${goVersion()} ${BUILDER}`)}`, (folder, out) => {
      go(["install", BUILDER], folder, { GOBIN: folder });
      renameSync(join(folder, "builder"), out);
    });
    const config = join(folder, "builder.yaml");
    writeFileSync(config, text.replace(/^( *output_path:).*$/m, `$1 ${join(folder, "out")}`));
    const name = /^ *name: (\S+)$/m.exec(text)[1];
    run(builder.path, [`--config=${config}`], folder);
    renameSync(join(folder, "out", name), out);
  });
}

/** A program of a module at one version; `{ path, seconds, wasKept }`. */
export function goProgram({ module, version, program }) {
  return kept(
    `${program.split("/").at(-1)}-${digest(`${goVersion()} ${module} ${version} ${program}`)}`,
    (folder, out) => {
      // A module of its own: `go install` would ask for the list of all versions, which not every proxy has.
      writeFileSync(join(folder, "go.mod"), `module build\n\ngo 1.25\n\nrequire ${module} ${version}\n`);
      go(["build", "-mod=mod", "-o", out, program], folder);
    },
  );
}

/** The program of a folder beside this file: `main.go`, and `go.mod.txt` (a `go.mod` would make the folder a module for every tool). */
export function goSource(name) {
  const source = join(import.meta.dirname, name);
  const [code, module] = ["main.go", "go.mod.txt"].map((file) => readFileSync(join(source, file), "utf8"));
  return kept(`${name}-${digest(`${goVersion()} ${module} ${code}`)}`, (folder, out) => {
    writeFileSync(join(folder, "main.go"), code);
    writeFileSync(join(folder, "go.mod"), module);
    go(["build", "-mod=mod", "-o", out, "."], folder);
  });
}

/** What `make(folder, out)` writes to `out`, made once for each name; a build that fails leaves nothing behind. */
function kept(name, make) {
  const path = join(cache, name);
  if (existsSync(path)) return { path, seconds: 0, wasKept: true };
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "tracebook-go-"));
  const startedMs = performance.now();
  try {
    const out = join(folder, "made");
    make(folder, out);
    chmodSync(out, 0o755);
    // Another stage may have been faster; either one is right. The folders may lie on two disks, so no rename.
    const beside = `${path}.${process.pid}`;
    writeFileSync(beside, readFileSync(out), { mode: 0o755 });
    renameSync(beside, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { path, seconds: Math.round((performance.now() - startedMs) / 1000), wasKept: false };
}

let version;
function goVersion() {
  version ??= execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();
  return version;
}

function go(args, folder, env = {}) {
  run("go", args, folder, env);
}

function run(command, args, cwd, env = {}) {
  try {
    execFileSync(command, args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 << 20,
      env: { ...process.env, GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOFLAGS: "", ...env },
    });
  } catch (error) {
    throw new Error(
      `${command} ${args.join(" ")}: ${`${error.stdout ?? ""}${error.stderr ?? error.message}`.slice(-2000)}`,
    );
  }
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
