// A real Prometheus on a free port, and what it is asked.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers } from "./collector-run.mjs";
import { startProgram } from "./subprocess.mjs";
import { freePorts, scratchFolder } from "./workspace.mjs";

/**
 * Starts Prometheus with a configuration (text) and files beside it (`{ name: text }`), and with features that are off by default;
 * resolves when it is ready.
 */
export async function startPrometheusServer(config, files = {}, features = ["exemplar-storage"]) {
  const folder = scratchFolder("prometheus");
  for (const [name, text] of Object.entries({ "prometheus.yml": config, ...files })) {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  }
  const address = `127.0.0.1:${await freePorts(1)}`;
  const program = startProgram("prometheus", [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=${address}`,
    `--enable-feature=${features.join()}`,
  ]);
  await program.until("Prometheus is ready", () => answers(`http://${address}/-/ready`));
  const get = async (path) => {
    const { status, data, error } = await (await fetch(`http://${address}/api/v1/${path}`)).json();
    if (status !== "success") throw new Error(`${path}: ${error}`);
    return data;
  };
  return {
    program,
    address,
    get,
    /** The answer to an instant query: `[{ labels, value }]`. */
    async ask(query) {
      const { result } = await get(`query?query=${encodeURIComponent(query)}`);
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
  };
}
