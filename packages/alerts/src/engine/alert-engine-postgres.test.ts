// Engines of several processes on one database of PostgreSQL: one evaluates, and another goes on where it was killed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openPostgresStore } from "@tracebook/store/postgres";
import { describe, expect, onTestFinished, test } from "vitest";
import { HAS_POSTGRES, usePostgres } from "../../../store/test/postgres-database.ts";
import { RULES } from "../../test/killed-stream.ts";
import { expectNothingLost } from "../../test/nothing-lost.ts";
import { toStoredRule } from "../rules/stored-rule.ts";

const SECONDS = 100;
const KILLS = 3;
/** A process is killed when it has begun so many seconds: the last one is left enough of them. */
const SECONDS_EACH = Math.floor(SECONDS / (KILLS + 2));

describe.skipIf(!HAS_POSTGRES)("with a server", () => {
  const databases = usePostgres();

  test("of two processes one evaluates, the other takes over when it is killed, and no alert is lost or notified twice", {
    timeout: 180_000,
  }, async () => {
    const url = await databases.create();
    const store = await openPostgresStore({ url });
    onTestFinished(() => store.close());
    for (const rule of RULES) await store.alerts.saveRule(toStoredRule(rule, "2026-11-20T12:00:00.000000Z"));

    const problems: string[] = [];
    const evaluators = new Set<string>();
    let kills = 0;
    let started = 0;
    const run = async (): Promise<void> => {
      const holder = `engine-${++started}`;
      const child = startEngine(url, holder);
      const ended = once(child, "exit");
      let replaced: Promise<void> | undefined;
      let begun = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        if (line.startsWith("problem")) problems.push(line);
        if (!line.startsWith("at")) continue;
        evaluators.add(holder);
        if (++begun < SECONDS_EACH || kills >= KILLS || replaced !== undefined) continue;
        kills++;
        child.kill("SIGKILL");
        replaced = run();
      }
      await ended;
      await replaced;
    };
    await Promise.all([run(), run()]);

    expect(kills).toBe(KILLS);
    expect(evaluators.size).toBeGreaterThan(2);
    // Whoever was too slow to renew its lease is told so, and commits nothing any more.
    expect(problems.filter((problem) => !problem.includes("The lease evaluator of"))).toEqual([]);
    await expectNothingLost(store, SECONDS);
  });
});

function startEngine(url: string, holder: string) {
  const program = fileURLToPath(new URL("../../test/fixtures/evaluate-beside.ts", import.meta.url));
  const command = ["--conditions=@tracebook/source", "--no-warnings", program, url, holder, String(SECONDS)];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}
