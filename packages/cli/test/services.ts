// Services as `tracebook doctor` finds them: a file of variables and a folder, and what the command says of them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf, tracebook } from "./tracebook.ts";

/** Variables of a service that sends to `url` (undefined: nobody says where to), as a file, in a folder of its own. */
export function serviceAt(url: string | undefined, more: Readonly<Record<string, string>> = {}) {
  const dir = folderOf();
  const variables = {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_SERVICE_NAME: "basis-trader",
    ...(url === undefined ? {} : { TELEMETRY_OTLP_ENDPOINT: url }),
    TELEMETRY_DIR: dir,
    BOT_METRICS_ENABLED: "false",
    ...more,
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
  const file = join(folderOf(), "service.env");
  writeFileSync(file, lines.join(""));
  return { dir, file };
}

/** Runs the command for such a service. */
export async function doctor(
  url: string | undefined,
  more?: Readonly<Record<string, string>>,
  args: readonly string[] = [],
) {
  const { file, dir } = serviceAt(url, more);
  return { dir, ...(await tracebook(["doctor", "--env", file, ...args])) };
}
