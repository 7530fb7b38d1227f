// The two processes of the example, started one by one: an exchange that stays, and traders that come and go.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startProgram } from "./subprocess.mjs";
import { cleanEnv, exampleDist, root } from "./workspace.mjs";

const register = pathToFileURL(join(root, "packages/node/dist/register.js")).href;

/** Starts the exchange, unobserved, with an orders log; resolves when it listens: `{ program, spot, usdm, ordersLog }`. */
export async function startExchange(folder, args = []) {
  const ordersLog = join(folder, "exchange-orders.jsonl");
  const main = join(exampleDist, "exchange/main.js");
  const program = startProgram(process.execPath, [main, "--orders-log", ordersLog, ...args], { env: cleanEnv() });
  const line = await program.until("the exchange is ready", () =>
    program
      .stdout()
      .split("\n")
      .slice(0, -1)
      .find((text) => text.includes('"ready"')),
  );
  const { spotPort, usdmPort } = JSON.parse(line);
  return { program, ordersLog, spot: `127.0.0.1:${spotPort}`, usdm: `127.0.0.1:${usdmPort}` };
}

/** Starts a trader on that exchange with telemetry from `env`; log lines only from warnings on. */
export function startTrader({ spot, usdm }, { args = [], env = {}, uid, gid }) {
  const urls = [
    ...["--spot-ws", `ws://${spot}`, "--spot-rest", `http://${spot}`],
    ...["--usdm-ws", `ws://${usdm}`, "--usdm-rest", `http://${usdm}`],
  ];
  const node = ["--import", register, join(exampleDist, "trader/main.js")];
  const settings = { TELEMETRY_ENABLED: "true", TELEMETRY_PROMETHEUS_PORT: "0", LOG_LEVEL: "warn", ...env };
  return startProgram(process.execPath, [...node, ...urls, ...args], { env: cleanEnv(settings), uid, gid });
}

/** Arguments that make a trader send orders as fast as they are answered: every signal pays, positions hardly end. */
export const EAGER = [
  ...["--quantity", "0.001", "--max-position", "1000", "--max-notional", "100000000"],
  ...["--cash", "100000000", "--inventory", "1000", "--cooldown-ms", "0"],
  ...["--fair-basis-bps", "0", "--signal-threshold-bps=-50", "--open-threshold-bps=-50", "--close-threshold-bps=-50"],
];

/** Arguments for an exchange that keeps up with it. */
export const PATIENT = ["--unlimited", "--latency-ms", "1", "--reject-ratio", "0"];

/** The file of an orders log, as a list for `createTail`. */
export function ordersFiles({ ordersLog }) {
  return existsSync(ordersLog) ? [ordersLog] : [];
}
