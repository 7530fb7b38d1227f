// `npm start`: PostgreSQL and Redis, the world outside, the backend and the bot; what they do, and a summary at the end.
import { mkdirSync } from "node:fs";
import { parseLaunchOptions, USAGE } from "./launcher/launch-options.ts";
import { createRun } from "./launcher/run.ts";
import { checkServerUrls } from "./shared/server-url.ts";
import { parseLogLevel } from "./shared/service-log.ts";

/** Compiled or not, the processes are beside this file, with the same ending. */
const ENDING = import.meta.url.endsWith(".ts") ? "ts" : "js";

async function main(): Promise<void> {
  const { env } = process;
  const options = parseLaunchOptions(process.argv.slice(2), env.INIT_CWD ?? process.cwd(), env);
  if (options === "help") {
    process.stdout.write(USAGE);
    return;
  }
  // Said here, before anything is started, and not by each process.
  parseLogLevel(env.LOG_LEVEL);
  checkServerUrls(env);
  mkdirSync(options.out, { recursive: true });
  const entryOf = (name: string): URL => new URL(`./${name}/main.${ENDING}`, import.meta.url);
  const run = createRun({ options, env, entryOf });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => run.end());
  process.exitCode = await run.toTheEnd();
}

main().catch((error: unknown) => {
  process.stderr.write(`signal-bot: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
