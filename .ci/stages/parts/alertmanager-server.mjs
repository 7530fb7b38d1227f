// A real Alertmanager on a free port.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers, toYaml } from "./collector-run.mjs";
import { startProgram } from "./subprocess.mjs";
import { freePorts, scratchFolder } from "./workspace.mjs";

/** A configuration that tells nobody. */
export const SILENT = { route: { receiver: "nobody" }, receivers: [{ name: "nobody" }] };

/** Starts Alertmanager with a configuration (an object), without neighbours; resolves when it is ready. */
export async function startAlertmanagerServer(config) {
  const home = scratchFolder("alertmanager");
  writeFileSync(join(home, "alertmanager.yml"), toYaml(config));
  const address = `127.0.0.1:${await freePorts(1)}`;
  const program = startProgram("prometheus-alertmanager", [
    `--config.file=${join(home, "alertmanager.yml")}`,
    `--storage.path=${join(home, "data")}`,
    `--web.listen-address=${address}`,
    "--cluster.listen-address=",
  ]);
  await program.until("Alertmanager is ready", () => answers(`http://${address}/-/ready`));
  return { program, address };
}
