// An engine that is killed at any moment loses no alert, and notifies none twice.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { SECONDS } from "../../test/killed-stream.ts";
import { expectNothingLost } from "../../test/nothing-lost.ts";

const KILLS = 6;
/** A run is killed somewhere within so many seconds of its own time, so that it does not come to its end before the last one. */
const STEP = Math.floor(SECONDS / (KILLS + 1));

test("an engine that is killed while alerts fire and resolve loses none and notifies none twice", {
  timeout: 120_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-alerts-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, "telemetry.db");
  const problems: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) problems.push(...(await run(path, 1 + ((kill * 7) % STEP))));
  problems.push(...(await run(path, undefined)));
  expect(problems).toEqual([]);

  const store = await openSqliteStore({ path });
  onTestFinished(() => store.close());
  await expectNothingLost(store);
});

/** Runs the engine until it has begun so many seconds, and kills it at the begin of the last; undefined: until its end. What it complained of. */
async function run(path: string, seconds: number | undefined): Promise<readonly string[]> {
  const program = fileURLToPath(new URL("../../test/fixtures/evaluate.ts", import.meta.url));
  const command = ["--conditions=@tracebook/source", "--no-warnings", program, path];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const ended = once(child, "exit");
  const problems: string[] = [];
  let left = seconds ?? Number.POSITIVE_INFINITY;
  let isDone = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("problem")) problems.push(line);
    if (line === "done") isDone = true;
    if (line.startsWith("at") && --left === 0) child.kill("SIGKILL");
  }
  await ended;
  expect(isDone).toBe(seconds === undefined);
  return problems;
}
