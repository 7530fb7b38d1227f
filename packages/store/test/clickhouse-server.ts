// The ClickHouse engine for tests: the package `chdb` in a process of its own, where `TRACEBOOK_CHDB` names a folder that has it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, test } from "vitest";

/** A running engine. */
export interface ClickhouseServer {
  readonly url: string;
  /** Ends it, and removes what it has stored. */
  stop(): Promise<void>;
}

/** A store has some thousand files, and a suite many stores. */
const STOP_TIMEOUT_MS = 180_000;
const PROGRAM = fileURLToPath(new URL("./fixtures/clickhouse-process.ts", import.meta.url));

/** The folder whose `node_modules` has `chdb`; undefined where there is none, said in a line. */
export function chdbFolder(): string | undefined {
  const folder = process.env["TRACEBOOK_CHDB"] ?? "";
  if (folder !== "" && existsSync(join(folder, "node_modules", "chdb"))) return resolve(folder);
  console.log(
    folder === ""
      ? "tests on ClickHouse are skipped: TRACEBOOK_CHDB names no folder with node_modules/chdb"
      : `tests on ClickHouse are skipped: TRACEBOOK_CHDB is ${folder}, which has no node_modules/chdb`,
  );
  return undefined;
}

/** Declares tests that have an engine of their own, or one test that is skipped, of the same name. */
export function describeOnClickhouse(name: string, declare: (url: () => string) => void): void {
  const folder = chdbFolder();
  if (folder === undefined) {
    test.skipIf(true)(name, () => {});
    return;
  }
  describe(name, () => {
    let server: ClickhouseServer;
    beforeAll(async () => {
      server = await startClickhouse(folder);
    });
    afterAll(() => server.stop(), STOP_TIMEOUT_MS);
    declare(() => server.url);
  });
}

/** Starts the engine of {@link chdbFolder} on a free port. */
export async function startClickhouse(folder: string): Promise<ClickhouseServer> {
  const data = mkdtempSync(join(tmpdir(), "tracebook-clickhouse-"));
  const child = spawn(process.execPath, [PROGRAM, folder, data], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const [port] = await Promise.race([
    once(child.stdout.setEncoding("utf8"), "data") as Promise<[string]>,
    ended.then(() => Promise.reject(new Error(`the ClickHouse engine of ${folder} did not start`))),
  ]);
  return {
    url: `http://127.0.0.1:${port.trim()}`,
    async stop() {
      // By itself it would end its merges first.
      child.kill("SIGKILL");
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
}
