// Starts of the signal bot that cannot succeed: each says in one line what to do, and ends with code 1.
import assert from "node:assert/strict";
import { join } from "node:path";
import { endOf, startProgram } from "./subprocess.mjs";
import { until } from "./until.mjs";
import { cleanEnv, freePorts, root, scratchFolder } from "./workspace.mjs";

const main = join(root, "examples/signal-bot/dist/main.js");

/** Checks them beside a PostgreSQL and a Redis that are well. */
export async function checkRefusals({ databaseUrl, redisUrl }) {
  const closed = await freePorts(1);
  const good = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
  const cases = [
    [{ DATABASE_URL: databaseUrl.replace(/[^/]*$/, "nowhere") }, /has no database nowhere: .* in DATABASE_URL$/],
    [{ DATABASE_URL: databaseUrl.replace("://bot", "://stranger") }, /the user stranger.* DATABASE_URL/],
    [{ DATABASE_URL: `postgres://bot@127.0.0.1:${closed}/postgres` }, /is not there: .* in DATABASE_URL$/],
    [{ DATABASE_URL: "postgres://bot:a#b@127.0.0.1/postgres" }, /^signal-bot: DATABASE_URL is not a URL: .*%23/],
    [{ REDIS_URL: `redis://127.0.0.1:${closed}` }, /is not there: .* in REDIS_URL$/],
    [{ REDIS_URL: redisUrl.replace(/:[^:@]*@/, ":wrong-password@") }, /lets nobody in with what REDIS_URL says/],
    [{ REDIS_URL: redisUrl.replace(/:[^:@]*@/, "") }, /lets nobody in with what REDIS_URL says/],
    [{ LOG_LEVEL: "loud" }, /^signal-bot: LOG_LEVEL loud: give one of /],
  ];
  await Promise.all(cases.map(([wrong, line]) => refuse({ ...good, ...wrong }, line)));
  return `${cases.length} ways`;
}

async function refuse(env, expected) {
  const flags = ["--backend-port", "0", "--bot-port", "0", "--out", scratchFolder("signal-bot-refused")];
  const program = startProgram(process.execPath, [main, ...flags], { cwd: root, env: cleanEnv(env) });
  try {
    await until("it has given up", () => program.hasEnded());
    assert.equal(endOf(await program.exit), "exit code 1", program.stderr());
    const line = program
      .stderr()
      .split("\n")
      .find((text) => text.startsWith("signal-bot: "));
    assert.match(String(line), expected);
    assert.doesNotMatch(`${program.stdout()}${program.stderr()}`, /wrong-password|planted-[a-z]+-password/);
  } finally {
    await program.stop();
  }
}
