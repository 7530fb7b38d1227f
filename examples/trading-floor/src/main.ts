/** `npm start`: an exchange, two bots and the desk as observed processes, what they do on the terminal, and a summary at the end. */
import { mkdirSync } from "node:fs";
import { parseLaunchOptions, USAGE } from "./launch-options.ts";
import { Run } from "./run.ts";

async function main(): Promise<void> {
  const options = parseLaunchOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (options === "help") {
    process.stdout.write(USAGE);
    return;
  }
  mkdirSync(options.out, { recursive: true });
  const run = new Run(options);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => run.end());
  process.exitCode = await run.toTheEnd();
}

main().catch((error: unknown) => {
  process.stderr.write(`trading-floor: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
